"""New medicines that need a review before any dose rises (RF25)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Medication
from titrate.clinical.values.rulebook import Urgency
from titrate.messages import red_flags as messages

NEW_MEDICINES = frozenset({"anticoagulant", "opioid", "sedative", "fluoroquinolone", "steroid"})
# Groups in which a renewal counts as new unless its daily dose is known not to have risen.
# Fluoroquinolones are in neither set: each course is a new one.
_RENEWED_BY_DOSE = frozenset({"opioid", "sedative", "steroid"})
_RENEWED_BY_NAME = frozenset({"anticoagulant"})


def new_medicine_findings(record: PatientRecord) -> Iterable[Finding]:
    """New medicines of the listed groups."""
    for m in record.medicines:
        if m.group in NEW_MEDICINES and _is_new(record, m) and not _is_renewal(record, m):
            since = m.stamp.when if m.stamp.dated else None
            yield Finding(since, m.stamp.source, messages.NewMedicine(group=str(m.group)), Urgency.E2)


def _is_new(record: PatientRecord, medicine: Medication) -> bool:
    """Listed since the programme began or, before a programme, in recent days; without a date, while it is active."""
    if not medicine.stamp.dated:
        return medicine.active
    if record.plan.started is not None:
        return medicine.stamp.day >= record.plan.started
    return record.days_ago(medicine.stamp.day) <= record.rulebook.numbers.medicine_new_days


def _is_renewal(record: PatientRecord, medicine: Medication) -> bool:
    """Whether the same medicine was listed before, was not halted since, and its dose has not risen."""
    before = _earlier_entries(record, medicine)
    if not any(not _is_new(record, m) for m in before):
        return False
    newest = max(m.stamp.day for m in before)
    last = [m for m in before if m.stamp.day == newest]
    if any(m.halted for m in last):
        return False
    return medicine.group in _RENEWED_BY_NAME or (
        medicine.group in _RENEWED_BY_DOSE and all(_not_increased(medicine, m) for m in last)
    )


def _earlier_entries(record: PatientRecord, medicine: Medication) -> list[Medication]:
    """Earlier entries of the same medicine, by a code or an ingredient."""
    if not medicine.stamp.dated:
        return []
    return [
        m for m in record.medicines
        if m.group == medicine.group and m.stamp.dated and m.stamp.day < medicine.stamp.day
        and not {*m.names}.isdisjoint(medicine.names)
    ]  # fmt: skip


def _not_increased(now: Medication, before: Medication) -> bool:
    """Whether a course continues at no higher dose; an unknown dose may have risen."""
    return before.active and now.daily is not None and before.daily is not None and now.daily <= before.daily


MEDICINE_FINDERS: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {"rf25": new_medicine_findings}
