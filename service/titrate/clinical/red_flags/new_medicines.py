"""New medicines (RF25): what asks for a look before anything rises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Medication
from titrate.clinical.values.rulebook import Urgency

NEW_MEDICINES = frozenset({"anticoagulant", "opioid", "sedative", "fluoroquinolone", "steroid"})
# Groups of which more may be taken by the same name: a renewal is a rise where the dose of a day rose, or is not told.
# A fluoroquinolone is in neither list: each course is a new one.
_BY_DOSE = frozenset({"opioid", "sedative", "steroid"})
_BY_NAME = frozenset({"anticoagulant"})


def new_medicine_findings(record: PatientRecord) -> Iterable[Finding]:
    """Medicines that ask for a look before anything rises."""
    for m in record.medicines:
        if m.group in NEW_MEDICINES and _is_late(record, m) and not _renewed(record, m):
            since = m.stamp.when if m.stamp.dated else None
            yield Finding(since, m.stamp.source, f"new medicine: {m.group}", Urgency.E2)


def _is_late(record: PatientRecord, medicine: Medication) -> bool:
    """Listed since the programme began, or lately where there is none; without a date nobody can say that it is old."""
    if not medicine.stamp.dated:
        return medicine.active
    if record.plan.started is not None:
        return medicine.stamp.day >= record.plan.started
    return record.days_ago(medicine.stamp.day) <= record.rulebook.numbers.medicine_new_days


def _renewed(record: PatientRecord, medicine: Medication) -> bool:
    """Whether the same medicine was listed already before what is late, was not halted since, and is no more now."""
    before = _before(record, medicine)
    if not any(not _is_late(record, m) for m in before):
        return False
    newest = max(m.stamp.day for m in before)
    last = [m for m in before if m.stamp.day == newest]
    if any(m.halted for m in last):
        return False
    return medicine.group in _BY_NAME or (medicine.group in _BY_DOSE and all(_no_more(medicine, m) for m in last))


def _before(record: PatientRecord, medicine: Medication) -> list[Medication]:
    """Earlier entries of the same medicine, by a code or an ingredient."""
    if not medicine.stamp.dated:
        return []
    return [
        m for m in record.medicines
        if m.group == medicine.group and m.stamp.dated and m.stamp.day < medicine.stamp.day
        and not {*m.names}.isdisjoint(medicine.names)
    ]  # fmt: skip


def _no_more(now: Medication, before: Medication) -> bool:
    """Whether a course goes on, at no higher dose; where either is not told it may be a rise."""
    return before.active and now.daily is not None and before.daily is not None and now.daily <= before.daily


TAKEN: Mapping[str, Callable[[PatientRecord], Iterable[Finding]]] = {"rf25": new_medicine_findings}
