"""Gates about the sessions themselves: tolerated, form, 2-for-2, exertion: G4, G10, G11, G13."""

from __future__ import annotations

from titrate.clinical.rules.gates.context import GateContext, GateResult, gate_result
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.readings import SessionReported
from titrate.clinical.values.rulebook import Domain

_CONTROLLED = (None, "as-planned", "slower")


def g4(asked: GateContext) -> GateResult:
    """G4: The last sessions were all tolerated, at this dose."""
    if asked.starting:
        return gate_result(asked, "G4", None, "no dose yet")
    run, needed = asked.run, int(asked.numbers.n_sess)
    tolerated = [s for s in run if s.at_dose and s.session_class is SessionClass.T]
    classes = " ".join(s.session_class.value for s in run) or "none"
    text = f"last {needed} evaluable sessions tolerated at this dose: {classes}"
    return gate_result(
        asked,
        "G4",
        len(tolerated) == needed,
        text,
        value=len(tolerated),
        operator=">=",
        limit=needed,
        unit="sessions",
        sources=tuple(x for s in run for x in s.sources[:1]),
    )


def g10(asked: GateContext) -> GateResult:
    """G10: Form was good; needed except in aerobic exercises."""
    if asked.starting:
        return gate_result(asked, "G10", None, "no dose yet")
    reports = asked.last_reports
    evasive = _evasive(reports)
    if evasive:
        return gate_result(asked, "G10", False, f"{evasive} in the last 2 sessions")
    forms = [r.form for r in reports]
    aerobic = asked.form.exercise.domain is Domain.AEROBIC
    if aerobic:
        return gate_result(asked, "G10", all(f in (None, "good") for f in forms), "form in the last 2 sessions")
    needed = int(asked.numbers.two_for_two_sessions)
    good = len(asked.at_dose[-needed:]) == needed and all(f == "good" for f in forms)
    text = "form good in the last 2 sessions" if good else "form not good, or not recorded, in the last 2 sessions"
    return gate_result(
        asked, "G10", good, text, value=sum(1 for f in forms if f == "good"), operator=">=", limit=needed
    )


def _evasive(reports: tuple[SessionReported, ...]) -> str | None:
    """An evasive movement, or a tempo that was not controlled or cannot be told: not good form, whatever was rated."""
    seen = sorted({one for r in reports for one in r.compensations or () if one != "none"})
    if seen:
        return f"compensation ({', '.join(seen)})"
    tempo = next((r.tempo for r in reports if r.tempo not in _CONTROLLED), None)
    return None if tempo is None else f"tempo {tempo}"


def g11(asked: GateContext) -> GateResult:
    """G11: The 2-for-2 rule, for exercises with a load."""
    if asked.starting or not asked.form.exercise.loaded:
        return gate_result(asked, "G11", None, "no load")
    needed = int(asked.numbers.two_for_two_sessions)
    last, reports = asked.at_dose[-needed:], asked.last_reports
    goal = two_for_two_goal(asked)
    counts = [r.last_set for r in reports]
    if len(last) < needed or goal is None or any(c is None for c in counts):
        return gate_result(asked, "G11", False, "2-for-2 not evaluable: last-set repetitions not recorded")
    held = all(s.session_class is SessionClass.T for s in last) and all(c is not None and c >= goal for c in counts)
    shown = ", ".join(str(c) for c in counts)
    return gate_result(
        asked,
        "G11",
        held,
        "repetitions of the last set in the last 2 sessions, both tolerated",
        value=shown,
        operator=">=",
        limit=goal,
        unit="{repetitions}",
    )


def two_for_two_goal(asked: GateContext) -> int | None:
    """Repetitions that the last set must reach: two above the target, and above what a set asks for now."""
    dose = asked.state.dose
    if dose is None:
        return None
    each = int(dose.amount) // (dose.sets or 1)
    return max(each, asked.form.target or each) + int(asked.numbers.two_for_two)


def g13(asked: GateContext) -> GateResult:
    """G13: Exertion, talk test and heart rate stayed inside their limits."""
    if asked.starting:
        return gate_result(asked, "G13", None, "no dose yet")
    run = asked.run
    if len(run) < asked.numbers.n_sess:
        return gate_result(asked, "G13", False, "too few sessions to judge exertion")
    reports = [r for r in asked.reports if r.stamp.end >= run[0].end]
    wrong = _too_hard(asked, reports)
    highest = max((r.rpe for r in reports if r.rpe is not None), default=None)
    return gate_result(
        asked,
        "G13",
        not wrong,
        "; ".join(wrong) or "exertion within its cap",
        value=highest,
        operator="<=",
        limit=asked.picture.limits.rpe_cap.value,
        unit="{score}",
    )


def _too_hard(asked: GateContext, reports: list[SessionReported]) -> list[str]:
    limits, found = asked.picture.limits, []
    ends = [s.end for s in asked.run]
    counted = [r for r in reports if r.stamp.end in ends]
    if any(r.rpe is None for r in counted) or any(r.rpe is not None and r.rpe > limits.rpe_cap.value for r in reports):
        found.append("exertion above its cap or not recorded")
    if any(r.talk_test not in (None, "comfortable") for r in reports):
        found.append("talk test not comfortable")
    rate = limits.heart_rate
    if rate is not None and any(r.heart_rate is not None and r.heart_rate > rate.value for r in reports):
        found.append("heart rate above its limit")
    return found
