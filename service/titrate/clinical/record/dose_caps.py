"""Upper limits on a dose and who set them: a clinician's limit, another author's plan, a dose changed in the EHR."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.quantity import shown_load
from titrate.clinical.values.readings import DoseLimit, Reporter, Source
from titrate.messages import Message
from titrate.messages import record as messages

KILOGRAM = "kg"


@dataclass(frozen=True, slots=True)
class DoseCap:
    """The highest amount of a session, in the dose's unit, or the highest load in kg; `author` names who set it."""

    value: Decimal
    unit: str
    author: Message
    sources: tuple[Source, ...] = ()

    @property
    def message(self) -> Message:
        """`the limit of 21 min set by a clinician on 2025-01-04 (Observation/l)`."""
        return messages.CapOfDose(amount=amount_words(self.value, self.unit), author=self.author)


@dataclass(frozen=True, slots=True)
class Breach:
    """An amount or a load above its cap, in the unit of the cap."""

    value: Decimal
    cap: DoseCap


def amount_words(value: Decimal, unit: str) -> str:
    """`21 min`, `30 repetitions`; a load is rounded for reading."""
    return f"{shown_load(value) if unit == KILOGRAM else value:f} {unit.strip('{}')}"


def dose_cap(record: PatientRecord, exercise: str) -> tuple[Decimal | None, Decimal | None]:
    """The highest allowed amount of a session and the highest allowed load in kg; None without a cap."""
    amount, load = dose_caps(record, exercise)
    return None if amount is None else amount.value, None if load is None else load.value


def breaches(record: PatientRecord, exercise: str, dose: Dose) -> tuple[Breach, ...]:
    """Where a dose exceeds the caps of its exercise: in its load, its amount, or both."""
    amount, load = dose_caps(record, exercise)
    pairs = ((dose.load, load), (dose.amount, amount))
    return tuple(Breach(x, cap) for x, cap in pairs if x is not None and cap is not None and x > cap.value)


def dose_caps(record: PatientRecord, exercise: str) -> tuple[DoseCap | None, DoseCap | None]:
    """The lowest cap on the amount of a session and the lowest cap on the load; None without one."""
    found = tuple(_all_caps(record, exercise))
    amounts, loads = (tuple(c for c in found if (c.unit == KILOGRAM) is load) for load in (False, True))
    return min(amounts, key=_value, default=None), min(loads, key=_value, default=None)


def _value(cap: DoseCap) -> Decimal:
    return cap.value


def _all_caps(record: PatientRecord, exercise: str) -> Iterator[DoseCap]:
    for dose, author in _capping_doses(record, exercise):
        yield DoseCap(dose.amount, dose.unit, author)
        if dose.load is not None:
            yield DoseCap(dose.load, KILOGRAM, author)
    for load in (True, False) if record.dose_limits else ():
        limit = _newest_limit(record, exercise, load=load)
        if limit is not None:
            source = limit.stamp.source
            clinician = messages.CapByClinician(day=limit.stamp.day, reference=source.reference)
            yield DoseCap(limit.amount, limit.unit, clinician, (source,))


def _capping_doses(record: PatientRecord, exercise: str) -> Iterator[tuple[Dose, Message]]:
    plan = record.plan
    changed = [o for o in plan.overrides if o.exercise == exercise and o.element.startswith(("dose", "quantity"))]
    for state in plan.exercises:
        if state.exercise == exercise and state.dose and changed:
            yield state.dose, messages.CapByEdit(reference=changed[0].reference)
    for bound in plan.bounds:
        if bound.exercise == exercise:
            yield bound.dose, _author(bound.plan, plan.reference)


def _author(reference: str, plan_in_force: str | None) -> Message:
    if reference == plan_in_force:
        return messages.CapByEdit(reference=reference)
    other = messages.CapByOtherOrder if reference.startswith("ServiceRequest/") else messages.CapByOtherPlan
    return other(reference=reference)


def _newest_limit(record: PatientRecord, exercise: str, *, load: bool) -> DoseLimit | None:
    """A clinician's newest final limit, or a stricter preliminary one."""
    found = [
        d
        for d in record.dose_limits
        if d.exercise == exercise and (d.unit == KILOGRAM) is load and d.stamp.reporter is Reporter.PRACTITIONER
    ]
    finals = [d for d in found if not d.stamp.preliminary]
    day = finals[-1].stamp.day if finals else None
    return min((d for d in found if d.stamp.preliminary or d.stamp.day == day), key=_amount, default=None)


def _amount(limit: DoseLimit) -> Decimal:
    return limit.amount
