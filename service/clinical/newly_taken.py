"""New medicines (RF25): what asks for a look before anything rises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from service.clinical.readings import Medicated
from service.clinical.record import Record
from service.clinical.rulebook import Urgency
from service.clinical.sign import Sign

NEW_MEDICINES = frozenset({"anticoagulant", "opioid", "sedative", "fluoroquinolone", "steroid"})


def new_medicine(record: Record) -> Iterable[Sign]:
    """Medicines that ask for a look before anything rises."""
    for m in record.medicines:
        if m.group in NEW_MEDICINES and _is_new(record, m):
            since = m.stamp.when if m.stamp.dated else None
            yield Sign(since, m.stamp.source, f"new medicine: {m.group}", Urgency.E2)


def _is_new(record: Record, medicine: Medicated) -> bool:
    """Begun since the programme began, or lately where there is none; without a date nobody can say that it is old."""
    if not medicine.stamp.dated:
        return medicine.active
    if record.plan.started is not None:
        return medicine.stamp.day >= record.plan.started
    return record.days_ago(medicine.stamp.day) <= record.rulebook.number("MEDICINE_NEW_DAYS")


TAKEN: Mapping[str, Callable[[Record], Iterable[Sign]]] = {"rf25": new_medicine}
