"""When a clinician reviews the plan: rule D12, a reached goal, and a return from maintenance (C50).

Reviews change no dose and no phase.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import PastDecision, Phase
from titrate.messages import Message
from titrate.messages.decisions import (
    FewSessionsInMaintenance,
    FunctionFell,
    GoalDoseReached,
    NoIncreaseSince,
    RepeatedDeloads,
    RepeatedFlares,
)

_COUNTED: dict[str, type[RepeatedDeloads | RepeatedFlares]] = {
    Outcome.REACTIVE_DELOAD.code: RepeatedDeloads,
    Outcome.FLARE_PROTOCOL.code: RepeatedFlares,
}


def review_reasons(picture: ClinicalPicture, outcome: Outcome, *, increases: bool) -> tuple[Message, ...]:
    """Why a review is due: no increase for `REVIEW_DAYS`, or repeated deloads or flares in that time; else empty.

    `increases` is true where today's decision increases a dose, which restarts the count of days.
    """
    if not picture.dosed or outcome in (Outcome.STOP_ESCALATE, Outcome.NOT_ELIGIBLE):
        return ()
    numbers = picture.record.rulebook.numbers
    days = numbers.review_days
    found: list[Message] = []
    since = _last_increase(picture)
    if not increases and since is not None and picture.record.days_ago(since) >= days:
        found.append(NoIncreaseSince(since=since))
    for code, sentence in _COUNTED.items():
        count = len(_episodes(picture, code, outcome))
        if count >= numbers.review_count:
            found.append(sentence(count=count, days=days))
    return tuple(found)


def _last_increase(picture: ClinicalPicture) -> date | None:
    plan = picture.record.plan
    begun = [e.last_raised for e in plan.exercises if e.last_raised]
    begun += [d.day for d in plan.history if d.outcome == Outcome.BASELINE.code]
    if plan.started:
        begun.append(plan.started)
    return max(begun, default=None)


def _episodes(picture: ClinicalPicture, code: str, outcome: Outcome) -> list[date]:
    """Days on which a deload or a flare began, in the window; today's decision is the last of its day."""
    record = picture.record
    if outcome.code != code and all(d.outcome != code for d in record.plan.history):
        return []
    window = record.rulebook.numbers.review_days
    now = PastDecision(record.today, outcome.code, record.plan.phase, record.at)
    begun: list[date] = []
    before: PastDecision | None = None
    for decision in _last_of_each_day((*record.plan.history, now)):
        continues = decision.phase is _phase_of(code) or (before is not None and before.outcome == code)
        if decision.outcome == code and not continues and record.days_ago(decision.day) < window:
            begun.append(decision.day)
        before = decision
    return begun


def _last_of_each_day(history: tuple[PastDecision, ...]) -> list[PastDecision]:
    last: dict[date, PastDecision] = {}
    for decision in sorted(history, key=lambda d: d.recorded):
        last[decision.day] = decision
    return [last[day] for day in sorted(last)]


def _phase_of(code: str) -> Phase:
    return Phase.DELOAD if code == Outcome.REACTIVE_DELOAD.code else Phase.FLARE


def phase_advice(picture: ClinicalPicture) -> tuple[Message, ...]:
    """What a clinician decides about the phase: maintenance, or the active programme again; empty when nothing."""
    if picture.phase is Phase.MAINTENANCE:
        return (*_function_fell(picture), *_few_sessions(picture))
    return _goals_reached(picture) if picture.phase is Phase.LOADING else ()


def _goals_reached(picture: ClinicalPicture) -> tuple[Message, ...]:
    found = []
    for state in picture.dosed:
        goal = picture.record.open_goal(state.exercise)
        if goal is not None and goal.target is not None and state.dose and state.dose.amount >= goal.target:
            found.append(GoalDoseReached(exercise=state.exercise))
    return tuple(found)


def _function_fell(picture: ClinicalPicture) -> tuple[Message, ...]:
    """The Patient-Specific Functional Scale since maintenance began, its newest score against its best."""
    record = picture.record
    scores = [
        m.value
        for m in record.measured.get("psfs", ())
        if not m.stamp.preliminary and (picture.since is None or m.stamp.day >= picture.since)
    ]
    fall = max(scores) - scores[-1] if scores else Decimal(0)
    return (FunctionFell(fall=fall),) if fall >= record.rulebook.numbers.maintenance_psfs_fall else ()


def _few_sessions(picture: ClinicalPicture) -> tuple[Message, ...]:
    """Consecutive weeks with too few of the planned sessions."""
    record, numbers = picture.record, picture.record.rulebook.numbers
    planned = sum(state.weekly_frequency for state in picture.dosed)
    weeks = int(numbers.maintenance_weeks)
    days = [session.day for session in picture.completed]
    for back in range(1, weeks + 1):
        first = record.today - timedelta(days=7 * back)
        done = sum(1 for day in days if first <= day < first + timedelta(days=7))
        if done >= numbers.maintenance_adherence * planned:
            return ()
    return (FewSessionsInMaintenance(weeks=weeks),) if planned else ()
