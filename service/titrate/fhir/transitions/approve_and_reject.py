"""A person's decision on a draft as one transaction: the plan, everything that follows it, and Provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from titrate.fhir.conditional_update import update
from titrate.fhir.elements import Json, Resource, identifier, name, part, parts, target, targets
from titrate.fhir.narrative.banner import with_banner
from titrate.fhir.plan_state.current_plan import IN_FORCE_STATUSES
from titrate.fhir.plan_state.plan_resources import PlanResources, is_ours, version_value
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.transitions.changed_decision import DoseChangeRequest, decision_with_doses, order_changes
from titrate.fhir.transitions.plan_members import PlanMembers, plan_members
from titrate.fhir.transitions.provenance import PlanDecision, decision_provenance
from titrate.fhir.transitions.status_tables import Actor, followed, next_status
from titrate.fhir.write.resource_ids import ResourceIds


@dataclass(frozen=True, slots=True)
class Banner:
    """What the plan's narrative says after the decision: title, sentence, and quiet lines."""

    title: str
    sentence: str
    more: tuple[str, ...] = ()


def plan_names(plans: PlanResources, plan: Resource) -> ResourceIds:
    """The names of what belongs to a plan of ours that exists."""
    site, person = plans.site, plans.person
    series, version = identifier(plan, site.series_system) or "", version_value(plan, site) or ""
    return ResourceIds(site, person.id, series, version, plans.at.astimezone(ZoneInfo(person.zone)))


def approval_entries(
    plans: PlanResources, plan: Resource, act: PlanDecision, words: Banner, redoses: Mapping[str, DoseChangeRequest]
) -> list[Json]:
    """The plan and its set go active; every plan before it is completed with its set."""
    names, own = plan_names(plans, plan), plan_members(plans, plan)
    ordered = [_order(plans, order, act, redoses) for order in own.orders if order.get("status") == "draft"]
    changed = tuple(
        (redoses[read.exercise], entry["resource"])
        for entry in ordered
        if (read := read_order(plans, entry["resource"])) is not None and read.exercise in redoses
    )
    state = decision_with_doses(plans, plan, names, changed, " ".join(words.more)) if changed else None
    before = before_it(plans, plan)
    mine = [
        update(plan, status=_status(plan, "active"), text=_text(plan, words), supportingInfo=supporting(plan, state)),
        *ordered,
        *followed(PlanMembers(plan, (), own.goals, own.tasks), "active", plans.at),
        *([state] if state else []),
    ]
    told = decision_provenance(names, "ACTIVATE", addresses(mine), act, tuple(name(other.plan) for other in before))
    return [*mine, *(entry for other in before for entry in completed(plans, other)), told]


def rejection_entries(
    plans: PlanResources, plan: Resource, act: PlanDecision, words: Banner, status: str = "revoked"
) -> list[Json]:
    """A rejected draft: revoked, with its orders and goal; the Task is rejected with the reason."""
    names, own = plan_names(plans, plan), plan_members(plans, plan)
    reason = {"text": act.reason} if act.reason else None
    tasks = [
        {**entry, "resource": {**entry["resource"], **({"statusReason": reason} if reason else {})}}
        for entry in followed(PlanMembers(plan, (), (), own.tasks), "revoked", plans.at)
    ]
    entries = [
        update(plan, status=_status(plan, status), text=_text(plan, words)),
        *followed(PlanMembers(plan, own.orders, own.goals, ()), "revoked", plans.at),
        *tasks,
    ]
    return [*entries, decision_provenance(names, "ABORT", addresses(entries), act)]


def completed_by(plans: PlanResources, plan: Resource, act: PlanDecision, words: Banner, state: Json) -> list[Json]:
    """A programme that a clinician ends: the plan is completed with its orders and goal."""
    own = plan_members(plans, plan)
    entries = [
        update(
            plan, status=_status(plan, "completed"), text=_text(plan, words), supportingInfo=supporting(plan, state)
        ),
        state,
        *followed(own, "completed", plans.at),
    ]
    return [*entries, decision_provenance(plan_names(plans, plan), "COMPLETE", addresses(entries), act)]


def completed(plans: PlanResources, before: PlanMembers) -> Iterator[Json]:
    """A plan that another one takes the place of, with its orders and goal."""
    words = Banner("COMPLETED", f"Another version took this plan's place on {plan_names(plans, before.plan).today}.")
    yield update(before.plan, status=_status(before.plan, "completed"), text=_text(before.plan, words))
    yield from followed(before, "completed", plans.at)


def _status(plan: Resource, after: str) -> str:
    """The plan's next status; a status that a person gave it already stays."""
    before = str(plan.get("status"))
    return after if before == after else next_status(before, after, Actor.CLINICIAN)


def before_it(plans: PlanResources, plan: Resource) -> tuple[PlanMembers, ...]:
    """The plans that end when this one begins: those of ours that stand, and what it says it replaces."""
    replaced = targets(plan, "replaces")
    return tuple(
        plan_members(plans, other)
        for other in plans.care_plans
        if other.get("status") in IN_FORCE_STATUSES
        and name(other) != name(plan)
        and (is_ours(other, plans.site) or name(other) in replaced)
    )


def _order(plans: PlanResources, order: Resource, act: PlanDecision, redoses: Mapping[str, DoseChangeRequest]) -> Json:
    """An order goes active with its requester, where one is known, and with the dose as approved."""
    changes: Json = {"status": "active"}
    if act.who and not target(part(order, "requester")):
        changes["requester"] = {"reference": act.who}
    read = read_order(plans, order)
    if read is not None and read.exercise in redoses:
        changes.update(order_changes(order, redoses[read.exercise]))
    return update(order, **changes)


def supporting(plan: Resource, state: Json | None) -> list[Json] | None:
    """What the plan was made from, with a new state beside it."""
    listed = [dict(item) for item in parts(plan, "supportingInfo")]
    return [*listed, *([{"reference": state["fullUrl"]}] if state else [])] or None


def _text(plan: Resource, words: Banner) -> Json | None:
    return with_banner(plan, words.title, words.sentence, words.more)


def addresses(entries: list[Json]) -> list[str]:
    """What a transaction touches: `Type/id` of what is there, the address of what is new."""
    return [entry["request"]["url"] if entry["request"]["method"] == "PUT" else entry["fullUrl"] for entry in entries]
