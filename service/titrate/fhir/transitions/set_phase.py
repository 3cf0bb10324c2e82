"""A phase that a clinician sets: maintenance, loading again, discharge. Doses stay; the state says the new phase."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.values.plan import Phase
from titrate.fhir.conditional_update import update
from titrate.fhir.elements import Json, Resource, codes, name, part, parts
from titrate.fhir.plan_state.current_plan import state_observation, written_with
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.transitions.approve_and_reject import Banner, addresses, completed_by, plan_names, supporting
from titrate.fhir.transitions.provenance import PlanDecision, decision_provenance
from titrate.fhir.write.resource_ids import ResourceIds

# The phases that a clinician may choose, and from which.
CHOICES: dict[Phase, frozenset[Phase]] = {
    Phase.MAINTENANCE: frozenset({Phase.LOADING, Phase.LIGHTER_WEEK, Phase.RETURN, Phase.DELOAD}),
    Phase.LOADING: frozenset({Phase.MAINTENANCE}),
    Phase.BASELINE: frozenset({Phase.STOPPED}),
    Phase.DISCHARGED: frozenset(Phase) - {Phase.DISCHARGED},
}
SINCE = ("phase-since", "loading-since")


def phase_entries(
    holdings: PlanResources, plan: Resource, phase: Phase, act: PlanDecision, words: Banner
) -> list[Json]:
    """The entries: the state with its new phase beside the plan, and Provenance. A discharge ends the plan as well."""
    names = plan_names(holdings, plan)
    state = _state(holdings, plan, names, phase, words)
    linked = supporting(plan, state)
    if phase is Phase.DISCHARGED:
        return completed_by(holdings, plan, act, words, state)
    entries = [update(plan, supportingInfo=linked), state]
    return [*entries, decision_provenance(names, "UPDATE", addresses(entries), act)]


def _state(holdings: PlanResources, plan: Resource, names: ResourceIds, phase: Phase, words: Banner) -> Json:
    value = names.value("decision", "phase", phase.value, names.now)
    now = state_observation(holdings, plan) or {}
    resource: Json = {
        **{key: item for key, item in now.items() if key not in ("id", "meta", "text")},
        "identifier": [names.identifier(value), names.series_identifier()],
        "basedOn": [{"reference": name(plan)}],
        "effectiveDateTime": names.now,
        "issued": names.now,
        "note": [{"text": " ".join((words.sentence, *words.more))}],
        "component": [{"code": names.local(code), **said} for code, said in _values(holdings, plan, now, names, phase)],
    }
    condition = f"identifier={names.site.resource_system}|{value}"
    request = {"method": "POST", "url": "Observation", "ifNoneExist": condition}
    return {"fullUrl": names.url_of(value), "resource": resource, "request": request}


def _values(
    holdings: PlanResources, plan: Resource, now: Resource, names: ResourceIds, phase: Phase
) -> Iterator[tuple[str, Json]]:
    """The state as it is, in its new phase from today; and what was written with the plan, to tell edits by."""
    before = "loading"
    for code, said in _components(holdings, now):
        if code == "phase":
            before = next(iter(codes(part(said, "valueCodeableConcept"), names.site.codes)), before)
        elif code not in ("phase-before", *SINCE) and not _is_written(code):
            yield code, said
    yield "phase", {"valueCodeableConcept": names.local(phase.value)}
    yield "phase-before", {"valueCodeableConcept": names.local(before)}
    yield "phase-since", {"valueDateTime": names.today}
    if phase is Phase.LOADING:
        yield "loading-since", {"valueDateTime": names.today}
    for code, said in _components(holdings, written_with(holdings, plan) or {}):
        if _is_written(code):
            yield code, said


def _components(holdings: PlanResources, observation: Resource) -> Iterator[tuple[str, Json]]:
    for component in parts(observation, "component"):
        for code in codes(part(component, "code"), holdings.site.codes):
            yield code, {key: item for key, item in component.items() if key != "code"}


def _is_written(code: str) -> bool:
    return code.endswith(".written") or code == "goal.identifier"
