"""The transaction: every resource of one run, linked by `urn:uuid:`, each created only if it is not there yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from titrate.clinical.values.decision import Outcome
from titrate.fhir import identifiers
from titrate.fhir.content_digest import content_digest
from titrate.fhir.elements import Json
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.site import Site
from titrate.fhir.write.care_plan import care_plan
from titrate.fhir.write.flags_and_message import communication, communication_value, flag_resources, stopping_flags
from titrate.fhir.write.goals import goals
from titrate.fhir.write.observations import assessment_observation, decision_observation
from titrate.fhir.write.provenance import provenance
from titrate.fhir.write.resource_ids import ResourceIds, resource_ids
from titrate.fhir.write.service_requests import orders
from titrate.fhir.write.task import review_task

Entry = tuple[str, Json]


def compose(proposal: PlanProposal, site: Site, at: datetime) -> Json:
    """A new draft with all that belongs to it, as one transaction Bundle; empty if the patient is not eligible."""
    if proposal.decision.outcome is Outcome.NOT_ELIGIBLE:
        return transaction([])
    names = resource_ids(proposal, site, at)
    entries = _draft(proposal, names)
    made = provenance(proposal, names, [url for url, _ in entries])
    return transaction([*(_create(*entry) for entry in entries), _plain(names.url("provenance"), made)])


def record(proposal: PlanProposal, site: Site, at: datetime) -> Json:
    """The day's decision alone, for a plan that stays as it is. One a local day: the day is its identity."""
    names = resource_ids(proposal, site, at)
    value = identifiers.resource_value(site, names.series, "decision", names.today)
    observation = decision_observation(proposal, names, value, proposal.plan.reference, {})
    return transaction([_create(names.url_of(value), observation)])


def alert(proposal: PlanProposal, site: Site, at: datetime) -> Json:
    """The Flags and the Communication of a red flag alone, for a draft that exists already."""
    names = resource_ids(proposal, site, at)
    return transaction([_create(*entry) for entry in _alerts(proposal, names)])


def transaction(entries: list[Json]) -> Json:
    """A transaction Bundle. FHIR allows none without an entry, so an empty one has no `entry` at all."""
    return {"resourceType": "Bundle", "type": "transaction", **({"entry": entries} if entries else {})}


def _draft(proposal: PlanProposal, names: ResourceIds) -> list[Entry]:
    """Address and resource, in a fixed order: plan, goals, orders, observations, task, alerts."""
    ordered, proposed = orders(proposal, names), goals(proposal, names)
    plan = care_plan(proposal, names, list(ordered))
    digests = _digests(names, plan, proposed, ordered)
    decision = decision_observation(proposal, names, names.value("decision"), names.plan_url, digests)
    return [
        (names.plan_url, plan),
        *((names.url("goal"), goal) for goal in proposed),
        *((names.url("order", exercise), order) for exercise, order in ordered.items()),
        (names.url("assessment"), assessment_observation(proposal, names)),
        (names.url("decision"), decision),
        (names.url("task"), review_task(proposal, names)),
        *_alerts(proposal, names),
    ]


def _alerts(proposal: PlanProposal, names: ResourceIds) -> list[Entry]:
    flags = stopping_flags(proposal)
    if not flags:
        return []
    addresses = [names.url_of(names.flag_value(flag)) for flag in flags]
    message = (names.url_of(communication_value(proposal, names)), communication(proposal, names))
    return [*zip(addresses, flag_resources(proposal, names), strict=True), message]


def _digests(names: ResourceIds, plan: Json, proposed: list[Json], ordered: dict[str, Json]) -> dict[str, str]:
    """Digests of what is written, by the key under which the next run looks for manual edits."""
    known = _known(names, list(ordered))
    return {
        "plan": content_digest(plan, known),
        **({"goal": content_digest(proposed[0], known)} if proposed else {}),
        **{exercise: content_digest(order, known) for exercise, order in ordered.items()},
    }


def _known(names: ResourceIds, exercises: list[str]) -> Callable[[str], str]:
    """From an address inside the transaction to the identifier, which stays when the server gives ids."""
    values = [names.value("goal"), *(names.value("order", exercise) for exercise in exercises)]
    by_url = {names.url_of(value): value for value in values}
    return lambda reference: by_url.get(reference, reference)


def _create(url: str, resource: Json) -> Json:
    """A conditional create: the server makes it only if no resource has the first identifier."""
    first = resource["identifier"][0]
    condition = f"identifier={first['system']}|{first['value']}"
    request = {"method": "POST", "url": resource["resourceType"], "ifNoneExist": condition}
    return {"fullUrl": url, "resource": resource, "request": request}


def _plain(url: str, resource: Json) -> Json:
    """A create without a condition: R4 gives Provenance no identifier to be known by."""
    return {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}
