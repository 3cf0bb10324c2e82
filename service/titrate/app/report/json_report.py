"""One patient's result as JSON, as docs/schema/plan.schema.json describes it. No logic."""

from __future__ import annotations

from decimal import Decimal

from titrate.app.pipeline import PipelineResult
from titrate.app.report.json_values import PLACES, Json, select, to_json
from titrate.app.report.overview_json import overview_json
from titrate.clinical.values.completeness import Completeness
from titrate.clinical.values.decision import Assessment, ClassedSession, Decision, Flag, TraceEntry
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import Refusal, Source
from titrate.clinical.values.rulebook import Rulebook


def plan_json(result: PipelineResult, rulebook: Rulebook) -> Json:
    """The result of the pipeline. Numbers are Decimals: use a JSON writer that keeps their digits."""
    readings, evaluation = result.readings, result.evaluation
    refusals = readings.reported_refusals
    sessions = sorted(evaluation.assessment.sessions, key=lambda session: (session.day, session.exercise))
    return {
        "patient": f"Patient/{readings.person.id}",
        "at": to_json(result.at),
        "rulebook": select(rulebook, "version", "digest"),
        "readings": len(readings.readings),
        "resources": dict(sorted(readings.resources.items())),
        "completeness": _completeness(evaluation.completeness),
        "duplicates": len(readings.refusals) - len(refusals),
        "refusals": [_refusal(refusal) for refusal in refusals],
        "sessions": [_session(session) for session in sessions],
        "flags": [_flag(flag) for flag in evaluation.flags],
        "assessment": _assessment(evaluation.assessment),
        "decision": _decision(evaluation.decision),
        **overview_json(result.proposal.overview if result.proposal else None),
        "standing": _plan_in_force(result.plan),
        "followed": to_json(result.status_changes),
        "transition": result.transition.value,
        "plan": result.bundle,
    }


def _completeness(completeness: Completeness) -> Json:
    """The types that are not complete, and those that the site does not use."""
    return {
        "incomplete": [
            {"type": kind, **select(one, "retrieval", "reason")}
            for kind, one in sorted(completeness.incomplete.items())
        ],
        "notUsed": list(completeness.unused.types),
        "declaredBy": completeness.unused.declared_by,
    }


def _refusal(refusal: Refusal) -> Json:
    return {"source": refusal.source.reference, **select(refusal, "path", "reason", "what", "message")}


def _session(session: ClassedSession) -> Json:
    return {
        "date": to_json(session.day),
        "exercise": session.exercise,
        "class": session.session_class.value,
        **select(session, "reasons", "at_dose", "prescribed", "done", "unit", "peak", "next_morning", "carry", "rpe"),
        "sources": _sources(session.sources),
    }


def _flag(flag: Flag) -> Json:
    return {**select(flag, "flag", "urgency", "since", "because"), "sources": _sources(flag.sources)}


def _assessment(assessment: Assessment) -> Json:
    return {
        **select(assessment, "tier", "trend", "usual_pain", "usual_fatigue"),
        "painCeiling": assessment.ceiling,
        "proposedPainCeiling": assessment.proposed_ceiling,
        **select(assessment, "rpe_cap", "mornings"),
        "weekMean": _mean(assessment.week_mean),
        "previousWeekMean": _mean(assessment.previous_mean),
        "cautious": to_json(assessment.cautious_reasons),
        **select(assessment, "conflicts", "missing"),
        "window": {"start": to_json(assessment.window_start), "end": to_json(assessment.window_end)},
    }


def _mean(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, PLACES)


def _decision(decision: Decision) -> Json:
    return {
        **select(decision, "rule", "outcome", "review", "phase", "doses"),
        "candidates": [select(c, "exercise", "gates", "step", "eligible", "deferred") for c in decision.candidates],
        **select(decision, "matched", "suppressed"),
        **select(decision, "notes", "reasons", "asks"),
        "nextLook": to_json(decision.next_review),
        "trace": [_entry(entry) for entry in decision.trace],
    }


def _entry(entry: TraceEntry) -> Json:
    """A trace entry without its empty values."""
    found = select(entry, "rule", "text", "held", "exercise", "value", "operator", "limit", "unit")
    found["sources"] = _sources(entry.sources)
    return {key: value for key, value in found.items() if value is not None and value != []}


def _sources(sources: tuple[Source, ...]) -> list[str]:
    return [
        source.reference if source.version is None else f"{source.reference} version {source.version}"
        for source in sources
    ]


def _plan_in_force(plan: PlanInForce) -> Json:
    return {
        "plan": plan.reference,
        "phase": plan.phase.value,
        "since": to_json(plan.phase_since),
        "approved": to_json(plan.approved),
        "byPerson": plan.written_by_clinician,
        **select(plan, "other_plans"),
        "drafts": [{"plan": draft.reference, "touched": draft.touched} for draft in plan.drafts],
        "edits": [
            {
                "resource": edit.reference,
                **select(edit, "element", "exercise"),
                "ours": edit.written,
                "theirs": edit.edited,
            }
            for edit in plan.overrides
        ],
    }
