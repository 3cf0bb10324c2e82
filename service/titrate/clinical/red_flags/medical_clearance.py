"""Medical clearance before a start: a known disease of heart, vessels, metabolism or kidney, and no regular exercise.

After the logic of ACSM 2015 (section C). Symptoms and signs stop by the red flags. Once a plan has begun it is settled.
"""

from __future__ import annotations

from datetime import date

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind

CLEARANCE_QUESTION = "exercise-clearance"
# Of these also what is over counts: the disease behind it stays.
LASTING_CONDITIONS = frozenset(
    {
        "aortic-stenosis", "atrial-fibrillation", "heart-failure", "decompensated-heart-failure",
        "ischaemic-heart-disease", "myocardial-infarction", "peripheral-artery-disease", "stroke",
    }
)  # fmt: skip
ACTIVE_CONDITIONS = frozenset({"diabetes", "kidney-disease"})


def uncleared_diagnoses(record: PatientRecord) -> tuple[Diagnosis, ...]:
    """The diagnoses for which a first dose waits for a clinician's clearance; none once a plan has begun."""
    begun = record.plan.started is not None or any(e.dose for e in record.plan.exercises)
    if begun or _exercises(record):
        return ()
    cleared = _cleared_on(record)
    return tuple(d for d in record.diagnoses if _asks(d) and not _settled(d, cleared))


def _asks(d: Diagnosis) -> bool:
    lasting = d.active or d.kind is DiagnosisKind.PAST_CONDITION
    return (lasting and d.concept in LASTING_CONDITIONS) or (d.active and d.concept in ACTIVE_CONDITIONS)


def _settled(d: Diagnosis, cleared: date | None) -> bool:
    """A clearance settles what was listed up to its day; what nobody dated is settled by any."""
    return cleared is not None and (not d.stamp.dated or d.stamp.day <= cleared)


def _cleared_on(record: PatientRecord) -> date | None:
    """The day of the newest clearance, if it says yes. Only a clinician's is read; a preliminary one does not help."""
    finals = [a for a in record.answered.get(CLEARANCE_QUESTION, ()) if not a.stamp.preliminary]
    return finals[-1].stamp.day if record.is_confirmed(CLEARANCE_QUESTION) else None


def _exercises(record: PatientRecord) -> bool:
    """Whether regular exercise is known: on enough days a week, long enough, and lately. Unknown is no."""
    book = record.rulebook
    numbers = book.numbers
    for what, least in (("exercise-days", numbers.active_days), ("exercise-minutes", numbers.active_minutes)):
        found = record.worst_newest(what, low=True)
        old = found is None or record.days_ago(found.stamp.day) > book.numbers.active_recent_days
        if found is None or old or found.value < least:
            return False
    return True
