"""The CarePlan: a draft that names its goals, orders and reasons, and that a clinician can read alone."""

from __future__ import annotations

from titrate.fhir import code_systems
from titrate.fhir.elements import Json
from titrate.fhir.narrative.clinician_sections import clinician_sections, headline
from titrate.fhir.narrative.section import div
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.goals import goal_links
from titrate.fhir.write.resource_ids import ResourceIds, concept, present
from titrate.fhir.write.service_requests import condition_references, period


def care_plan(proposal: PlanProposal, names: ResourceIds, exercises: list[str]) -> Json:
    """One version of the plan; `exercises` are those that have an order in the same transaction."""
    return present(
        resourceType="CarePlan",
        meta={"profile": [f"{code_systems.US_CORE_PROFILE}/us-core-careplan"]},
        # The narrative holds more than the elements: contingency, stop rules, and missing data.
        text={"status": "additional", "div": div(clinician_sections(proposal))},
        identifier=[
            {"system": names.site.version_system, "value": names.version},
            names.series_identifier(),
        ],
        replaces=[{"reference": proposal.plan.reference}] if proposal.plan.reference else None,
        status="draft",
        intent="plan",
        category=[
            concept(code_systems.ASSESS_PLAN_SYSTEM, "assess-plan", "Assessment and Plan of Treatment"),
            concept(code_systems.SNOMED, *code_systems.CARE_PLAN),
            concept(code_systems.PHYSICAL_ACTIVITY_SYSTEM, code_systems.PHYSICAL_ACTIVITY, "Physical Activity"),
        ],
        title="Graded exercise plan",
        description=str(headline(proposal)),
        subject=names.subject,
        period=period(proposal),
        created=names.now,
        author=names.device(),
        addresses=condition_references(proposal),
        supportingInfo=[{"reference": names.url("assessment")}, {"reference": names.url("decision")}],
        goal=goal_links(proposal, names),
        activity=[{"reference": {"reference": names.url("order", exercise)}} for exercise in exercises],
    )
