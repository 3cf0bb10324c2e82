"""Sessions, tolerance trials and dose limits out of their parts. A part that cannot be true stays unknown."""

from __future__ import annotations

from decimal import Decimal

from titrate.clinical.values.readings import (
    DoseLimit,
    RefusalReason,
    Reporter,
    SessionReported,
    TrialReported,
)
from titrate.fhir.read.components import Parts
from titrate.fhir.read.read_context import Fault, Item

_PER_SET = 100
Amount = tuple[Decimal, str]


def session(parts: Parts) -> tuple[Item, ...]:
    """One exercise session. Without a known exercise there is none; every other part may be missing."""
    exercise = parts.exercise("session.exercise")
    if exercise is None:
        return tuple(parts.refusals)
    sets = _whole(parts.number("session.sets"))
    prescribed = _prescribed(parts, exercise)
    done = _done(parts, exercise, prescribed, sets)
    given = done or prescribed
    reported = SessionReported(
        exercise=exercise,
        stamp=parts.stamp,
        unit=given[1] if given else None,
        prescribed=prescribed[0] if prescribed else None,
        done=done[0] if done else None,
        sets=sets,
        load=parts.number("session.load"),
        pain_before=parts.number("session.pain-before"),
        pain_peak=parts.number("session.pain-peak"),
        rpe=_exertion(parts),
        last_set=_whole(parts.number("session.last-set-repetitions")),
        form=parts.choice("session.form"),
        talk_test=parts.choice("session.talk-test"),
        stop_reason=parts.choice("session.stop-reason"),
        pain_quality=_quality(parts),
        heart_rate=parts.number("session.heart-rate"),
        compensations=_compensations(parts),
        tempo=parts.choice("session.tempo") or _unclear(parts, "session.tempo"),
    )
    return (reported, *parts.refusals)


def trial(parts: Parts) -> tuple[Item, ...]:
    """One tolerance trial: it needs an exercise and an amount."""
    exercise = parts.exercise("trial.exercise")
    if exercise is None:
        return tuple(parts.refusals)
    done = parts.amount("trial.done", exercise)
    symptom = parts.choice("trial.limiting-symptom")
    if done is None:
        return _without(parts, "trial.done")
    return (TrialReported(exercise, done[0], done[1], parts.stamp, symptom), *parts.refusals)


def dose_limit(parts: Parts) -> tuple[Item, ...]:
    """A clinician's limit for an exercise: in kg of its load, in any other unit of a session's amount."""
    if parts.stamp.reporter is not Reporter.PRACTITIONER:
        message = "Only a clinician can limit a dose: it needs a Practitioner or PractitionerRole as performer"
        parts.refuse("dose-limit.amount", Fault(RefusalReason.NOT_A_PRACTITIONER, message))
        return tuple(parts.refusals)
    exercise = parts.exercise("dose-limit.exercise")
    if exercise is None:
        return tuple(parts.refusals)
    limit = parts.amount_or_load("dose-limit.amount", exercise)
    if limit is None:
        return _without(parts, "dose-limit.amount")
    return (DoseLimit(exercise, limit[0], limit[1], parts.stamp), *parts.refusals)


def _without(parts: Parts, what: str) -> tuple[Item, ...]:
    if not any(refused.what == what for refused in parts.refusals):
        parts.refuse(what, Fault(RefusalReason.NO_VALUE, "There is no amount and none is assumed: send it"))
    return tuple(parts.refusals)


def _prescribed(parts: Parts, exercise: str) -> Amount | None:
    amount = parts.amount("session.prescribed", exercise)
    if amount is not None and amount[0] <= 0:
        parts.refuse("session.prescribed", Fault(RefusalReason.IMPLAUSIBLE, "Nothing cannot be prescribed"))
        return None
    return amount


def _done(parts: Parts, exercise: str, prescribed: Amount | None, sets: int | None) -> Amount | None:
    done = parts.amount("session.done", exercise)
    fault = None if done is None else _done_fault(done, prescribed, sets)
    if fault is not None:
        parts.refuse("session.done", fault)
        return None
    return done


def _done_fault(done: Amount, prescribed: Amount | None, sets: int | None) -> Fault | None:
    amount, unit = done
    if prescribed is not None and prescribed[1] != unit:
        return Fault(RefusalReason.WRONG_UNIT, "What was done and what was prescribed are in different units")
    if unit == "{repetitions}" and sets is not None and amount > _PER_SET * sets:
        return Fault(RefusalReason.IMPLAUSIBLE, f"This cannot be true: more than {_PER_SET} repetitions a set")
    return None


def _exertion(parts: Parts) -> Decimal | None:
    """Exertion on CR10; from the 6-20 scale only by the table of the mappings, never guessed from the number."""
    direct = parts.number("session.rpe-cr10")
    other = parts.number("session.rpe-6-20")
    if direct is not None or other is None:
        return direct
    if other not in parts.context.lookup.rpe:
        message = "The 6-20 scale is not comparable without a table: report CR10, or complete answers.toml"
        parts.refuse("session.rpe-6-20", Fault(RefusalReason.WRONG_VALUE, message))
    return parts.context.lookup.rpe.get(other)


def _quality(parts: Parts) -> str | None:
    """The quality of pain; of several the one that is not usual."""
    told = parts.choices("session.pain-quality")
    return next((quality for quality in told if quality != "usual"), told[0] if told else None)


def _compensations(parts: Parts) -> tuple[str, ...] | None:
    """Every evasive movement once, in the order of their names; one that cannot be read counts as another one."""
    told = {*parts.choices("session.compensation")}
    if _unclear(parts, "session.compensation"):
        told.add("other")
    return tuple(sorted(told - {"none"} or told)) or None


def _unclear(parts: Parts, what: str) -> str | None:
    """`unclear` where the part was given and could not be read: a doubt holds, it is not left out."""
    return "unclear" if any(refused.what == what for refused in parts.refusals) else None


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
