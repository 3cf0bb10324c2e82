"""Sessions, tolerance trials and dose limits from their components. An implausible component stays unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.readings import (
    DoseLimit,
    Refusal,
    RefusalReason,
    Reporter,
    SessionReported,
    TrialReported,
)
from titrate.fhir.read.components import Amount, Components
from titrate.fhir.read.read_context import Fault, Item
from titrate.messages.refused_values import (
    AmountMissing,
    DoseLimitByCliniciansOnly,
    ExertionScaleUnmapped,
    PrescribedNotPositive,
    RepetitionsImplausible,
    ScalesConflict,
    SessionUnitsDiffer,
)


def session(components: Components) -> tuple[Item, ...]:
    """One exercise session. It needs a known exercise; every other component can be missing."""
    exercise = components.exercise("session.exercise")
    if exercise is None:
        return tuple(components.refusals)
    sets = _whole(components.number("session.sets"))
    prescribed = _prescribed(components, exercise)
    done = _done(components, exercise, prescribed, sets)
    amount = done or prescribed
    reported = SessionReported(
        exercise=exercise,
        stamp=components.stamp,
        unit=amount[1] if amount else None,
        prescribed=prescribed[0] if prescribed else None,
        done=done[0] if done else None,
        sets=sets,
        load=components.number("session.load"),
        pain_before=components.number("session.pain-before"),
        pain_peak=components.number("session.pain-peak"),
        rpe=_exertion(components),
        last_set=_whole(components.number("session.last-set-repetitions")),
        form=components.choice("session.form"),
        talk_test=components.choice("session.talk-test"),
        stop_reason=components.choice("session.stop-reason"),
        pain_quality=_quality(components),
        heart_rate=components.number("session.heart-rate"),
        compensations=_compensations(components),
        tempo=components.choice("session.tempo") or _unclear(components, "session.tempo"),
    )
    return (reported, *components.refusals)


def trial(components: Components) -> tuple[Item, ...]:
    """One tolerance trial: it needs an exercise and an amount."""
    exercise = components.exercise("trial.exercise")
    if exercise is None:
        return tuple(components.refusals)
    done = components.amount("trial.done", exercise)
    symptom = components.choice("trial.limiting-symptom")
    if done is None:
        return _refused_without(components, "trial.done")
    return (TrialReported(exercise, done[0], done[1], components.stamp, symptom), *components.refusals)


def dose_limit(components: Components) -> tuple[Item, ...]:
    """A clinician's limit for an exercise: of its load in kg, of a session's amount in any other unit."""
    if components.stamp.reporter is not Reporter.PRACTITIONER:
        fault = Fault(RefusalReason.NOT_A_PRACTITIONER, DoseLimitByCliniciansOnly())
        components.refuse("dose-limit.amount", fault)
        return tuple(components.refusals)
    exercise = components.exercise("dose-limit.exercise")
    if exercise is None:
        return tuple(components.refusals)
    limit = components.amount_or_load("dose-limit.amount", exercise)
    if limit is None:
        return tuple(replace(one, exercise=exercise) for one in _refused_without(components, "dose-limit.amount"))
    return (DoseLimit(exercise, limit[0], limit[1], components.stamp), *components.refusals)


def _refused_without(components: Components, what: str) -> tuple[Refusal, ...]:
    if not any(refused.what == what for refused in components.refusals):
        components.refuse(what, Fault(RefusalReason.NO_VALUE, AmountMissing()))
    return tuple(components.refusals)


def _prescribed(components: Components, exercise: str) -> Amount | None:
    amount = components.amount("session.prescribed", exercise)
    if amount is not None and amount[0] <= 0:
        components.refuse("session.prescribed", Fault(RefusalReason.IMPLAUSIBLE, PrescribedNotPositive()))
        return None
    return amount


def _done(components: Components, exercise: str, prescribed: Amount | None, sets: int | None) -> Amount | None:
    done = components.amount("session.done", exercise)
    fault = None if done is None else _done_fault(done, prescribed, sets, components.context.rulebook.numbers)
    if fault is not None:
        components.refuse("session.done", fault)
        return None
    return done


def _done_fault(done: Amount, prescribed: Amount | None, sets: int | None, numbers: ClinicalNumbers) -> Fault | None:
    amount, unit = done
    limit = numbers.repetitions_per_set_max
    if prescribed is not None and prescribed[1] != unit:
        return Fault(RefusalReason.WRONG_UNIT, SessionUnitsDiffer())
    if unit == REPETITIONS and sets is not None and amount > limit * sets:
        return Fault(RefusalReason.IMPLAUSIBLE, RepetitionsImplausible(limit=limit))
    return None


def _exertion(components: Components) -> Decimal | None:
    """Exertion on CR10. The 6-20 scale is converted by the table of the mappings only; of both the higher counts."""
    direct = components.number("session.rpe-cr10")
    other = components.number("session.rpe-6-20")
    if other is not None and other not in components.context.lookup.rpe:
        components.refuse("session.rpe-6-20", Fault(RefusalReason.WRONG_VALUE, ExertionScaleUnmapped()))
    converted = None if other is None else components.context.lookup.rpe.get(other)
    if direct is None or converted is None:
        return converted if direct is None else direct
    if converted != direct:
        components.refuse("session.rpe-6-20", Fault(RefusalReason.CONFLICT, ScalesConflict()))
    return max(direct, converted)


def _quality(components: Components) -> str | None:
    """The quality of pain; of several the first that is not usual."""
    reported = components.choices("session.pain-quality")
    return next((quality for quality in reported if quality != "usual"), reported[0] if reported else None)


def _compensations(components: Components) -> tuple[str, ...] | None:
    """Each compensation once, in alphabetical order; an unreadable one counts as `other`."""
    reported = {*components.choices("session.compensation")}
    if _unclear(components, "session.compensation"):
        reported.add("other")
    return tuple(sorted(reported - {"none"} or reported)) or None


def _unclear(components: Components, what: str) -> str | None:
    """`unclear` if the component was sent and is unreadable: doubt holds the plan."""
    return "unclear" if any(refused.what == what for refused in components.refusals) else None


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
