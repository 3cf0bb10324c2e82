"""What earlier runs left in the EHR: complete open drafts, versions already used, rejections and the last decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from titrate.clinical.values.decision import LimitUsed
from titrate.clinical.values.plan import OpenDraftState
from titrate.fhir.code_systems import READ_TEXT
from titrate.fhir.elements import Resource, codes, identifier, instant, name, part, parts, target, targets, updated
from titrate.fhir.plan_state.current_plan import open_draft_state, open_drafts, plan_in_force
from titrate.fhir.plan_state.plan_history import is_last, provenance_events, read_decision, state_observation
from titrate.fhir.plan_state.plan_resources import LONG_AGO, OPEN_TASK, PlanResources, from_titrate, version_value
from titrate.fhir.site import Site

# Activities of a Provenance that end a programme.
ENDS = ("COMPLETE", "ABORT")
CLOSED = ("revoked", "completed", "entered-in-error")
ALERT_TYPES = {"Flag": "active", "Communication": "in-progress"}


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """An open draft of the service and every resource that belongs to it: orders, goals, the open Task."""

    state: OpenDraftState
    members: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class PriorRuns:
    """What earlier runs left in the EHR beside the plan in force.

    `limits` are those shown on the plan in force, None where its state shows none. `fingerprint` and `decided_on` are
    those of the newest decision. `spent` are versions that have ended; `rejected` those that a clinician rejected, and
    when; `rejected_plans` the same plans, oldest first. `known_flags` are the identifiers of the service's Flags, open
    or closed; `open_alerts` its open Flags and Communications. `ended_on` is the local date on which a clinician ended
    the programme, if no plan is in force. `text_tasks` are the Tasks to read texts, open or closed.
    """

    limits: tuple[LimitUsed, ...] | None = None
    decided_on: date | None = None
    fingerprint: str | None = None
    drafts: tuple[OpenDraft, ...] = ()
    spent: frozenset[str] = frozenset()
    rejected: Mapping[str, datetime] = field(default_factory=dict)
    known_flags: frozenset[str] = frozenset()
    open_alerts: tuple[Resource, ...] = ()
    ended_on: date | None = None
    rejected_plans: tuple[str, ...] = ()
    text_tasks: tuple[Resource, ...] = ()


def prior_runs(plans: PlanResources) -> PriorRuns:
    """Drafts, alerts, rejections and the last decision that earlier runs left in the EHR."""
    site, plan = plans.site, plan_in_force(plans)
    state = read_decision(plans, state_observation(plans, plan) if plan is not None else None)
    last = read_decision(plans, plans.decisions[-1] if plans.decisions else None)
    closed = [item for item in plans.care_plans if item.get("status") in CLOSED and version_value(item, site)]
    revoked = [item for item in closed if item.get("status") == "revoked"]
    return PriorRuns(
        limits=state.limits or None,
        decided_on=last.day,
        fingerprint=last.fingerprint,
        drafts=tuple(OpenDraft(open_draft_state(plans, item), _members(plans, item)) for item in open_drafts(plans)),
        spent=frozenset(str(version_value(item, site)) for item in closed),
        rejected=_rejections(plans, revoked),
        rejected_plans=_rejected_plans(plans, revoked),
        known_flags=frozenset(filter(None, (identifier(item, site.resource_system) for item in plans.of_type("Flag")))),
        open_alerts=_open_alerts(plans),
        ended_on=_ended_on(plans),
        text_tasks=tuple(task for task in plans.of_type("Task") if _is_text_task(task, plans.site)),
    )


def _is_text_task(task: Resource, site: Site) -> bool:
    return from_titrate(task, site) and READ_TEXT in codes(part(task, "code"), site.codes)


def _open_alerts(plans: PlanResources) -> tuple[Resource, ...]:
    """The service's Flags and Communications that are still open."""
    return tuple(
        item
        for kind, status in ALERT_TYPES.items()
        for item in plans.of_type(kind)
        if item.get("status") == status and from_titrate(item, plans.site)
    )


def _members(plans: PlanResources, plan: Resource) -> tuple[Resource, ...]:
    """What is closed together with a draft: the service's resources that are drafts too. Earlier goals stay."""
    names = [item for activity in parts(plan, "activity") for item in targets(activity, "reference")]
    linked = [
        item
        for item in plans.named([*names, *targets(plan, "goal")])
        if item.get("status") == "draft" or item.get("lifecycleStatus") == "proposed"
    ]
    tasks = [task for task in _tasks(plans, plan) if task.get("status") in OPEN_TASK]
    return (plan, *(item for item in (*linked, *tasks) if from_titrate(item, plans.site)))


def _tasks(plans: PlanResources, plan: Resource) -> tuple[Resource, ...]:
    return tuple(task for task in plans.of_type("Task") if target(part(task, "focus")) == name(plan))


def _rejections(plans: PlanResources, revoked: list[Resource]) -> Mapping[str, datetime]:
    """Revoked drafts that a clinician rejected, by version. A draft that the service withdrew has a cancelled Task."""
    rejected = [plan for plan in revoked if _by_clinician(plans, plan)]
    return {str(version_value(plan, plans.site)): _closed(plans, plan) for plan in rejected}


def _rejected_plans(plans: PlanResources, revoked: list[Resource]) -> tuple[str, ...]:
    rejected = [plan for plan in revoked if _by_clinician(plans, plan)]
    return tuple(name(plan) for plan in sorted(rejected, key=lambda plan: _closed(plans, plan)))


def _by_clinician(plans: PlanResources, revoked: Resource) -> bool:
    return not any(task.get("status") == "cancelled" for task in _tasks(plans, revoked))


def _closed(plans: PlanResources, plan: Resource) -> datetime:
    """When the draft was rejected, as far as the EHR records it."""
    zone = plans.person.zone
    modified = [instant(task.get("lastModified"), zone) for task in _tasks(plans, plan)]
    known = [when for when in modified if when is not None]
    return max(known, default=None) or updated(plan, zone) or instant(plan.get("created"), zone) or LONG_AGO


def _ended_on(plans: PlanResources) -> date | None:
    """The local date on which a clinician ended the newest plan that was ever in force, if none is in force now."""
    if plan_in_force(plans) is not None:
        return None
    zone, days = plans.person.zone, []
    for plan in plans.care_plans:
        events = provenance_events(plans, plan) if from_titrate(plan, plans.site) else ()
        if events and events[-1][0] in ENDS and is_last(plans, plan):
            when = instant(events[-1][1].get("recorded"), zone)
            days.append(when.date() if when else plans.local_day(plans.at))
    return max(days, default=None)
