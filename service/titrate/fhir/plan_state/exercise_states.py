"""Each exercise of the plan in force: the active order decides on dose and timing, our memory on everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from titrate.clinical.values.plan import Dose, ExerciseState, Override
from titrate.clinical.values.rulebook import Domain, Exercise, Rulebook
from titrate.fhir.elements import updated
from titrate.fhir.identifiers import plain_number
from titrate.fhir.plan_state.decision_record import RecordedState
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.plan_state.service_requests import ExerciseOrder


@dataclass(frozen=True, slots=True)
class PlanDays:
    """The plan's days, and whether it is active.

    `since` is when the plan's dose began if nothing else says so. `approved` replaces the day of the draft in every
    date that began with the draft, because a dose begins when a person approves it.
    """

    since: date | None
    approved: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class ExerciseInputs:
    """What one exercise has in the EHR: its order, what we remember, and the plan's days."""

    exercise: Exercise
    order: ExerciseOrder | None
    memory: RecordedState
    plan: PlanDays


def exercise_states(
    holdings: PlanResources, orders: Mapping[str, ExerciseOrder], memory: RecordedState, plan: PlanDays
) -> tuple[tuple[ExerciseState, ...], tuple[Override, ...]]:
    """The exercises of the plan in the fixed order of domains, and what a person changed in their doses."""
    states: list[ExerciseState] = []
    overrides: list[Override] = []
    for code in _in_order(holdings.rulebook, {*orders, *memory.exercises()}):
        standing = ExerciseInputs(holdings.rulebook.exercises[code], orders.get(code), memory, plan)
        state, found = _state(holdings, standing)
        states.append(state)
        overrides.extend(found)
    return tuple(states), tuple(overrides)


def _in_order(rulebook: Rulebook, names: set[str]) -> list[str]:
    domains = list(Domain)
    known = [name for name in names if name in rulebook.exercises]
    return sorted(known, key=lambda name: (domains.index(rulebook.exercises[name].domain), name))


def _state(holdings: PlanResources, standing: ExerciseInputs) -> tuple[ExerciseState, tuple[Override, ...]]:
    code, memory, order = standing.exercise.code, standing.memory, standing.order
    remembered = memory.dose(code)
    dose = order.dose(remembered) if order and order.status == "active" and standing.plan.active else None
    overrides = _overrides(standing, remembered, dose)
    state = ExerciseState(
        exercise=code,
        dose=dose,
        weekly_frequency=_frequency(standing),
        start=memory.dose(code, "start") or (dose if memory.reference is None else None),
        reference=memory.dose(code, "reference"),
        before_flare=memory.dose(code, "before-flare"),
        before_deload=memory.dose(code, "before-deload"),
        rung=memory.dose(code, "rung"),
        dose_since=_dose_since(holdings, standing, changed=any(item.element == "dose" for item in overrides)),
        last_raised=from_approval(memory.date(f"{code}.last-raised"), memory, standing.plan.approved),
        goal_linked=bool(order and order.goal_linked),
        increment=memory.number(f"{code}.load.increment"),
        range_low=memory.whole(f"{code}.repetitions.range-low"),
        range_high=memory.whole(f"{code}.repetitions.range-high"),
        target=memory.whole(f"{code}.repetitions.target"),
        request=order.reference if order else None,
    )
    return state, overrides


def _frequency(standing: ExerciseInputs) -> int:
    """The order's sessions a week, else what we remember; never none, because adherence is measured against it."""
    said = standing.order.weekly_frequency if standing.order else None
    return said or standing.memory.whole(f"{standing.exercise.code}.weekly-frequency") or 1


def _dose_since(holdings: PlanResources, standing: ExerciseInputs, *, changed: bool) -> date | None:
    """Since when the dose is in force. After a person's change it is the day the order was last written, if later."""
    memory = standing.memory
    since = from_approval(memory.date(f"{standing.exercise.code}.dose-since"), memory, standing.plan.approved)
    since = since or standing.plan.since
    written = updated(standing.order.resource, holdings.person.zone) if changed and standing.order else None
    if written is None or written > holdings.at:
        return since
    return max(written.date(), since) if since else written.date()


def from_approval(day: date | None, memory: RecordedState, approved: date | None) -> date | None:
    """A date of the draft's own day moves to the day of approval; every other date stays."""
    if day is not None and approved is not None and day == memory.day and approved > day:
        return approved
    return day


def _overrides(standing: ExerciseInputs, remembered: Dose | None, dose: Dose | None) -> tuple[Override, ...]:
    """Dose, timing and status as a person left them, where they differ from what we wrote."""
    if standing.memory.reference is None:
        return ()
    code, order = standing.exercise.code, standing.order
    reference = order.reference if order else standing.memory.reference
    found = [
        Override(reference, element, ours, theirs, code)
        for element, ours, theirs in (_status(standing, remembered), *_dose_and_timing(standing, remembered, dose))
        if ours != theirs
    ]
    return tuple(found) or _earlier(standing, reference, dose)


def _status(standing: ExerciseInputs, remembered: Dose | None) -> tuple[str, str, str]:
    if remembered is None or (standing.order and not standing.plan.active):
        return "status", "", ""
    return "status", "active", standing.order.status if standing.order else "absent"


def _dose_and_timing(
    standing: ExerciseInputs, remembered: Dose | None, dose: Dose | None
) -> list[tuple[str, str, str]]:
    order, memory = standing.order, standing.memory
    if order is None or order.status != "active" or not standing.plan.active:
        return []
    ours = memory.whole(f"{standing.exercise.code}.weekly-frequency")
    theirs = order.weekly_frequency
    timing = [] if ours is None or theirs is None else [("timing", f"{ours}/wk", f"{theirs}/wk")]
    return [("dose", dose_words(remembered), dose_words(dose)), *timing]


def _earlier(standing: ExerciseInputs, reference: str, dose: Dose | None) -> tuple[Override, ...]:
    """A change that an earlier run recorded stays an override until a person changes the dose again."""
    bound = standing.memory.dose(standing.exercise.code, "override")
    if bound is None or dose is None:
        return ()
    return (Override(reference, "dose", "earlier", dose_words(bound), standing.exercise.code),)


def dose_words(dose: Dose | None) -> str:
    """A dose in one phrase that is equal for equal doses: `30 {repetitions} in 3 sets @ 40 kg`."""
    if dose is None:
        return "none"
    sets = f" in {dose.sets} sets" if dose.sets else ""
    load = f" @ {plain_number(dose.load)} kg" if dose.load is not None else ""
    return f"{plain_number(dose.amount)} {dose.unit}{sets}{load}"


def bound_of(override: Override, states: Mapping[str, ExerciseState], memory: RecordedState) -> Dose | None:
    """The dose that an override sets as upper bound: the person's."""
    if override.element != "dose" or override.exercise is None:
        return None
    if override.ours == "earlier":
        return memory.dose(override.exercise, "override")
    state = states.get(override.exercise)
    return state.dose if state else None
