"""Gates about sessions: tolerated, form, 2-for-2, exertion: G4, G10, G11, G13."""

from __future__ import annotations

from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.readings import SessionReported
from titrate.clinical.values.rulebook import Domain
from titrate.messages import Message
from titrate.messages.gates import (
    CompensationSeen,
    ExertionAboveCap,
    ExertionTooHigh,
    ExertionWithinCap,
    FormGood,
    FormNotGood,
    FormOfSessions,
    HeartRateAboveLimit,
    LastSetRepetitions,
    LastSetUnknown,
    NoDoseYet,
    NoLoad,
    SessionsOfOneDate,
    SessionsTolerated,
    SessionTalkTestNotComfortable,
    TempoNotControlled,
    TooFewForExertion,
)

_CONTROLLED = (None, "as-planned", "slower")


def g4(context: GateContext) -> GateResult:
    """G4: The last sessions were all tolerated, at this dose."""
    if context.starting:
        return gate_result(context, "G4", None, NoDoseYet())
    recent, needed = context.recent, int(context.numbers.n_sess)
    tolerated = [s for s in recent if s.at_dose and s.session_class is SessionClass.T]
    classes = " ".join(s.session_class.value for s in recent) or "none"
    dated = context.picture.on_enough_dates(recent)
    text: Message = SessionsTolerated(needed=needed, classes=classes)
    if len(tolerated) >= needed and not dated:
        text = SessionsOfOneDate(needed=needed, dates=int(context.numbers.n_sess_dates))
    return gate_result(
        context,
        "G4",
        len(recent) >= needed and len(tolerated) == len(recent) and dated,
        text,
        value=len(tolerated),
        operator=">=",
        limit=needed,
        unit="sessions",
        sources=tuple(x for s in recent for x in s.sources[:1]),
    )


def g10(context: GateContext) -> GateResult:
    """G10: Form was good; needed except in aerobic exercises."""
    if context.starting:
        return gate_result(context, "G10", None, NoDoseYet())
    reports, needed = context.last_reports, int(context.numbers.two_for_two_sessions)
    evasive = _evasive(reports, needed)
    if evasive:
        return gate_result(context, "G10", False, evasive)
    forms = [r.form for r in reports]
    if context.form.exercise.domain is Domain.AEROBIC:
        return gate_result(context, "G10", all(f in (None, "good") for f in forms), FormOfSessions(count=needed))
    good = len(context.at_dose[-needed:]) == needed and all(f == "good" for f in forms)
    text: Message = FormGood(count=needed) if good else FormNotGood(count=needed)
    return gate_result(
        context, "G10", good, text, value=sum(1 for f in forms if f == "good"), operator=">=", limit=needed
    )


def _evasive(reports: tuple[SessionReported, ...], count: int) -> Message | None:
    """A compensation, or a tempo that was not controlled or is unknown: not good form, whatever the rating."""
    movements = sorted({one for r in reports for one in r.compensations or () if one != "none"})
    if movements:
        return CompensationSeen(movements=tuple(movements), count=count)
    tempo = next((r.tempo for r in reports if r.tempo not in _CONTROLLED), None)
    return None if tempo is None else TempoNotControlled(tempo=tempo, count=count)


def g11(context: GateContext) -> GateResult:
    """G11: The 2-for-2 rule, for exercises with a load."""
    if context.starting or not context.form.exercise.loaded:
        return gate_result(context, "G11", None, NoLoad())
    needed = int(context.numbers.two_for_two_sessions)
    last, reports = context.at_dose[-needed:], context.last_reports
    goal = two_for_two_goal(context)
    counts = [r.last_set for r in reports]
    if len(last) < needed or goal is None or any(c is None for c in counts):
        return gate_result(context, "G11", False, LastSetUnknown())
    held = all(s.session_class is SessionClass.T for s in last) and all(c is not None and c >= goal for c in counts)
    return gate_result(
        context,
        "G11",
        held,
        LastSetRepetitions(count=needed),
        value=", ".join(str(c) for c in counts),
        operator=">=",
        limit=goal,
        unit=REPETITIONS,
    )


def two_for_two_goal(context: GateContext) -> int | None:
    """Repetitions that the last set must reach: above the target and above the present repetitions of a set."""
    dose = context.state.dose
    if dose is None:
        return None
    each = int(dose.amount) // (dose.sets or 1)
    return max(each, context.form.target or each) + int(context.numbers.two_for_two)


def g13(context: GateContext) -> GateResult:
    """G13: Exertion, talk test and heart rate stayed inside their limits."""
    if context.starting:
        return gate_result(context, "G13", None, NoDoseYet())
    recent = context.recent
    if len(recent) < context.numbers.n_sess:
        return gate_result(context, "G13", False, TooFewForExertion())
    reports = [r for r in context.reports if r.stamp.end >= recent[0].end]
    findings = _too_hard(context, reports)
    highest = max((r.rpe for r in reports if r.rpe is not None), default=None)
    return gate_result(
        context,
        "G13",
        not findings,
        ExertionTooHigh(findings=findings) if findings else ExertionWithinCap(),
        value=highest,
        operator="<=",
        limit=context.picture.limits.rpe_cap.value,
        unit="{score}",
    )


def _too_hard(context: GateContext, reports: list[SessionReported]) -> tuple[Message, ...]:
    limits = context.picture.limits
    found: list[Message] = []
    ends = [s.end for s in context.recent]
    counted = [r for r in reports if r.stamp.end in ends]
    if any(r.rpe is None for r in counted) or any(r.rpe is not None and r.rpe > limits.rpe_cap.value for r in reports):
        found.append(ExertionAboveCap())
    if any(r.talk_test not in (None, "comfortable") for r in reports):
        found.append(SessionTalkTestNotComfortable())
    rate = limits.heart_rate
    if rate is not None and any(r.heart_rate is not None and r.heart_rate > rate.value for r in reports):
        found.append(HeartRateAboveLimit())
    return tuple(found)
