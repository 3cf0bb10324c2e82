"""A clinician's decision on a plan as one transaction: an approval, a rejection or a phase, with its Provenance.

A decision on a draft changes the plan, its orders, goal and Task. A phase leaves the doses; a decision records it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from titrate.clinical.values.plan import Phase
from titrate.fhir import code_systems
from titrate.fhir.elements import Json, Resource, identifier, name, part, parts, target, targets
from titrate.fhir.narrative.section import with_banner
from titrate.fhir.plan_decisions.changed_decision import (
    DoseChangeRequest,
    decision_with_doses,
    decision_with_phase,
    order_changes,
)
from titrate.fhir.plan_decisions.plan_status import Actor, PlanMembers, followed, next_status, plan_members
from titrate.fhir.plan_state.current_plan import IN_FORCE_STATUSES
from titrate.fhir.plan_state.plan_history import ACTIVITIES, ACTIVITY
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate, version_value
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.transaction_entries import update
from titrate.fhir.write.resource_ids import ResourceIds, concept, present
from titrate.messages import Message
from titrate.messages.plan_decisions import PlanCompletedTitle, PlanReplaced

# The phases that a clinician may choose, and from which.
CHOICES: dict[Phase, frozenset[Phase]] = {
    Phase.MAINTENANCE: frozenset({Phase.LOADING, Phase.LIGHTER_WEEK, Phase.RETURN, Phase.DELOAD}),
    Phase.LOADING: frozenset({Phase.MAINTENANCE}),
    Phase.BASELINE: frozenset({Phase.STOPPED}),
    Phase.DISCHARGED: frozenset(Phase) - {Phase.DISCHARGED},
}


@dataclass(frozen=True, slots=True)
class PlanDecision:
    """Who decided (`Practitioner/ID`) and why. None is what the EHR does not record."""

    who: str | None = None
    reason: str | None = None


def decision_provenance(
    names: ResourceIds, activity: str, touched: Sequence[str], decision: PlanDecision, before: Sequence[str] = ()
) -> Json:
    """A POST entry. `touched` are `Type/id` or addresses in the transaction, the plan first; `before` what it ended.

    Only an activation names the clinician as verifier: that role makes it an approval.
    """
    role = ("verifier", "Verifier") if activity == "ACTIVATE" else ("author", "Author")
    clinician = (
        [{"type": concept(code_systems.PARTICIPANT, *role), "who": {"reference": decision.who}}] if decision.who else []
    )
    device = present(
        type=concept(code_systems.PARTICIPANT, "assembler", "Assembler"),
        who=names.device(),
        onBehalfOf=names.organisation(),
    )
    resource = present(
        resourceType="Provenance",
        target=[{"reference": item} for item in touched],
        recorded=names.now,
        reason=[{"text": decision.reason}] if decision.reason else None,
        activity=concept(ACTIVITY, activity, ACTIVITIES.get(activity, "revise")),
        agent=[*clinician, device],
        entity=[{"role": "revision", "what": {"reference": item}} for item in before],
    )
    return {
        "fullUrl": names.url("provenance", activity, names.now),
        "resource": resource,
        "request": {"method": "POST", "url": "Provenance"},
    }


@dataclass(frozen=True, slots=True)
class Banner:
    """The head of the plan's narrative after a decision: title, sentence, and further lines."""

    title: Message
    sentence: Message
    more: tuple[Message, ...] = ()


def plan_names(plans: PlanResources, plan: Resource) -> ResourceIds:
    """The identifiers of what belongs to an existing plan."""
    site, person = plans.site, plans.person
    series, version = identifier(plan, site.series_system) or "", version_value(plan, site) or ""
    return ResourceIds(site, person.id, series, version, plans.at.astimezone(ZoneInfo(person.zone)))


def approval_entries(
    plans: PlanResources,
    plan: Resource,
    decision: PlanDecision,
    words: Banner,
    dose_changes: Mapping[str, DoseChangeRequest],
) -> list[Json]:
    """The plan and its members become active; every plan before it is completed with its members."""
    names, own = plan_names(plans, plan), plan_members(plans, plan)
    ordered = [_order(plans, order, decision, dose_changes) for order in own.orders if order.get("status") == "draft"]
    changed = tuple(
        (dose_changes[read.exercise], entry["resource"])
        for entry in ordered
        if (read := read_order(plans, entry["resource"])) is not None and read.exercise in dose_changes
    )
    state = decision_with_doses(plans, plan, names, changed, " ".join(map(str, words.more))) if changed else None
    before = before_it(plans, plan)
    entries = [
        update(
            plan, status=_status(plan, "active"), text=banner_text(plan, words), supportingInfo=supporting(plan, state)
        ),
        *ordered,
        *followed(PlanMembers(plan, (), own.goals, own.tasks), "active", plans.at),
        *([state] if state else []),
    ]
    provenance = decision_provenance(
        names, "ACTIVATE", addresses(entries), decision, tuple(name(other.plan) for other in before)
    )
    return [*entries, *(entry for other in before for entry in completed(plans, other)), provenance]


def rejection_entries(
    plans: PlanResources, plan: Resource, decision: PlanDecision, words: Banner, status: str = "revoked"
) -> list[Json]:
    """A rejected draft: revoked, with its orders and goal; the Task is rejected with the reason."""
    names, own = plan_names(plans, plan), plan_members(plans, plan)
    reason = {"text": decision.reason} if decision.reason else None
    tasks = [
        {**entry, "resource": {**entry["resource"], **({"statusReason": reason} if reason else {})}}
        for entry in followed(PlanMembers(plan, (), (), own.tasks), "revoked", plans.at)
    ]
    entries = [
        update(plan, status=_status(plan, status), text=banner_text(plan, words)),
        *followed(PlanMembers(plan, own.orders, own.goals, ()), "revoked", plans.at),
        *tasks,
    ]
    return [*entries, decision_provenance(names, "ABORT", addresses(entries), decision)]


def completed_by(
    plans: PlanResources, plan: Resource, decision: PlanDecision, words: Banner, state: Json
) -> list[Json]:
    """A programme that a clinician ends: the plan is completed with its orders and goal."""
    own = plan_members(plans, plan)
    entries = [
        update(
            plan,
            status=_status(plan, "completed"),
            text=banner_text(plan, words),
            supportingInfo=supporting(plan, state),
        ),
        state,
        *followed(own, "completed", plans.at),
    ]
    return [*entries, decision_provenance(plan_names(plans, plan), "COMPLETE", addresses(entries), decision)]


def completed(plans: PlanResources, before: PlanMembers) -> Iterator[Json]:
    """A plan that another one replaces, with its orders and goal."""
    today = plan_names(plans, before.plan).at.date()
    words = Banner(PlanCompletedTitle(), PlanReplaced(today=today))
    yield update(before.plan, status=_status(before.plan, "completed"), text=banner_text(before.plan, words))
    yield from followed(before, "completed", plans.at)


def _status(plan: Resource, after: str) -> str:
    """The plan's next status; a status that it has already stays."""
    before = str(plan.get("status"))
    return after if before == after else next_status(before, after, Actor.CLINICIAN)


def before_it(plans: PlanResources, plan: Resource) -> tuple[PlanMembers, ...]:
    """The plans that end when this one begins: the service's plans in force, and those that it replaces."""
    replaced = targets(plan, "replaces")
    return tuple(
        plan_members(plans, other)
        for other in plans.care_plans
        if other.get("status") in IN_FORCE_STATUSES
        and name(other) != name(plan)
        and (from_titrate(other, plans.site) or name(other) in replaced)
    )


def _order(
    plans: PlanResources, order: Resource, decision: PlanDecision, dose_changes: Mapping[str, DoseChangeRequest]
) -> Json:
    """An order becomes active with its requester, if known, and with the dose as approved."""
    changes: Json = {"status": "active"}
    if decision.who and not target(part(order, "requester")):
        changes["requester"] = {"reference": decision.who}
    read = read_order(plans, order)
    if read is not None and read.exercise in dose_changes:
        changes.update(order_changes(order, dose_changes[read.exercise]))
    return update(order, **changes)


def supporting(plan: Resource, state: Json | None) -> list[Json] | None:
    """The plan's supporting records, with a new decision among them."""
    listed = [dict(item) for item in parts(plan, "supportingInfo")]
    return [*listed, *([{"reference": state["fullUrl"]}] if state else [])] or None


def banner_text(plan: Resource, words: Banner) -> Json | None:
    """The plan's narrative under a banner; None where the plan has no narrative."""
    return with_banner(plan, str(words.title), str(words.sentence), tuple(map(str, words.more)))


def addresses(entries: list[Json]) -> list[str]:
    """What a transaction touches: `Type/id` of existing resources, the fullUrl of new ones."""
    return [entry["request"]["url"] if entry["request"]["method"] == "PUT" else entry["fullUrl"] for entry in entries]


def phase_entries(
    plans: PlanResources, plan: Resource, phase: Phase, decision: PlanDecision, words: Banner
) -> list[Json]:
    """The plan, a decision with the new phase, and Provenance. A discharge ends the plan as well."""
    names = plan_names(plans, plan)
    state = decision_with_phase(plans, plan, names, phase, " ".join(map(str, (words.sentence, *words.more))))
    linked = supporting(plan, state)
    if phase is Phase.DISCHARGED:
        return completed_by(plans, plan, decision, words, state)
    entries = [update(plan, supportingInfo=linked), state]
    return [*entries, decision_provenance(names, "UPDATE", addresses(entries), decision)]
