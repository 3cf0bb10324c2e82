"""The plan in force, rebuilt from what the EHR holds now: where every run starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from titrate.clinical.values.plan import (
    EARLIER,
    NO_PLAN,
    EditedElement,
    OpenDraftState,
    Override,
    Phase,
    PlanInForce,
    UpperBound,
)
from titrate.fhir.decision_record import DecisionRecord
from titrate.fhir.elements import Resource, identifier, instant, name, part, parts, target, targets, text, updated
from titrate.fhir.plan_state.exercise_states import PlanDays, bound_of, exercise_states, from_approval
from titrate.fhir.plan_state.other_authors import (
    BY_VALUE,
    is_edited,
    manual_edits,
    other_order_caps,
    other_plan_caps,
    other_plans,
)
from titrate.fhir.plan_state.plan_faults import plan_faults
from titrate.fhir.plan_state.plan_history import (
    approved_on,
    begin_date,
    past_decision,
    read_decision,
    started_on,
    state_observation,
    written_with,
)
from titrate.fhir.plan_state.plan_resources import LONG_AGO, PlanResources, from_titrate, version_value
from titrate.fhir.plan_state.service_requests import ExerciseOrder, activities, is_plausible, read_order

IN_FORCE_STATUSES = ("active", "on-hold")


def current_plan(plans: PlanResources) -> PlanInForce:
    """The plan in force with its exercises, edits, upper bounds and history. No oddity in one resource raises."""
    plan = plan_in_force(plans)
    others = other_plans(plans, plan)
    found = NO_PLAN if plan is None else _in_force(plans, plan)
    own = () if plan is None else tuple(order.reference for order in orders_of(plans, plan).values())
    return replace(
        found,
        bounds=(*found.bounds, *other_plan_caps(plans, others), *other_order_caps(plans, own)),
        unreadable=plan_faults(plans, plan),
        other_plans=tuple(name(other) for other in others),
        history=tuple(past_decision(plans, item) for item in plans.decisions),
        drafts=tuple(open_draft_state(plans, item) for item in open_drafts(plans)),
        versions=_versions(plans),
    )


def _in_force(plans: PlanResources, plan: Resource) -> PlanInForce:
    recorded = read_decision(plans, state_observation(plans, plan))
    first, approved = begin_date(plans, plan), approved_on(plans, plan)
    days = PlanDays(first, approved, plan.get("status") == "active")
    states, overrides = exercise_states(plans, orders_of(plans, plan), recorded, days)
    overrides = (*overrides, *_changes(plans, plan))
    by_exercise = {state.exercise: state for state in states}
    capped = ((item, bound_of(item, by_exercise, recorded)) for item in overrides)
    return PlanInForce(
        reference=name(plan),
        version=version_value(plan, plans.site),
        phase=recorded.phase or Phase.LOADING,
        phase_since=from_approval(recorded.phase_since, recorded, approved) or first,
        exercises=states,
        started=started_on(plans, plan),
        approved=approved,
        loading_since=_loading_since(recorded, approved, first),
        flare_first_day=recorded.flare_first_day,
        flare_grade=recorded.flare_grade,
        usual_pain=recorded.usual_pain,
        usual_fatigue=recorded.usual_fatigue,
        state_date=recorded.day,
        state_reference=recorded.reference,
        written_by_clinician=not from_titrate(plan, plans.site),
        on_hold=plan.get("status") == "on-hold",
        overrides=overrides,
        implausible_orders=_implausible_orders(plans, plan, recorded),
        bounds=tuple(UpperBound(str(item.exercise), dose, name(plan)) for item, dose in capped if dose is not None),
    )


def _implausible_orders(plans: PlanResources, plan: Resource, recorded: DecisionRecord) -> tuple[str, ...]:
    return tuple(
        order.reference
        for order in orders_of(plans, plan).values()
        if order.in_force
        and (dose := order.dose(before := recorded.exercise(order.exercise).dose)) is not None
        and not is_plausible(plans.rulebook, dose, before)
    )


def _loading_since(recorded: DecisionRecord, approved: date | None, first: date | None) -> date | None:
    """Since when the patient has been loading; without a recorded phase, since the plan's start."""
    since = from_approval(recorded.loading_since, recorded, approved)
    return since if recorded.phase is not None else since or first


def _changes(plans: PlanResources, plan: Resource) -> tuple[Override, ...]:
    """Edits of the plan's status, and those that only the stored digests show; dose and timing compare by value."""
    recorded = read_decision(plans, written_with(plans, plan))
    is_active = plan.get("status") == "active"
    status = () if is_active else (Override(name(plan), EditedElement.STATUS, "active", str(plan["status"])),)
    found = tuple(item for item in manual_edits(plans, plan, recorded) if item.element not in BY_VALUE)
    edited = {item.reference for item in found if item.element is EditedElement.INSTRUCTION}
    carried = (item for item in _instructions(plans, plan, recorded) if item.reference not in edited)
    return (*status, *found, *carried)


def _instructions(plans: PlanResources, plan: Resource, recorded: DecisionRecord) -> Iterator[Override]:
    """Instructions that a clinician wrote into an earlier version: they stay until a clinician changes them."""
    for order in orders_of(plans, plan).values():
        words = recorded.exercise(order.exercise).instruction
        if words is not None and words == text(order.resource, "patientInstruction"):
            yield Override(order.reference, EditedElement.INSTRUCTION, EARLIER, words, order.exercise, carried=True)


def open_drafts(plans: PlanResources) -> tuple[Resource, ...]:
    """The service's open drafts, by name."""
    drafts = (plan for plan in plans.care_plans if plan.get("status") == "draft" and from_titrate(plan, plans.site))
    return tuple(sorted(drafts, key=name))


def open_draft_state(plans: PlanResources, plan: Resource) -> OpenDraftState:
    """The version, age and manual edits of an open draft."""
    recorded = read_decision(plans, written_with(plans, plan))
    return OpenDraftState(
        reference=name(plan),
        version=version_value(plan, plans.site) or "",
        created=instant(plan.get("created"), plans.person.zone),
        touched=is_edited(plans, plan, recorded),
    )


def _versions(plans: PlanResources) -> Mapping[str, str]:
    """The server's version of every resource that the service wrote, so that no write overwrites an edit."""
    return {
        item: version
        for item, resource in plans.by_name.items()
        if from_titrate(resource, plans.site) and (version := text(part(resource, "meta"), "versionId")) is not None
    }


def plan_in_force(plans: PlanResources) -> Resource | None:
    """The newest plan of the service that is active or on hold, else a clinician's plan with readable orders."""
    own = [
        plan for plan in plans.care_plans if from_titrate(plan, plans.site) and plan.get("status") in IN_FORCE_STATUSES
    ]
    replaced = {item for plan in own for item in targets(plan, "replaces")}
    newest = [plan for plan in own if name(plan) not in replaced] or own
    return max(newest, key=lambda plan: _age(plans, plan), default=None) or _clinicians_plan(plans)


def _age(plans: PlanResources, plan: Resource) -> tuple[bool, datetime, datetime, str]:
    """Active before on hold, then the later start, then the later record."""
    zone = plans.person.zone
    starts = instant(part(plan, "period").get("start"), zone) or instant(plan.get("created"), zone) or LONG_AGO
    made = instant(plan.get("created"), zone) or updated(plan, zone) or LONG_AGO
    return plan.get("status") == "active", starts, made, name(plan)


def _clinicians_plan(plans: PlanResources) -> Resource | None:
    """The newest active plan that neither the service nor a device wrote and that orders an exercise of the library."""
    found = [
        plan
        for plan in plans.care_plans
        if plan.get("status") == "active"
        and not from_titrate(plan, plans.site)
        and not (target(part(plan, "author")) or "").startswith("Device/")
        and any(order.in_force for order in activities(plans, plan))
    ]
    return max(found, key=lambda plan: _age(plans, plan), default=None)


def orders_of(plans: PlanResources, plan: Resource) -> dict[str, ExerciseOrder]:
    """The plan's orders by exercise. Of two for one exercise the active one counts, then the lower.

    A plan that lost its links is given the active orders that no plan names: see `_unlinked_orders`.
    """
    found = activities(plans, plan) or _unlinked_orders(plans, plan)
    orders: dict[str, ExerciseOrder] = {}
    for order in sorted(found, key=_preference, reverse=True):
        orders[order.exercise] = order
    return orders


def _preference(order: ExerciseOrder) -> tuple[bool, bool, object]:
    """Sorts the order that should win first."""
    return not order.in_force, order.amount is None, order.amount or 0


def _unlinked_orders(plans: PlanResources, plan: Resource) -> tuple[ExerciseOrder, ...]:
    """Active orders that no plan names, of the same series if there are any.

    Empty for a plan that was written without any dose: it has lost no link.
    """
    recorded = read_decision(plans, written_with(plans, plan))
    if recorded.reference is not None and not any(exercise.dose for exercise in recorded.exercises.values()):
        return ()
    series = identifier(plan, plans.site.series_system)
    entries = (entry for other in plans.care_plans for entry in parts(other, "activity"))
    named = {item for entry in entries for item in targets(entry, "reference")}
    orders = [order for item in plans.of_type("ServiceRequest") if (order := read_order(plans, item)) is not None]
    active = [order for order in orders if order.in_force and order.reference not in named]
    same = [order for order in active if identifier(order.resource, plans.site.series_system) == series]
    return tuple(same if series and same else active)
