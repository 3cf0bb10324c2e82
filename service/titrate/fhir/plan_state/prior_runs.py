"""What earlier runs left in the EHR beside the plan in force: open drafts whole, spent versions, the last decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from titrate.clinical.values.decision import LimitUsed
from titrate.clinical.values.plan import OpenDraftState
from titrate.clinical.values.readings import PatientDetails
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.elements import Resource, identifier, instant, name, part, parts, target, targets, updated
from titrate.fhir.plan_state.current_plan import plan_in_force, state_observation
from titrate.fhir.plan_state.decision_record import recorded_state
from titrate.fhir.plan_state.plan_reader import open_draft_state, open_drafts
from titrate.fhir.plan_state.plan_resources import LONG_AGO, PlanResources, is_ours, plan_resources, version_value
from titrate.fhir.plan_state.provenance_events import ended_on
from titrate.fhir.site import Site

CLOSED = ("revoked", "completed", "entered-in-error")
ALERT_TYPES = {"Flag": "active", "Communication": "in-progress"}
OPEN_TASK = ("draft", "requested", "received", "accepted", "ready", "in-progress", "on-hold")


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """An open draft of ours and every resource that goes with it: orders, goals, the open Task."""

    seen: OpenDraftState
    members: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class PriorRuns:
    """What the lifecycle needs to know beside the plan in force.

    `limits` are those shown on the plan in force, or None where its state shows none at all. `fingerprint` is that of
    the newest decision and `decided` its local date. `spent` are versions that have ended, `rejected` those
    revoked by a person, and when; `turned_down` names these plans, the last one last. `alerts` are the identifiers of
    our Flags, open or closed; `alarms` our open Flags and Communications. `ended` is the local date on which a person
    ended the programme, where no plan stands since.
    """

    limits: tuple[LimitUsed, ...] | None = None
    decided: date | None = None
    fingerprint: str | None = None
    drafts: tuple[OpenDraft, ...] = ()
    spent: frozenset[str] = frozenset()
    rejected: Mapping[str, datetime] = field(default_factory=dict)
    alerts: frozenset[str] = frozenset()
    alarms: tuple[Resource, ...] = ()
    ended: date | None = None
    turned_down: tuple[str, ...] = ()


def prior_runs(
    resources: Sequence[Mapping[str, Any]], person: PatientDetails, rulebook: Rulebook, site: Site, at: datetime
) -> PriorRuns:
    """Read the footprint from the same resources as `stand`."""
    holdings = plan_resources(resources, person, rulebook, site, at)
    plan = plan_in_force(holdings)
    state = recorded_state(holdings, state_observation(holdings, plan) if plan is not None else None)
    last = recorded_state(holdings, holdings.decisions[-1] if holdings.decisions else None)
    closed = [item for item in holdings.plans if item.get("status") in CLOSED and version_value(item, site)]
    revoked = [item for item in closed if item.get("status") == "revoked"]
    return PriorRuns(
        limits=state.limits() or None,
        decided=last.day,
        fingerprint=last.word("fingerprint"),
        drafts=tuple(
            OpenDraft(open_draft_state(holdings, item), _members(holdings, item)) for item in open_drafts(holdings)
        ),
        spent=frozenset(str(version_value(item, site)) for item in closed),
        rejected=_rejections(holdings, revoked),
        turned_down=_turned_down(holdings, revoked),
        alerts=frozenset(filter(None, (identifier(item, site.resource_system) for item in holdings.of_type("Flag")))),
        alarms=_alarms(holdings),
        ended=ended_on(holdings),
    )


def _alarms(holdings: PlanResources) -> tuple[Resource, ...]:
    """Flags and Communications of ours that are still open."""
    return tuple(
        item
        for kind, status in ALERT_TYPES.items()
        for item in holdings.of_type(kind)
        if item.get("status") == status and is_ours(item, holdings.site)
    )


def _members(holdings: PlanResources, plan: Resource) -> tuple[Resource, ...]:
    """What is closed together with a draft: only what is ours and still a draft itself. Earlier goals stay."""
    names = [item for activity in parts(plan, "activity") for item in targets(activity, "reference")]
    linked = [
        item
        for item in holdings.named([*names, *targets(plan, "goal")])
        if item.get("status") == "draft" or item.get("lifecycleStatus") == "proposed"
    ]
    tasks = [task for task in _tasks(holdings, plan) if task.get("status") in OPEN_TASK]
    return (plan, *(item for item in (*linked, *tasks) if is_ours(item, holdings.site)))


def _tasks(holdings: PlanResources, plan: Resource) -> tuple[Resource, ...]:
    return tuple(task for task in holdings.of_type("Task") if target(part(task, "focus")) == name(plan))


def _rejections(holdings: PlanResources, revoked: list[Resource]) -> Mapping[str, datetime]:
    """Revoked drafts that a person rejected. A draft that we withdrew ourselves has a cancelled Task."""
    mine = [plan for plan in revoked if _by_person(holdings, plan)]
    return {str(version_value(plan, holdings.site)): _closed(holdings, plan) for plan in mine}


def _turned_down(holdings: PlanResources, revoked: list[Resource]) -> tuple[str, ...]:
    mine = [plan for plan in revoked if _by_person(holdings, plan)]
    return tuple(name(plan) for plan in sorted(mine, key=lambda plan: _closed(holdings, plan)))


def _by_person(holdings: PlanResources, revoked: Resource) -> bool:
    return not any(task.get("status") == "cancelled" for task in _tasks(holdings, revoked))


def _closed(holdings: PlanResources, plan: Resource) -> datetime:
    """When it was rejected, as far as the EHR says."""
    zone = holdings.person.zone
    said = [instant(task.get("lastModified"), zone) for task in _tasks(holdings, plan)]
    known = [when for when in said if when is not None]
    return max(known, default=None) or updated(plan, zone) or instant(plan.get("created"), zone) or LONG_AGO
