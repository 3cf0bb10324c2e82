"""The transaction: every resource of one run, linked by `urn:uuid:`, each created only if it is not there yet.

Its Provenance says which software made the set, by which rules, from which records; approval adds its own. A strict
server refuses a claim to a profile that it does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from titrate.clinical.values.decision import Outcome
from titrate.fhir import code_systems, identifiers
from titrate.fhir.content_digest import content_digest
from titrate.fhir.elements import Json, Resource, part
from titrate.fhir.entries import Entry, entries_of, is_create
from titrate.fhir.narrative.reasons import MAX_SOURCES, deciding_sources
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.site import Site
from titrate.fhir.write.care_plan import care_plan
from titrate.fhir.write.goals import goals
from titrate.fhir.write.observations import assessment_observation, decision_observation
from titrate.fhir.write.resource_ids import ResourceIds, concept, present, resource_ids
from titrate.fhir.write.service_requests import orders
from titrate.fhir.write.task_and_alerts import (
    communication,
    communication_value,
    flag_resources,
    review_task,
    stopping_flags,
    text_tasks,
)

# The address of a new resource in the transaction, and the resource.
NewResource = tuple[str, Json]


def with_known_profiles(bundle: Mapping[str, Any], known: Collection[str]) -> Json:
    """The Bundle with no other claims in `meta.profile` than those the server knows; a `|version` is ignored.

    A resource conforms whether it claims a profile or not. Resources that are updated keep the claims they have.
    """
    profiles = frozenset(profile.split("|")[0] for profile in known)
    return {**bundle, "entry": [_entry(entry, profiles) for entry in entries_of(bundle)]}


def _entry(entry: Entry, known: frozenset[str]) -> Entry:
    resource = part(entry, "resource")
    claimed = part(resource, "meta").get("profile", ())
    kept = [profile for profile in claimed if profile.split("|")[0] in known]
    if not is_create(entry) or len(kept) == len(claimed):
        return entry
    return {**entry, "resource": _claiming(resource, kept)}


def _claiming(resource: Resource, profiles: list[str]) -> Json:
    """A copy with these claims; other metadata stays, and an empty `meta` goes."""
    meta = {key: item for key, item in {**part(resource, "meta"), "profile": profiles}.items() if item}
    return {key: meta if key == "meta" else item for key, item in resource.items() if key != "meta" or meta}


def provenance(proposal: PlanProposal, names: ResourceIds, targets: list[str]) -> Json:
    """One for the whole set; `targets` are the addresses of what the transaction creates."""
    return present(
        resourceType="Provenance",
        target=[{"reference": target} for target in targets],
        recorded=names.now,
        policy=[f"{names.site.canonical}/rulebook/{proposal.rulebook.version}"],
        activity=concept(f"{code_systems.TERMINOLOGY}/v3-DataOperation", "CREATE", "create"),
        agent=[
            present(
                type=concept(code_systems.PARTICIPANT, "assembler", "Assembler"),
                who=names.device(),
                onBehalfOf=names.organisation(),
            )
        ],
        entity=_entities(proposal),
    )


def _entities(proposal: PlanProposal) -> list[Json]:
    before = [{"role": "revision", "what": {"reference": proposal.plan.reference}}] if proposal.plan.reference else []
    sources = deciding_sources(proposal)[:MAX_SOURCES]
    return [*before, *({"role": "source", "what": {"reference": item.reference}} for item in sources)]


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


def text_task_entries(proposal: PlanProposal, names: ResourceIds, known: Collection[str]) -> list[Json]:
    """The Tasks to read texts, without those whose identifier values are known."""
    tasks = text_tasks(proposal, names)
    return [_create(names.url_of(value), task) for value, task in tasks.items() if value not in known]


def transaction(entries: list[Json]) -> Json:
    """A transaction Bundle. FHIR allows none without an entry, so an empty one has no `entry` at all."""
    return {"resourceType": "Bundle", "type": "transaction", **({"entry": entries} if entries else {})}


def _draft(proposal: PlanProposal, names: ResourceIds) -> list[NewResource]:
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


def _alerts(proposal: PlanProposal, names: ResourceIds) -> list[NewResource]:
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
