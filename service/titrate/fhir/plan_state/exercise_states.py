"""Each exercise of the plan in force: its active order gives dose and timing, the last decision everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from titrate.clinical.values.plan import EARLIER, Dose, EditedElement, ExerciseState, Override
from titrate.clinical.values.rulebook import Domain, Exercise, Rulebook
from titrate.fhir.decision_record import DecisionRecord, ExerciseRecord
from titrate.fhir.doses import comparable_dose_words
from titrate.fhir.elements import updated
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.plan_state.service_requests import ExerciseOrder, ordered_dose


@dataclass(frozen=True, slots=True)
class PlanDays:
    """The plan's days, and whether it is active.

    `since` is when the plan's doses began unless a date is recorded. `approved` replaces the day of the draft in every
    date that began with the draft, because a dose begins when a clinician approves it.
    """

    since: date | None
    approved: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class ExerciseInputs:
    """What the EHR holds about one exercise: its order, what the last decision recorded, and the plan's days."""

    exercise: Exercise
    order: ExerciseOrder | None
    decision: DecisionRecord
    plan: PlanDays

    @property
    def recorded(self) -> ExerciseRecord:
        """What the decision recorded of this exercise."""
        return self.decision.exercise(self.exercise.code)


def exercise_states(
    plans: PlanResources, orders: Mapping[str, ExerciseOrder], decision: DecisionRecord, days: PlanDays
) -> tuple[tuple[ExerciseState, ...], tuple[Override, ...]]:
    """The exercises of the plan in the fixed order of domains, and every dose, timing or status that was edited."""
    states: list[ExerciseState] = []
    overrides: list[Override] = []
    for code in _in_order(plans.rulebook, {*orders, *decision.exercises}):
        inputs = ExerciseInputs(plans.rulebook.exercises[code], orders.get(code), decision, days)
        state, found = _state(plans, inputs)
        states.append(state)
        overrides.extend(found)
    return tuple(states), tuple(overrides)


def _in_order(rulebook: Rulebook, names: set[str]) -> list[str]:
    domains = list(Domain)
    known = [name for name in names if name in rulebook.exercises]
    return sorted(known, key=lambda name: (domains.index(rulebook.exercises[name].domain), name))


def _state(plans: PlanResources, inputs: ExerciseInputs) -> tuple[ExerciseState, tuple[Override, ...]]:
    recorded, order = inputs.recorded, inputs.order
    dose = ordered_dose(plans.rulebook, order, recorded.dose) if order and inputs.plan.active else None
    overrides = _overrides(inputs, dose)
    state = ExerciseState(
        exercise=inputs.exercise.code,
        dose=dose,
        weekly_frequency=_frequency(inputs),
        start=recorded.start or (dose if inputs.decision.reference is None else None),
        reference=recorded.reference,
        before_flare=recorded.before_flare,
        before_deload=recorded.before_deload,
        rung=recorded.rung,
        dose_since=_dose_since(plans, inputs, edited=any(item.element is EditedElement.DOSE for item in overrides)),
        last_raised=from_approval(recorded.last_raised, inputs.decision, inputs.plan.approved),
        goal_linked=bool(order and order.goal_linked),
        increment=recorded.increment,
        range_low=recorded.range_low,
        range_high=recorded.range_high,
        target=recorded.target,
        request=order.reference if order else None,
    )
    return state, overrides


def _frequency(inputs: ExerciseInputs) -> int:
    """Sessions a week as ordered, else as recorded. At least 1, because adherence is measured against it."""
    ordered = inputs.order.weekly_frequency if inputs.order else None
    return ordered or inputs.recorded.weekly_frequency or 1


def _dose_since(plans: PlanResources, inputs: ExerciseInputs, *, edited: bool) -> date | None:
    """Since when the dose is in force. An edited dose counts from the day the order was last written, if later."""
    since = from_approval(inputs.recorded.dose_since, inputs.decision, inputs.plan.approved) or inputs.plan.since
    written = updated(inputs.order.resource, plans.person.zone) if edited and inputs.order else None
    if written is None or written > plans.at:
        return since
    return max(written.date(), since) if since else written.date()


def from_approval(day: date | None, decision: DecisionRecord, approved: date | None) -> date | None:
    """A date of the draft's own day moves to the day of approval; every other date stays."""
    if day is not None and approved is not None and day == decision.day and approved > day:
        return approved
    return day


def _overrides(inputs: ExerciseInputs, dose: Dose | None) -> tuple[Override, ...]:
    """Dose, timing and status of the order where they differ from what the service wrote."""
    if inputs.decision.reference is None:
        return ()
    reference = inputs.order.reference if inputs.order else inputs.decision.reference
    found = [
        Override(reference, element, written, edited, inputs.exercise.code)
        for element, written, edited in (_status(inputs), *_dose_and_timing(inputs, dose))
        if written != edited
    ]
    return tuple(found) or _carried(inputs, reference, dose)


def _status(inputs: ExerciseInputs) -> tuple[EditedElement, str, str]:
    if inputs.recorded.dose is None or (inputs.order and not inputs.plan.active):
        return EditedElement.STATUS, "", ""
    return EditedElement.STATUS, "active", inputs.order.status if inputs.order else "absent"


def _dose_and_timing(inputs: ExerciseInputs, dose: Dose | None) -> list[tuple[EditedElement, str, str]]:
    order = inputs.order
    if order is None or order.status != "active" or not inputs.plan.active:
        return []
    written, edited = inputs.recorded.weekly_frequency, order.weekly_frequency
    timing = [] if written is None or edited is None else [(EditedElement.TIMING, f"{written}/wk", f"{edited}/wk")]
    return [(EditedElement.DOSE, comparable_dose_words(inputs.recorded.dose), comparable_dose_words(dose)), *timing]


def _carried(inputs: ExerciseInputs, reference: str, dose: Dose | None) -> tuple[Override, ...]:
    """A dose that an earlier run recorded as edited stays an override until a clinician changes it again."""
    bound = inputs.recorded.override
    if bound is None or dose is None:
        return ()
    return (
        Override(
            reference, EditedElement.DOSE, EARLIER, comparable_dose_words(bound), inputs.exercise.code, carried=True
        ),
    )


def bound_of(override: Override, states: Mapping[str, ExerciseState], decision: DecisionRecord) -> Dose | None:
    """The upper bound that an override sets: the edited dose."""
    if override.element is not EditedElement.DOSE or override.exercise is None:
        return None
    if override.carried:
        return decision.exercise(override.exercise).override
    state = states.get(override.exercise)
    return state.dose if state else None
