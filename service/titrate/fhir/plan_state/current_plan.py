"""Which CarePlan is in force, and which orders and state belong to it."""

from __future__ import annotations

from datetime import datetime

from titrate.fhir import code_systems
from titrate.fhir.elements import Resource, identifier, instant, name, part, parts, target, targets, updated
from titrate.fhir.plan_state.decision_record import recorded_state
from titrate.fhir.plan_state.plan_resources import LONG_AGO, PlanResources, decided_at, is_ours
from titrate.fhir.plan_state.service_requests import ExerciseOrder, read_order

IN_FORCE_STATUSES = ("active", "on-hold")


def plan_in_force(holdings: PlanResources) -> Resource | None:
    """The newest plan of ours that stands, else a person's plan in our shapes."""
    ours = [plan for plan in holdings.plans if is_ours(plan, holdings.site) and plan.get("status") in IN_FORCE_STATUSES]
    replaced = {item for plan in ours for item in targets(plan, "replaces")}
    newest = [plan for plan in ours if name(plan) not in replaced] or ours
    return max(newest, key=lambda plan: _age(holdings, plan), default=None) or _by_a_person(holdings)


def _age(holdings: PlanResources, plan: Resource) -> tuple[bool, datetime, datetime, str]:
    """Active before on hold, then the later start, then the later record."""
    zone = holdings.person.zone
    starts = instant(part(plan, "period").get("start"), zone) or instant(plan.get("created"), zone) or LONG_AGO
    made = instant(plan.get("created"), zone) or updated(plan, zone) or LONG_AGO
    return plan.get("status") == "active", starts, made, name(plan)


def _by_a_person(holdings: PlanResources) -> Resource | None:
    """The newest active plan that is not ours, not a machine's, and has an active order for an exercise we know."""
    theirs = [
        plan
        for plan in holdings.plans
        if plan.get("status") == "active"
        and not is_ours(plan, holdings.site)
        and not (target(part(plan, "author")) or "").startswith("Device/")
        and _own_orders(holdings, plan)
    ]
    return max(theirs, key=lambda plan: _age(holdings, plan), default=None)


def _own_orders(holdings: PlanResources, plan: Resource) -> tuple[ExerciseOrder, ...]:
    """The active orders that the plan's activities refer to."""
    return tuple(order for order in activities(holdings, plan) if order.status == "active")


def activities(holdings: PlanResources, plan: Resource) -> tuple[ExerciseOrder, ...]:
    """The orders for exercises we know that the plan refers to, in any status."""
    names = [item for activity in parts(plan, "activity") for item in targets(activity, "reference")]
    orders = (read_order(holdings, request) for request in holdings.named(names))
    return tuple(order for order in orders if order is not None)


def orders_of(holdings: PlanResources, plan: Resource) -> dict[str, ExerciseOrder]:
    """The plan's orders by exercise. Of two for one exercise the active one counts, then the lower.

    A plan that lost its links is given the active orders that no plan names: see `_strays`.
    """
    found = activities(holdings, plan) or _strays(holdings, plan)
    orders: dict[str, ExerciseOrder] = {}
    for order in sorted(found, key=_preference, reverse=True):
        orders[order.exercise] = order
    return orders


def _preference(order: ExerciseOrder) -> tuple[bool, bool, object]:
    """Sorts the order that should win first."""
    return order.status != "active", order.amount is None, order.amount or 0


def _strays(holdings: PlanResources, plan: Resource) -> tuple[ExerciseOrder, ...]:
    """Active orders that no plan names, of the same series if there are any.

    None for a plan that was written without any dose: it lost nothing.
    """
    state = recorded_state(holdings, written_with(holdings, plan))
    if state.reference is not None and not any(state.dose(exercise) for exercise in state.exercises()):
        return ()
    series = identifier(plan, holdings.site.series_system)
    entries = (entry for other in holdings.plans for entry in parts(other, "activity"))
    named = {item for entry in entries for item in targets(entry, "reference")}
    orders = [order for item in holdings.of_type("ServiceRequest") if (order := read_order(holdings, item)) is not None]
    active = [order for order in orders if order.status == "active" and order.reference not in named]
    same = [order for order in active if identifier(order.resource, holdings.site.series_system) == series]
    return tuple(same if series and same else active)


def state_observation(holdings: PlanResources, plan: Resource) -> Resource | None:
    """The newest final decision of ours that is based on the plan, else the one among the plan's supporting records.

    The day's own decision is left out: a second run on one day starts from where the first one did, and says the same.
    """
    supporting = targets(plan, "supportingInfo")
    listed = [item for item in holdings.decisions if name(item) in supporting]
    today = holdings.local_day(holdings.at)
    based = [
        item
        for item in holdings.decisions
        if name(plan) in targets(item, "basedOn")
        and (name(item) in supporting or holdings.local_day(decided_at(item, holdings.person.zone)) < today)
    ]
    found = based or listed
    return found[-1] if found else None


def written_with(holdings: PlanResources, plan: Resource) -> Resource | None:
    """The decision that was written together with the plan: the one it lists, else the first that is based on it."""
    supporting = targets(plan, "supportingInfo")
    listed = [item for item in holdings.decisions if name(item) in supporting]
    based = [item for item in holdings.decisions if name(plan) in targets(item, "basedOn")]
    found = listed[-1:] or based
    return found[0] if found else None


def concerns_activity(plan: Resource) -> bool:
    """Whether a plan is in the physical-activity category, by its code alone: the code system is expected to move."""
    return any(
        coding.get("code") == code_systems.PHYSICAL_ACTIVITY
        for category in parts(plan, "category")
        for coding in parts(category, "coding")
    )
