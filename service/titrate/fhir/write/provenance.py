"""Provenance: which software made the set, by which rules, from which records. Approval adds its own."""

from __future__ import annotations

from titrate.fhir import code_systems
from titrate.fhir.elements import Json
from titrate.fhir.evidence import MAX_SOURCES, deciding_sources
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds, concept, present


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
