"""Goals: priorities by importance (C03), and timelines towards them (C09), the earliest week and the likely weeks.

A timeline is never a promise. It starts at the decided dose and uses the steps and lighter weeks of the rules, without
holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import islice

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.rules.candidates import dose_within_caps
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.dose_math import step_up
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.clinical.values.readings import PatientGoal
from titrate.messages import Message
from titrate.messages.insights import (
    GoalAboveDoseLimit,
    GoalBeyondProjection,
    GoalNeedsClinicianStep,
    OfferLaterDate,
    OfferSmallerGoal,
    OfferSplitBouts,
)

_PRIORITIES = ("high", "medium", "low")
WEEK = 7


@dataclass(frozen=True, slots=True)
class GoalPriority:
    """A goal in the patient's words with its importance, 0-10, or the priority of the EHR where there is no rating."""

    text: str
    exercise: str | None
    due: date | None
    importance: Decimal | None
    priority: str | None


def goal_priorities(record: PatientRecord) -> tuple[GoalPriority, ...]:
    """Open goals with an importance or a priority. The order never affects a dose."""
    rated = [g for g in record.goals if g.is_open and (g.importance is not None or g.priority)]
    # Of goals with the same text the last one counts.
    last = {g.text: g for g in rated}.values()
    return tuple(GoalPriority(g.text, g.exercise, g.due, g.importance, g.priority) for g in sorted(last, key=_rank))


def _rank(goal: PatientGoal) -> tuple[bool, Decimal, int, str]:
    place = _PRIORITIES.index(goal.priority) if goal.priority in _PRIORITIES else len(_PRIORITIES)
    return goal.importance is None, -(goal.importance or Decimal(0)), place, goal.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTimeline:
    """The projection of one exercise towards one goal. Weeks count from the decision date, which is in week 1.

    `checked` is the due date of the goal, else the end of the rulebook's horizon; `by_then` is the highest dose that
    is possible on that day. `earliest` is None where the steps do not reach the target, for the reason in `ends`.
    `realistic` is None where there is no target or no due date.
    """

    exercise: str
    start: Dose
    target: Decimal | None
    unit: str
    due: date | None
    steps: int | None
    earliest: int | None
    earliest_day: date | None
    likely: tuple[int, int] | None
    checked: date
    by_then: Dose
    realistic: bool | None
    ends: Message | None
    offers: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class _Steps:
    """The doses from the start towards the target, and why they end before it, if they do."""

    doses: tuple[Dose, ...]
    ends: Message | None


def goal_timelines(
    picture: ClinicalPicture, decision: Decision, states: tuple[ExerciseState, ...]
) -> tuple[GoalTimeline, ...]:
    """One projection per exercise with a goal and a dose; none in phases from which no rise is possible."""
    if decision.phase not in (Phase.LOADING, Phase.LIGHTER_WEEK, Phase.DELOAD):
        return ()
    known = {state.exercise: state for state in states}
    return tuple(
        _timeline(picture, decision, known[change.exercise], start)
        for change in decision.doses
        if change.exercise in known
        and (known[change.exercise].goal_linked or picture.record.open_goal(change.exercise))
        and (start := _start(decision, known[change.exercise], change.next)) is not None
    )


def _start(decision: Decision, state: ExerciseState, dose: Dose | None) -> Dose | None:
    """The loading dose: in a lighter week the dose before it."""
    if decision.phase is not Phase.LIGHTER_WEEK or dose is None:
        return dose
    return state.reference or state.dose


def _timeline(picture: ClinicalPicture, decision: Decision, state: ExerciseState, start: Dose) -> GoalTimeline:
    book, today = picture.record.rulebook, picture.record.today
    goal = picture.record.open_goal(state.exercise)
    target = goal.target if goal else None
    horizon = int(book.numbers.outlook_weeks)
    due = goal.due if goal and goal.due and goal.due > today else None
    checked = due or today + timedelta(days=horizon * WEEK)
    max_steps = int(book.numbers.outlook_steps_max)
    days = tuple(islice(earliest_rises(picture, decision, state), max_steps * 2))
    chances = sum(1 for day in days if day <= (checked - today).days)
    path = _steps_towards(picture, state, start, target, chances if target is None else max_steps)
    reached = target is not None and path.ends is None
    steps = len(path.doses) - 1
    by_then = path.doses[min(chances, steps)]
    first = _day_of(days, steps) if reached else None
    realistic = None if target is None or due is None else first is not None and today + timedelta(days=first) <= due
    return GoalTimeline(
        exercise=state.exercise,
        start=start,
        target=target,
        unit=start.unit,
        due=due,
        steps=steps if reached else None,
        earliest=None if first is None else first // WEEK + 1,
        earliest_day=None if first is None else today + timedelta(days=first),
        likely=_likely_weeks(picture, days, steps) if first is not None else None,
        checked=checked,
        by_then=by_then,
        realistic=realistic,
        ends=path.ends or (GoalBeyondProjection() if reached and first is None else None),
        offers=_offers(by_then, checked) if realistic is False else (),
    )


def _steps_towards(
    picture: ClinicalPicture, state: ExerciseState, start: Dose, target: Decimal | None, max_steps: int
) -> _Steps:
    """The doses up to the target, or up to the last step that the rules allow."""
    book, doses = picture.record.rulebook, [start]
    while target is None or doses[-1].amount < target:
        step = step_up(book, picture.form(state), doses[-1], cautious=bool(picture.cautious))
        if step is None:
            return _Steps(tuple(doses), GoalNeedsClinicianStep())
        if dose_within_caps(picture, state.exercise, step) != step:
            return _Steps(tuple(doses), GoalAboveDoseLimit())
        if len(doses) > max_steps:
            return _Steps(tuple(doses), None if target is None else GoalBeyondProjection())
        doses.append(step)
    return _Steps(tuple(doses), None)


def _day_of(days: tuple[int, ...], steps: int) -> int | None:
    """Days from today to the last of these steps; 0 where no step is needed, None beyond the projection."""
    if steps == 0:
        return 0
    return days[steps - 1] if steps <= len(days) else None


def _likely_weeks(picture: ClinicalPicture, days: tuple[int, ...], steps: int) -> tuple[int, int] | None:
    """First and last likely week of the target, when only a share of the chances is taken (project policy)."""
    book = picture.record.rulebook
    shares = (book.numbers.outlook_taken_high, book.numbers.outlook_taken_low)
    needed = [int((steps / share).to_integral_value(rounding=ROUND_CEILING)) for share in shares]
    found = [day // WEEK + 1 for n in needed if (day := _day_of(days, n)) is not None]
    return (found[0], found[1]) if len(found) == len(needed) else None


def _offers(by_then: Dose, checked: date) -> tuple[Message, ...]:
    """What the clinician can offer in place of an unrealistic goal."""
    amount, unit = by_then.amount.normalize(), by_then.unit
    split = (OfferSplitBouts(amount=amount, unit=unit),) if unit in ("min", "m") else ()
    return OfferSmallerGoal(amount=amount, unit=unit, due=checked), *split, OfferLaterDate()


def earliest_rises(picture: ClinicalPicture, decision: Decision, state: ExerciseState) -> Iterator[int]:
    """Days from today on which a rise is possible at the earliest, when the patient misses none.

    A rise needs its days since the last rise and its sessions at the current dose. A lighter week restores the dose
    after it, so that the sessions count anew.
    """
    book = picture.record.rulebook
    between = int(book.numbers.min_days_at_dose)
    sessions = WEEK * -(-int(book.numbers.n_sess) // max(state.weekly_frequency, 1))
    loading = int(book.numbers.light_week_after_days)
    begun, changed, raised = _reference_days(picture, decision, state)
    for _ in range(int(book.numbers.outlook_steps_max)):
        while (day := max(raised + between, changed + sessions, 1)) - begun < loading:
            yield day
            changed = raised = day
        begun = max(begun + loading, 0) + int(book.numbers.light_week_days)
        changed = begun


def _reference_days(picture: ClinicalPicture, decision: Decision, state: ExerciseState) -> tuple[int, int, int]:
    """Days from today to the start of loading, to the last change of the dose, and to the last rise of any exercise."""
    record = picture.record
    changed = any(c.exercise == state.exercise and c.next != c.current for c in decision.doses)
    since = 0 if changed else _ago(picture, state.dose_since)
    rises = [e.last_raised for e in record.plan.exercises if e.last_raised]
    raised = 0 if decision.rule in ("D8", "D10") else _ago(picture, max(rises)) if rises else since
    if decision.phase is Phase.LIGHTER_WEEK:
        started = record.plan.phase_since if record.plan.phase is Phase.LIGHTER_WEEK else None
        begins = max(int(record.rulebook.numbers.light_week_days) + _ago(picture, started), 0)
        return begins, begins, raised
    if decision.phase is Phase.DELOAD:
        ends = WEEK * -(-int(record.rulebook.numbers.deload_of) // max(state.weekly_frequency, 1))
        return ends, ends, raised
    anew = decision.rule in ("D6", "D9")
    return (0 if anew else _ago(picture, picture.loading_since)), since, raised


def _ago(picture: ClinicalPicture, day: date | None) -> int:
    """Days from today to a day in the past, as a number of at most 0; 0 where the day is unknown."""
    return 0 if day is None else min(-picture.record.days_ago(day), 0)
