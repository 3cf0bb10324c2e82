"""A realistic timeline towards a goal (C09): which week at the earliest, which weeks are likely, never a promise.

Works from the decided dose with the engine's own step and lighter weeks; every rise still has to be earned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import islice

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.goal import open_goal
from titrate.clinical.rules.candidates import dose_within_caps
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.dose_math import step_up
from titrate.clinical.values.plan import Dose, ExerciseState, Phase

WEEK = 7


@dataclass(frozen=True, slots=True)
class GoalTimeline:
    """The projection of one exercise towards one goal; weeks count from the decision date, which is in week 1.

    `checked` is the day the goal is due, else the end of the rulebook's horizon; `by_then` the dose at the earliest on
    that day. `earliest` is None where `ends` says why the target is not reached by steps of the rules. `realistic` is
    None where there is no target or no due date.
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
    ends: str | None
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """The doses step by step up to the target (the first is the start), and why they end before it, if they do."""

    doses: tuple[Dose, ...]
    ends: str | None


def goal_timelines(
    picture: ClinicalPicture, decision: Decision, states: tuple[ExerciseState, ...]
) -> tuple[GoalTimeline, ...]:
    """One projection for each exercise that works towards a goal and has a dose; none where loading is not in sight."""
    if decision.phase not in (Phase.LOADING, Phase.LIGHTER_WEEK, Phase.DELOAD):
        return ()
    known = {state.exercise: state for state in states}
    return tuple(
        _outlook(picture, decision, known[change.exercise], start)
        for change in decision.doses
        if change.exercise in known
        and (known[change.exercise].goal_linked or open_goal(picture.record, change.exercise))
        and (start := _start(decision, known[change.exercise], change.next)) is not None
    )


def _start(decision: Decision, state: ExerciseState, dose: Dose | None) -> Dose | None:
    """The loading dose: after a lighter week that is the dose before it."""
    if decision.phase is not Phase.LIGHTER_WEEK or dose is None:
        return dose
    return state.reference or state.dose


def _outlook(picture: ClinicalPicture, decision: Decision, state: ExerciseState, start: Dose) -> GoalTimeline:
    book, today = picture.record.rulebook, picture.record.today
    goal = open_goal(picture.record, state.exercise)
    target = goal.target if goal else None
    horizon = int(book.numbers.outlook_weeks)
    due = goal.due if goal and goal.due and goal.due > today else None
    checked = due or today + timedelta(days=horizon * WEEK)
    most = int(book.numbers.outlook_steps_max)
    days = tuple(islice(earliest_rises(picture, decision, state), most * 2))
    chances_till = sum(1 for day in days if day <= (checked - today).days)
    way = _way(picture, state, start, target, chances_till if target is None else most)
    reached = target is not None and way.ends is None
    steps = len(way.doses) - 1
    by_then = way.doses[min(chances_till, steps)]
    first = _day_of(days, steps) if reached else None
    realistic = None if target is None or due is None else first is not None and today + timedelta(days=first) <= due
    return GoalTimeline(
        state.exercise, start, target, start.unit, due,
        steps if reached else None,
        None if first is None else first // WEEK + 1,
        None if first is None else today + timedelta(days=first),
        _likely(picture, days, steps) if first is not None else None,
        checked, by_then, realistic,
        way.ends or ("the steps go beyond what is projected" if reached and first is None else None),
        _offers(by_then, checked) if realistic is False else (),
    )  # fmt: skip


def _way(picture: ClinicalPicture, state: ExerciseState, start: Dose, target: Decimal | None, most: int) -> _Way:
    """The doses up to the target, or up to where the rules go no further."""
    book, doses = picture.record.rulebook, [start]
    while target is None or doses[-1].amount < target:
        step = step_up(book, picture.form(state), doses[-1], cautious=bool(picture.cautious))
        if step is None:
            return _Way(
                tuple(doses), "the smallest step is too large, or the range is at its top: a clinician's choice"
            )
        if dose_within_caps(picture, state.exercise, step) != step:
            return _Way(tuple(doses), "a limit that a person set lies below the target")
        if len(doses) > most:
            return _Way(tuple(doses), None if target is None else "the steps go beyond what is projected")
        doses.append(step)
    return _Way(tuple(doses), None)


def _day_of(days: tuple[int, ...], steps: int) -> int | None:
    """The day on which the target stands; today where no step is needed."""
    if steps == 0:
        return 0
    return days[steps - 1] if steps <= len(days) else None


def _likely(picture: ClinicalPicture, days: tuple[int, ...], steps: int) -> tuple[int, int] | None:
    """Weeks between which the target is likely, when only a part of the chances is taken (project policy)."""
    book = picture.record.rulebook
    shares = (book.numbers.outlook_taken_high, book.numbers.outlook_taken_low)
    needed = [int((steps / share).to_integral_value(rounding=ROUND_CEILING)) for share in shares]
    found = [day // WEEK + 1 for n in needed if (day := _day_of(days, n)) is not None]
    return (found[0], found[1]) if len(found) == len(needed) else None


def _offers(by_then: Dose, checked: date) -> tuple[str, ...]:
    """What can be offered instead of an unrealistic goal."""
    dose = f"{by_then.amount.normalize():f} {by_then.unit}"
    split = (f"split bouts: the same in parts of up to {dose}, with a rest between",)
    return (f"a goal of {dose} by {checked}", *(split if by_then.unit in ("min", "m") else ()), "a later date")


def earliest_rises(picture: ClinicalPicture, decision: Decision, state: ExerciseState) -> Iterator[int]:
    """Days from today on which a step can be earned at the earliest, when it is never missed.

    A rise needs its days since the last rise and its sessions at the present dose; a lighter week restores the dose
    after it, so that the sessions begin anew.
    """
    book = picture.record.rulebook
    between = int(book.numbers.min_days_at_dose)
    sessions = WEEK * -(-int(book.numbers.n_sess) // max(state.weekly_frequency, 1))
    loading = int(book.numbers.light_week_after_days)
    begun, changed, raised = _clock(picture, decision, state)
    for _ in range(int(book.numbers.outlook_steps_max)):
        while (day := max(raised + between, changed + sessions, 1)) - begun < loading:
            yield day
            changed = raised = day
        begun = max(begun + loading, 0) + int(book.numbers.light_week_days)
        changed = begun


def _clock(picture: ClinicalPicture, decision: Decision, state: ExerciseState) -> tuple[int, int, int]:
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
    """Days from today to a day in the past, as a number not above 0; 0 where the day is not known."""
    return 0 if day is None else min(-picture.record.days_ago(day), 0)
