"""Medical clearance before a start: known disease of heart, vessels, metabolism or kidney, and no regular exercise.

It follows ACSM 2015 (section C). Symptoms and signs are red flags instead. A plan that has begun needs no clearance.
"""

from __future__ import annotations

from datetime import date

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind

CLEARANCE_QUESTION = "exercise-clearance"
# These count in the past as well, because the underlying disease remains.
LASTING_CONDITIONS = frozenset(
    {
        "aortic-stenosis", "atrial-fibrillation", "heart-failure", "decompensated-heart-failure",
        "ischaemic-heart-disease", "myocardial-infarction", "peripheral-artery-disease", "stroke",
    }
)  # fmt: skip
ACTIVE_CONDITIONS = frozenset({"diabetes", "kidney-disease"})


def uncleared_diagnoses(record: PatientRecord) -> tuple[Diagnosis, ...]:
    """The diagnoses for which a first dose waits for a clinician's clearance; empty once a plan has begun."""
    begun = record.plan.started is not None or any(e.dose for e in record.plan.exercises)
    if begun or _exercises_regularly(record):
        return ()
    cleared = _cleared_on(record)
    return tuple(d for d in record.diagnoses if _needs_clearance(d) and not _is_cleared(d, cleared))


def _needs_clearance(d: Diagnosis) -> bool:
    lasting = d.active or d.kind is DiagnosisKind.PAST_CONDITION
    return (lasting and d.concept in LASTING_CONDITIONS) or (d.active and d.concept in ACTIVE_CONDITIONS)


def _is_cleared(d: Diagnosis, cleared: date | None) -> bool:
    """A clearance covers diagnoses listed up to its date, and those without a date."""
    return cleared is not None and (not d.stamp.dated or d.stamp.day <= cleared)


def _cleared_on(record: PatientRecord) -> date | None:
    """The date of the newest final clearance, if it says yes. Readings hold a clinician's clearances only."""
    finals = [a for a in record.answered.get(CLEARANCE_QUESTION, ()) if not a.stamp.preliminary]
    return finals[-1].stamp.day if record.is_confirmed(CLEARANCE_QUESTION) else None


def _exercises_regularly(record: PatientRecord) -> bool:
    """Whether regular exercise is known: on enough days a week, long enough, and recent. Unknown counts as no."""
    numbers = record.rulebook.numbers
    for what, least in (("exercise-days", numbers.active_days), ("exercise-minutes", numbers.active_minutes)):
        found = record.worst_newest(what, low=True)
        old = found is None or record.days_ago(found.stamp.day) > numbers.active_recent_days
        if found is None or old or found.value < least:
            return False
    return True
