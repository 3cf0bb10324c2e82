"""Provenance of what a person decided: who, when, on what, and why. What is not known is left out, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from titrate.fhir import code_systems
from titrate.fhir.elements import Json
from titrate.fhir.plan_state.plan_history import ACTIVITIES, ACTIVITY
from titrate.fhir.write.resource_ids import ResourceIds, concept, present


@dataclass(frozen=True, slots=True)
class PlanDecision:
    """A person's decision: who took it (`Practitioner/ID`), and why. None is what the EHR does not say."""

    who: str | None = None
    reason: str | None = None


def decision_provenance(
    names: ResourceIds, activity: str, touched: Sequence[str], act: PlanDecision, before: Sequence[str] = ()
) -> Json:
    """A POST entry. `touched` are `Type/id` or addresses in the transaction, the plan first; `before` what it ended.

    Only an activation names its person as verifier: that role is what makes an approval.
    """
    role = ("verifier", "Verifier") if activity == "ACTIVATE" else ("author", "Author")
    person = [{"type": concept(code_systems.PARTICIPANT, *role), "who": {"reference": act.who}}] if act.who else []
    device = present(
        type=concept(code_systems.PARTICIPANT, "assembler", "Assembler"),
        who=names.device(),
        onBehalfOf=names.organisation(),
    )
    resource = present(
        resourceType="Provenance",
        target=[{"reference": item} for item in touched],
        recorded=names.now,
        reason=[{"text": act.reason}] if act.reason else None,
        activity=concept(ACTIVITY, activity, ACTIVITIES.get(activity, "revise")),
        agent=[*person, device],
        entity=[{"role": "revision", "what": {"reference": item}} for item in before],
    )
    return {
        "fullUrl": names.url("provenance", activity, names.now),
        "resource": resource,
        "request": {"method": "POST", "url": "Provenance"},
    }
