"""`read_current_plan`: from the patient's resources to the plan in force. What a run starts from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from titrate.clinical.values.plan import NO_PLAN, OpenDraftState, Override, Phase, PlanInForce, UpperBound
from titrate.clinical.values.readings import PatientDetails
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.elements import Resource, instant, name, part, text
from titrate.fhir.plan_state.current_plan import orders_of, plan_in_force, state_observation, written_with
from titrate.fhir.plan_state.decision_record import RecordedState, recorded_state
from titrate.fhir.plan_state.exercise_states import PlanDays, bound_of, exercise_states, from_approval
from titrate.fhir.plan_state.manual_edits import BY_VALUE, is_edited, manual_edits
from titrate.fhir.plan_state.other_authors import other_plan_caps, other_plans
from titrate.fhir.plan_state.plan_dates import approved_on, begin_date, past_decision, started_on
from titrate.fhir.plan_state.plan_resources import PlanResources, is_ours, plan_resources, version_value
from titrate.fhir.site import Site


def read_current_plan(
    resources: Sequence[Mapping[str, Any]], person: PatientDetails, rulebook: Rulebook, site: Site, at: datetime
) -> PlanInForce:
    """The plan in force. References in the resources are `Type/id`; nothing that is odd in one resource raises."""
    holdings = plan_resources(resources, person, rulebook, site, at)
    plan = plan_in_force(holdings)
    others = other_plans(holdings, plan)
    found = NO_PLAN if plan is None else _standing(holdings, plan)
    return replace(
        found,
        bounds=(*found.bounds, *other_plan_caps(holdings, others)),
        other_plans=tuple(name(other) for other in others),
        history=tuple(past_decision(holdings, item) for item in holdings.decisions),
        drafts=tuple(open_draft_state(holdings, item) for item in open_drafts(holdings)),
        versions=_versions(holdings),
    )


def _standing(holdings: PlanResources, plan: Resource) -> PlanInForce:
    memory = recorded_state(holdings, state_observation(holdings, plan))
    first, approved = begin_date(holdings, plan), approved_on(holdings, plan)
    days = PlanDays(first, approved, plan.get("status") == "active")
    states, overrides = exercise_states(holdings, orders_of(holdings, plan), memory, days)
    overrides = (*overrides, *_changes(holdings, plan))
    by_exercise = {state.exercise: state for state in states}
    capped = ((item, bound_of(item, by_exercise, memory)) for item in overrides)
    return PlanInForce(
        reference=name(plan),
        version=version_value(plan, holdings.site),
        phase=memory.phase() or Phase.LOADING,
        phase_since=from_approval(memory.date("phase-since"), memory, approved) or first,
        exercises=states,
        started=started_on(holdings, plan),
        approved=approved,
        loading_since=_loading_since(memory, approved, first),
        flare_first_day=memory.date("flare-first-day"),
        flare_grade=memory.word("flare-grade"),
        usual_pain=memory.number("usual-pain"),
        usual_fatigue=memory.number("usual-fatigue"),
        state_date=memory.day,
        state_reference=memory.reference,
        by_person=not is_ours(plan, holdings.site),
        overrides=overrides,
        bounds=tuple(UpperBound(str(item.exercise), dose, name(plan)) for item, dose in capped if dose is not None),
    )


def _loading_since(memory: RecordedState, approved: date | None, first: date | None) -> date | None:
    """Since when loading has gone on; a plan without any memory of ours counts from its start."""
    remembered = from_approval(memory.date("loading-since"), memory, approved)
    return remembered if memory.phase() is not None else remembered or first


def _changes(holdings: PlanResources, plan: Resource) -> tuple[Override, ...]:
    """Changes that only the stored digests show; dose and timing were compared by value already."""
    memory = recorded_state(holdings, written_with(holdings, plan))
    status = () if plan.get("status") == "active" else (Override(name(plan), "status", "active", str(plan["status"])),)
    found = tuple(item for item in manual_edits(holdings, plan, memory) if item.element not in BY_VALUE)
    again = {item.reference for item in found if item.element == "instruction"}
    earlier = (item for item in _instructions(holdings, plan, memory) if item.reference not in again)
    return (*status, *found, *earlier)


def _instructions(holdings: PlanResources, plan: Resource, memory: RecordedState) -> Iterator[Override]:
    """Instructions that a person wrote into an earlier version: they are theirs until they write another."""
    for order in orders_of(holdings, plan).values():
        words = memory.word(f"{order.exercise}.instruction")
        if words is not None and words == text(order.resource, "patientInstruction"):
            yield Override(order.reference, "instruction", "earlier", words, order.exercise)


def open_drafts(holdings: PlanResources) -> tuple[Resource, ...]:
    """Draft plans of ours, by name."""
    ours = [plan for plan in holdings.plans if plan.get("status") == "draft" and is_ours(plan, holdings.site)]
    return tuple(sorted(ours, key=name))


def open_draft_state(holdings: PlanResources, plan: Resource) -> OpenDraftState:
    """An open draft as the clinical rooms see it."""
    memory = recorded_state(holdings, written_with(holdings, plan))
    return OpenDraftState(
        reference=name(plan),
        version=version_value(plan, holdings.site) or "",
        created=instant(plan.get("created"), holdings.person.zone),
        touched=is_edited(holdings, plan, memory),
    )


def _versions(holdings: PlanResources) -> Mapping[str, str]:
    """The server's version of every resource of ours, for writes that must not overwrite a person."""
    return {
        item: version
        for item, resource in holdings.by_name.items()
        if is_ours(resource, holdings.site) and (version := text(part(resource, "meta"), "versionId")) is not None
    }
