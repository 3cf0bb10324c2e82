"""The state of a plan whose dose was changed on approval: the draft's decision once more, with the doses as approved.

So they are the dose in force, from which the next step goes on. A change made later in the EHR is another thing: there
the order differs from what we remember, and that is an override.
"""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.values.dose_math import is_within
from titrate.fhir.content_digest import content_digest
from titrate.fhir.doses import dose_values
from titrate.fhir.elements import Json, Resource, codes, name, part, parts
from titrate.fhir.plan_state.current_plan import written_with
from titrate.fhir.plan_state.decision_record import RecordedState, recorded_state
from titrate.fhir.plan_state.manual_edits import known_to
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.transitions.dose_change import DoseChangeRequest
from titrate.fhir.write.resource_ids import ResourceIds

# Dates that began with the draft begin with the approval instead.
BEGIN = ("dose-since", "last-raised", "phase-since", "loading-since")
PARAMETERS = ("duration", "distance", "repetitions", "repetitions.total", "sets", "load")


def state_entry(
    holdings: PlanResources,
    plan: Resource,
    names: ResourceIds,
    changed: tuple[tuple[DoseChangeRequest, Resource], ...],
    why: str,
) -> Json | None:
    """A POST entry, or None where no state was written with the plan. `changed` holds the orders as they will be."""
    decision = written_with(holdings, plan)
    if decision is None:
        return None
    value = names.value("decision", "approved")
    resource: Json = {
        **{key: item for key, item in decision.items() if key not in ("id", "meta", "text")},
        "identifier": [names.identifier(value), names.series_identifier()],
        "basedOn": [{"reference": name(plan)}],
        "effectiveDateTime": names.now,
        "issued": names.now,
        "note": [*parts(decision, "note"), {"text": why}],
        "component": [
            {"code": names.local(code), **said} for code, said in _values(holdings, decision, names, changed)
        ],
    }
    profile = part(decision, "meta").get("profile")
    if profile:
        resource["meta"] = {"profile": profile}
    condition = f"identifier={names.site.resource_system}|{value}"
    request = {"method": "POST", "url": "Observation", "ifNoneExist": condition}
    return {"fullUrl": names.url_of(value), "resource": resource, "request": request}


def _values(
    holdings: PlanResources,
    decision: Resource,
    names: ResourceIds,
    changed: tuple[tuple[DoseChangeRequest, Resource], ...],
) -> Iterator[tuple[str, Json]]:
    """Every component by code: those of the draft, and in place of some of them the approved ones."""
    memory = recorded_state(holdings, decision)
    new: dict[str, Json] = {}
    for redose, order in changed:
        new.update(_dose(redose, names))
        new.update(_digest(holdings, memory, order))
    gone = {code for redose, _ in changed for code in _codes(redose.exercise)} - set(new)
    for component in parts(decision, "component"):
        code = next(iter(codes(part(component, "code"), names.site.codes)), "")
        if code in gone:
            continue
        yield code, new.pop(code) if code in new else _dated(code, component, memory, names)
    yield from new.items()


def _codes(exercise: str) -> tuple[str, ...]:
    return tuple(f"{exercise}.{parameter}" for parameter in PARAMETERS)


def _dose(redose: DoseChangeRequest, names: ResourceIds) -> Iterator[tuple[str, Json]]:
    """The approved dose, since when, and its rise. Of an exercise that had none it is the start dose too."""
    code, today = redose.exercise, {"valueDateTime": names.today}
    yield from dose_values(code, redose.approved)
    if redose.current is None:
        yield from dose_values(code, redose.approved, "start")
    if redose.approved != redose.current:
        yield f"{code}.dose-since", today
    if redose.current is not None and not is_within(redose.approved, redose.current):
        yield f"{code}.last-raised", today


def _digest(holdings: PlanResources, memory: RecordedState, order: Resource) -> Iterator[tuple[str, Json]]:
    read = read_order(holdings, order)
    if read is not None:
        yield f"{read.exercise}.written", {"valueString": content_digest(order, known_to(holdings, memory))}


def _dated(code: str, component: Resource, memory: RecordedState, names: ResourceIds) -> Json:
    """A component's value; a date of the draft's own day moves to the day of approval."""
    said = {key: item for key, item in component.items() if key != "code"}
    own_day = memory.day is not None and said.get("valueDateTime") == memory.day.isoformat()
    return {"valueDateTime": names.today} if own_day and code.rpartition(".")[2] in BEGIN else said
