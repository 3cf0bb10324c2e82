"""Who bounds a dose from above: a clinician's limit, another author's plan, a dose that a person set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.readings import DoseLimit, Reporter, Source

KILOGRAM = "kg"


@dataclass(frozen=True, slots=True)
class DoseCap:
    """The highest amount of a session, in the dose's unit, or the highest load in kg; `by` says in words who set it."""

    value: Decimal
    unit: str
    by: str
    sources: tuple[Source, ...] = ()

    @property
    def words(self) -> str:
        """`the limit of 21 min set by a clinician on 2025-01-04 (Observation/l)`."""
        return f"the limit of {amount_words(self.value, self.unit)} set by {self.by}"


@dataclass(frozen=True, slots=True)
class Breach:
    """An amount or a load that lies above its bound, in the unit of the bound."""

    value: Decimal
    bound: DoseCap


def amount_words(value: Decimal, unit: str) -> str:
    """`21 min`, `30 repetitions`."""
    return f"{value:f} {unit.strip('{}')}"


def dose_cap(record: PatientRecord, exercise: str) -> tuple[Decimal | None, Decimal | None]:
    """The highest amount a session and the highest load in kg that anyone allows for an exercise; None is no bound."""
    amount, load = dose_caps(record, exercise)
    return None if amount is None else amount.value, None if load is None else load.value


def breaches(record: PatientRecord, exercise: str, dose: Dose) -> tuple[Breach, ...]:
    """Where a dose lies above what anyone allows for its exercise: its load, its amount, or both."""
    amount, load = dose_caps(record, exercise)
    pairs = ((dose.load, load), (dose.amount, amount))
    return tuple(Breach(x, bound) for x, bound in pairs if x is not None and bound is not None and x > bound.value)


def dose_caps(record: PatientRecord, exercise: str) -> tuple[DoseCap | None, DoseCap | None]:
    """The lowest bound of the amount of a session and of the load; None where nobody set one."""
    found = tuple(_all(record, exercise))
    amounts, loads = (tuple(b for b in found if (b.unit == KILOGRAM) is load) for load in (False, True))
    return min(amounts, key=_value, default=None), min(loads, key=_value, default=None)


def _value(bound: DoseCap) -> Decimal:
    return bound.value


def _all(record: PatientRecord, exercise: str) -> Iterator[DoseCap]:
    for dose, by in _bounding_doses(record, exercise):
        yield DoseCap(dose.amount, dose.unit, by)
        if dose.load is not None:
            yield DoseCap(dose.load, KILOGRAM, by)
    for load in (True, False) if record.dose_limits else ():
        limited = _newest_limit(record, exercise, load=load)
        if limited is not None:
            source = limited.stamp.source
            by = f"a clinician on {limited.stamp.day} ({source.reference})"
            yield DoseCap(limited.amount, limited.unit, by, (source,))


def _bounding_doses(record: PatientRecord, exercise: str) -> Iterator[tuple[Dose, str]]:
    plan = record.plan
    changed = [o for o in plan.overrides if o.exercise == exercise and o.element.startswith(("dose", "quantity"))]
    for state in plan.exercises:
        if state.exercise == exercise and state.dose and changed:
            yield state.dose, f"a person in {changed[0].reference}"
    for bound in plan.bounds:
        if bound.exercise == exercise:
            whose = "a person in" if bound.plan == plan.reference else "another author's plan,"
            yield bound.dose, f"{whose} {bound.plan}"


def _newest_limit(record: PatientRecord, exercise: str, *, load: bool) -> DoseLimit | None:
    found = [
        d
        for d in record.dose_limits
        if d.exercise == exercise and (d.unit == KILOGRAM) is load and d.stamp.reporter is Reporter.PRACTITIONER
    ]
    finals = [d for d in found if not d.stamp.preliminary]
    day = finals[-1].stamp.day if finals else None
    return min((d for d in found if d.stamp.preliminary or d.stamp.day == day), key=_amount, default=None)


def _amount(limited: DoseLimit) -> Decimal:
    return limited.amount
