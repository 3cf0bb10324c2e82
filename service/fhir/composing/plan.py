"""The CarePlan: a draft that names its goals, orders and reasons, and that a clinician can read alone."""

from __future__ import annotations

from service.fhir import terms
from service.fhir.composing.goals import goal_links
from service.fhir.composing.names import Names, concept, present
from service.fhir.composing.orders import condition_references, period
from service.fhir.elements import Json
from service.fhir.narrative.content import headline, sections
from service.fhir.narrative.xhtml import div
from service.fhir.wanted import Wanted


def care_plan(wanted: Wanted, names: Names, exercises: list[str]) -> Json:
    """One version of the plan; `exercises` are those that have an order in the same transaction."""
    return present(
        resourceType="CarePlan",
        meta={"profile": [f"{terms.US_CORE_PROFILE}/us-core-careplan"]},
        # The prose says more than the elements: contingency, stop rules, and what is missing.
        text={"status": "additional", "div": div(sections(wanted))},
        identifier=[
            {"system": names.site.version_system, "value": names.version}, names.series_identifier(),
        ],
        replaces=[{"reference": wanted.plan.reference}] if wanted.plan.reference else None,
        status="draft", intent="plan",
        category=[
            concept(terms.ASSESS_PLAN_SYSTEM, "assess-plan", "Assessment and Plan of Treatment"),
            concept(terms.SNOMED, *terms.CARE_PLAN),
            concept(terms.PHYSICAL_ACTIVITY_SYSTEM, terms.PHYSICAL_ACTIVITY, "Physical Activity"),
        ],
        title="Graded exercise plan", description=headline(wanted),
        subject=names.subject, period=period(wanted), created=names.now, author=names.device(),
        addresses=condition_references(wanted),
        supportingInfo=[{"reference": names.url("assessment")}, {"reference": names.url("decision")}],
        goal=goal_links(wanted, names),
        activity=[{"reference": {"reference": names.url("order", exercise)}} for exercise in exercises],
    )
