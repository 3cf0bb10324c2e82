"""A patient's own limits and upper limits on a dose: who set them and since when.

The rulebook's defaults apply where no clinician set a limit. A dose is capped by a clinician's limit, another author's
plan, or a dose changed in the EHR.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.plan import Dose, EditedElement, Phase
from titrate.clinical.values.quantity import shown_load
from titrate.clinical.values.readings import DoseLimit, Measurement, ReadingSource, Reporter, Source
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.messages import record as messages

CEILING, RPE, HEART_RATE = "pain-ceiling", "rpe-cap", "heart-rate-limit"
KILOGRAM = "kg"
_DOSE_LIMIT = "dose-limit."


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in force. `since` and `source` are None for the rulebook's default."""

    name: str
    value: Decimal
    unit: str
    since: date | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that apply to a decision; the heart-rate limit is None unless a clinician set one.

    `renewed` is the later of the newest limit and the approval of the plan: rule G14 counts from it. `set_twice` names
    limits that were set to different values on one day.
    """

    ceiling: Limit
    rpe_cap: Limit
    heart_rate: Limit | None
    renewed: date | None
    set_twice: tuple[str, ...]

    @property
    def all(self) -> tuple[Limit, ...]:
        """Every limit in force."""
        found = (self.ceiling, self.rpe_cap, self.heart_rate)
        return tuple(limit for limit in found if limit is not None)


def is_limit(measure: str) -> bool:
    """Whether a measure, or a component of a report, is a clinician's limit."""
    return measure in (CEILING, RPE, HEART_RATE) or measure.startswith(_DOSE_LIMIT)


def is_applicable(record: PatientRecord, limit: DoseLimit) -> bool:
    """Whether a limit can bound doses of its exercise: it is one of the load, or in the unit of the amount."""
    return limit.unit in (KILOGRAM, record.rulebook.exercises[limit.exercise].amount_unit)


def limits_of(record: PatientRecord) -> Limits:
    """The newest limit of each kind that a clinician set, of two on one day the stricter; else the rulebook's."""
    book = record.rulebook
    ceiling = _set_limit(record, CEILING, "PAIN_CEILING") or Limit(CEILING, book.numbers.pain_ceiling, "{score}")
    rpe = _set_limit(record, RPE, "RPE_CAP") or Limit(RPE, book.numbers.rpe_cap, "{score}")
    heart = _set_limit(record, HEART_RATE, None)
    dated = [x.since for x in (ceiling, rpe, heart) if x and x.since]
    dated += [d.stamp.day for d in record.dose_limits if _is_final(d.stamp)]
    if record.plan.approved:
        dated.append(record.plan.approved)
    set_twice = tuple(n for n in (CEILING, RPE, HEART_RATE) if _set_twice(record, n))
    return Limits(ceiling, rpe, heart, max(dated, default=None), set_twice)


def _set_limit(record: PatientRecord, name: str, constant: str | None) -> Limit | None:
    if name not in record.measured:
        return None
    finals = [m for m in _final_limits(record, name) if _in_range(record, m, constant)]
    unit = record.rulebook.constants[constant].unit if constant else "/min"
    limit = record.rulebook.constants[constant].value if constant else None
    final, since = None, None
    if finals:
        since = finals[-1].stamp.day
        final = min((m for m in finals if m.stamp.day == since), key=lambda m: m.value)
        limit = final.value
    preliminary = [m for m in _preliminary(record, name) if since is None or m.stamp.day >= since]
    strictest = min((m for m in preliminary if limit is None or m.value < limit), key=lambda m: m.value, default=final)
    return None if strictest is None else Limit(name, strictest.value, unit, since, strictest.stamp.source)


def _final_limits(record: PatientRecord, name: str) -> list[Measurement]:
    return [m for m in record.measured.get(name, ()) if _is_final(m.stamp)]


def _preliminary(record: PatientRecord, name: str) -> list[Measurement]:
    """A clinician's preliminary limits: they apply only where they are stricter."""
    found = record.measured.get(name, ())
    return [m for m in found if m.stamp.reporter is Reporter.PRACTITIONER and m.stamp.preliminary]


def _is_final(stamp: ReadingSource) -> bool:
    """Whether a clinician set it and it is not preliminary."""
    return stamp.reporter is Reporter.PRACTITIONER and not stamp.preliminary


def _in_range(record: PatientRecord, limit: Measurement, constant: str | None) -> bool:
    # A limit above the range is a mistake; one below it is stricter, and stricter is safe.
    high = record.rulebook.constants[constant].high if constant else None
    return high is None or limit.value <= high


def _set_twice(record: PatientRecord, name: str) -> bool:
    found = _final_limits(record, name)
    if not found or record.days_ago(found[-1].stamp.day) > record.rulebook.numbers.conflict_days:
        return False
    return len({m.value for m in found if m.stamp.day == found[-1].stamp.day}) > 1


def exertion_cap(phase: Phase, cap: Decimal, book: Rulebook) -> Decimal:
    """The highest allowed exertion (CR10) in a phase: the cap, and in a flare at most the limit for flares."""
    return min(cap, book.numbers.flare_rpe_max) if phase is Phase.FLARE else cap


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
    changed = [o for o in plan.overrides if o.exercise == exercise and o.element is EditedElement.DOSE]
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
        if d.exercise == exercise
        and (d.unit == KILOGRAM) is load
        and d.stamp.reporter is Reporter.PRACTITIONER
        and is_applicable(record, d)
    ]
    finals = [d for d in found if not d.stamp.preliminary]
    day = finals[-1].stamp.day if finals else None
    return min((d for d in found if d.stamp.preliminary or d.stamp.day == day), key=_amount, default=None)


def _amount(limit: DoseLimit) -> Decimal:
    return limit.amount
