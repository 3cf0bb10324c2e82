"""The two Observations that record what was computed: the tolerance assessment and the decision.

They are `final` from the start, because they record what was computed; approval belongs to the plan. Their components
are the trace, with every condition that was evaluated, and the clinician's overview, which nothing reads back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from titrate.clinical.insights.clinician_overview import ClinicianOverview, TalkingPoints
from titrate.clinical.insights.goals import GoalTimeline
from titrate.clinical.insights.heart_rate_zone import HeartRateZone
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.values.decision import Assessment
from titrate.clinical.values.readings import Source
from titrate.fhir import code_systems
from titrate.fhir.decision_record import to_components
from titrate.fhir.doses import quantity
from titrate.fhir.elements import Json
from titrate.fhir.narrative.reasons import MAX_SOURCES, deciding_sources, entry_words
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds, concept, present
from titrate.fhir.write.state_record import decision_record, fingerprint

# The types that R4 lets an Observation be derived from, among those that the service reads.
DERIVABLE = ("Observation/", "QuestionnaireResponse/")
TIERS = {"low": "Low", "moderate": "Moderate", "good": "Good", "unknown": "Not known yet"}


def trace_components(proposal: PlanProposal, names: ResourceIds) -> list[Json]:
    """One component for each entry, under the unique code `trace.<rule>.<n>`."""
    counts: Counter[str] = Counter()
    components: list[Json] = []
    for entry in proposal.decision.trace:
        counts[entry.rule] += 1
        text = f"{proposal.rulebook.named(entry.rule)}: {entry.text}"
        code = names.local(f"trace.{entry.rule}.{counts[entry.rule]}", text=text)
        components.append({"code": code, "valueString": entry_words(entry)})
    return components


def derived_from(sources: Sequence[Source], limit: int = MAX_SOURCES) -> list[Json]:
    """References for `derivedFrom`, at most `limit`; the trace names all."""
    return [{"reference": item.reference} for item in sources if item.reference.startswith(DERIVABLE)][:limit]


def overview_components(found: ClinicianOverview | None, names: ResourceIds) -> list[Json]:
    """Heart-rate zone, timeline, changed scores, adherence and diary; empty where there is no overview."""
    if found is None:
        return []
    return [
        _heart(found.heart_rate, names),
        *(part for one in found.timelines for part in _outlook(one, names)),
        *(
            {"code": names.local(f"{c.measure}.change"), "valueString": f"{c.verdict.value} ({c.aspect.value})"}
            for c in found.changes
        ),
        *(
            {"code": names.local(f"{a.exercise}.adherence"), "valueQuantity": quantity(round(a.part * 100), "%")}
            for a in found.adherence
        ),
        {"code": names.local("diary-entries"), "valueInteger": found.diary.entries},
        {"code": names.local("diary-alert"), "valueBoolean": found.diary.alert},
        *_intake(found.intake, names),
        *_guide(found.talking_points, names),
    ]


def _heart(heart: HeartRateZone, names: ResourceIds) -> Json:
    """The zone as a Range, or the reason why none is shown."""
    code = names.local("heart-rate-zone")
    if heart.high is None:
        return {"code": code, "valueString": f"not shown: {'; '.join(map(str, heart.suppressed))}"}
    low = {} if heart.low is None else {"low": quantity(heart.low, "/min")}
    return {"code": code, "valueRange": {**low, "high": quantity(heart.high, "/min")}}


def _intake(intake: IntakeSummary | None, names: ResourceIds) -> Iterator[Json]:
    """The known parts of the intake profile; the patient's own words stay in the narrative."""
    if intake is None:
        return
    index, ready = intake.routine.index, intake.readiness
    scores = (("change-importance", ready.importance), ("change-confidence", ready.confidence))
    independence = [view.latest for view in intake.patient_views if view.what == "task-independence"]
    coded = (
        ("irritability", intake.behaviour.irritability), ("readiness", ready.stage),
        ("barriers", "; ".join(ready.barriers)),
        ("aggravating", "; ".join(f.what for f in intake.factors if f.what and not f.eases)),
        ("easing", "; ".join(f.what for f in intake.factors if f.what and f.eases)),
        ("task-independence", next(iter(independence), None)),
    )  # fmt: skip
    if index is not None:
        yield {"code": names.local("boom-bust-index"), "valueQuantity": quantity(round(index, 2), "1")}
    for code, score in scores:
        if score is not None:
            yield {"code": names.local(code), "valueQuantity": quantity(score, "{score}")}
    for code, line in coded:
        if line:
            yield {"code": names.local(code), "valueString": line}


def _guide(guide: TalkingPoints, names: ResourceIds) -> Iterator[Json]:
    """The next contact, the stage of the programme, and the steps that are proposed on ladders."""
    if guide.follow_up is not None:
        yield {"code": names.local("next-contact"), "valueDateTime": guide.follow_up.due.isoformat()}
    if guide.stage is not None:
        yield {"code": names.local("programme-stage"), "valueInteger": guide.stage.number}
    for climb in guide.ladders:
        if climb.ready and climb.next is not None:
            yield {"code": names.local(f"ladder-step-{climb.ladder.name}.proposed"), "valueInteger": climb.step + 1}


def _outlook(one: GoalTimeline, names: ResourceIds) -> Iterator[Json]:
    if one.earliest is not None:
        code = names.local(f"{one.exercise}.outlook.earliest-week")
        yield {"code": code, "valueInteger": one.earliest}
    if one.realistic is not None:
        yield {"code": names.local(f"{one.exercise}.outlook.realistic"), "valueBoolean": one.realistic}


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
