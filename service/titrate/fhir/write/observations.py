"""The two Observations that record what was computed: the tolerance assessment and the decision.

They are `final` from the start, because they record what was computed; approval belongs to the plan.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from titrate.clinical.values.decision import Assessment
from titrate.fhir import code_systems
from titrate.fhir.decision_record import to_components
from titrate.fhir.doses import quantity
from titrate.fhir.elements import Json
from titrate.fhir.evidence import MAX_SOURCES, deciding_sources
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.overview_components import overview_components
from titrate.fhir.write.resource_ids import ResourceIds, concept, present
from titrate.fhir.write.state_record import decision_record, fingerprint
from titrate.fhir.write.trace_components import derived_from, trace_components

TIERS = {"low": "Low", "moderate": "Moderate", "good": "Good", "unknown": "Not known yet"}


def assessment_observation(proposal: PlanProposal, names: ResourceIds) -> Json:
    """The tolerance assessment: what the evidence window shows."""
    found = proposal.assessment
    return present(
        **_frame(proposal, names, names.value("assessment")),
        code=names.local(code_systems.ASSESSMENT, "Exercise tolerance assessment", "Exercise tolerance assessment"),
        effectivePeriod={"start": found.window_start.isoformat(), "end": found.window_end.isoformat()},
        valueCodeableConcept=names.local(f"tolerance-{found.tier}", TIERS.get(found.tier, found.tier)),
        derivedFrom=derived_from(found.sources),
        component=[*_findings(found, names), *overview_components(proposal.overview, names)],
    )


def decision_observation(
    proposal: PlanProposal, names: ResourceIds, value: str, based_on: str | None, written: dict[str, str]
) -> Json:
    """The decision with the whole state and trace.

    `value` is its identifier, `based_on` the plan whose state it carries; `written` holds the digests of what is
    written together with it.
    """
    decision = proposal.decision
    record = decision_record(proposal, fingerprint(proposal, names), names.value("goal"), written)
    limit = MAX_SOURCES - 1 if written else MAX_SOURCES
    assessment = [{"reference": names.url("assessment")}] if written else []
    return present(
        **_frame(proposal, names, value),
        basedOn=[{"reference": based_on}] if based_on else None,
        code=names.local(code_systems.DECISION, "Exercise progression decision", "Exercise progression decision"),
        effectiveDateTime=names.now,
        valueCodeableConcept=names.local(decision.outcome.code, text=str(proposal.rulebook.named(decision.rule))),
        note=[{"text": "; ".join(map(str, decision.reasons))}] if decision.reasons else None,
        derivedFrom=[*assessment, *derived_from(deciding_sources(proposal), limit)],
        component=[*to_components(record, names.site.codes), *trace_components(proposal, names)],
    )


def _frame(proposal: PlanProposal, names: ResourceIds, value: str) -> Json:
    """The elements that both have in common."""
    organisation = names.organisation()
    return present(
        resourceType="Observation",
        meta={"profile": [f"{code_systems.US_CORE_PROFILE}/us-core-simple-observation"]},
        identifier=[names.identifier(value), names.series_identifier()],
        status="final",
        category=[
            concept(code_systems.US_CORE_CATEGORY, "functional-status", "Functional Status"),
            concept(f"{code_systems.TERMINOLOGY}/observation-category", "activity", "Activity"),
        ],
        subject=names.subject,
        issued=names.now,
        performer=[organisation] if organisation else None,
        method={"text": f"Titrate rulebook {proposal.rulebook.version} (digest {proposal.rulebook.digest})"},
        device=names.device(),
    )


def _findings(found: Assessment, names: ResourceIds) -> list[Json]:
    """The parts of the assessment. What is unknown is marked as absent and not left out."""
    classes = Counter(str(session.session_class) for session in found.sessions)
    scores = [
        ("usual-pain", found.usual_pain),
        ("usual-fatigue", found.usual_fatigue),
        ("pain-ceiling", found.ceiling),
        ("rpe-cap", found.rpe_cap),
        ("week-mean-pain", _mean(found.week_mean)),
        ("previous-week-mean-pain", _mean(found.previous_mean)),
    ]
    counts = [
        ("mornings", found.mornings),
        *((f"sessions.{session_class}", classes[session_class]) for session_class in ("T", "M", "X", "N")),
    ]
    words = [
        ("trend", found.trend),
        ("missing", "; ".join(map(str, found.missing))),
        ("conflicts", "; ".join(map(str, found.conflicts))),
    ]
    return [
        *(_score(names, code, score) for code, score in scores),
        *({"code": names.local(code), "valueInteger": count} for code, count in counts),
        {"code": names.local("cautious"), "valueBoolean": found.cautious},
        *({"code": names.local(code), "valueString": line} for code, line in words if line),
    ]


def _mean(score: Decimal | None) -> Decimal | None:
    """A mean to hundredths: FHIR promises to keep 18 digits, and a third of a point has no end."""
    return None if score is None else round(score, 2)


def _score(names: ResourceIds, code: str, score: Decimal | None) -> Json:
    if score is None:
        absent = concept(f"{code_systems.TERMINOLOGY}/data-absent-reason", "unknown", "Unknown")
        return {"code": names.local(code), "dataAbsentReason": absent}
    return {"code": names.local(code), "valueQuantity": quantity(score, "{score}")}
