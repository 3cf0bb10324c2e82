"""Provenance of a clinician's decision: who, when, on what, and why. What is unknown is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from titrate.fhir import code_systems
from titrate.fhir.elements import Json
from titrate.fhir.plan_state.plan_history import ACTIVITIES, ACTIVITY
from titrate.fhir.write.resource_ids import ResourceIds, concept, present


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
