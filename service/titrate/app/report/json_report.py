"""One patient's result as JSON, as docs/schema/plan.schema.json describes it. Works nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from titrate.app.pipeline import PipelineResult
from titrate.app.report.overview_json import overview_json
from titrate.app.report.talking_points_json import dose_json
from titrate.clinical.values.decision import (
    Assessment,
    Candidate,
    ClassedSession,
    Decision,
    DoseChange,
    Flag,
    TraceEntry,
)
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import Refusal, Source
from titrate.clinical.values.rulebook import Rulebook

Json = dict[str, Any]


def plan_json(walked: PipelineResult, rulebook: Rulebook) -> Json:
    """Everything about one walk. Numbers are Decimals: write them with a writer that keeps them."""
    result = walked.evaluation
    return {
        "patient": f"Patient/{walked.readings.person.id}",
        "at": walked.at.isoformat(),
        "rulebook": {"version": rulebook.version, "digest": rulebook.digest},
        "readings": len(walked.readings.readings),
        "resources": dict(sorted(walked.readings.resources.items())),
        "duplicates": len(walked.readings.refusals) - len(walked.readings.reported_refusals),
        "refusals": [_refusal(r) for r in walked.readings.reported_refusals],
        "sessions": [_session(s) for s in sorted(result.assessment.sessions, key=lambda s: (s.day, s.exercise))],
        "flags": [_flag(f) for f in result.flags],
        "assessment": _assessment(result.assessment),
        "decision": _decision(result.decision),
        **overview_json(walked.proposal.overview if walked.proposal else None),
        "standing": _standing(walked.plan),
        "followed": list(walked.status_changes),
        "transition": walked.transition.value,
        "plan": walked.bundle,
    }


def _refusal(refusal: Refusal) -> Json:
    return {
        "source": refusal.source.reference,
        "path": refusal.path,
        "reason": refusal.reason.value,
        "what": refusal.what,
        "message": refusal.message,
    }


def _session(session: ClassedSession) -> Json:
    return {
        "date": session.day.isoformat(),
        "exercise": session.exercise,
        "class": session.klass.value,
        "reasons": list(session.reasons),
        "atDose": session.at_dose,
        "prescribed": session.prescribed,
        "done": session.done,
        "unit": session.unit,
        "peak": session.peak,
        "nextMorning": session.next_morning,
        "carry": session.carry,
        "rpe": session.rpe,
        "sources": [_source(s) for s in session.sources],
    }


def _flag(flag: Flag) -> Json:
    return {
        "flag": flag.flag,
        "urgency": flag.urgency.value,
        "since": flag.since.isoformat(),
        "because": flag.because,
        "sources": [_source(s) for s in flag.sources],
    }


def _assessment(found: Assessment) -> Json:
    return {
        "tier": found.tier,
        "trend": found.trend,
        "usualPain": found.usual_pain,
        "usualFatigue": found.usual_fatigue,
        "painCeiling": found.ceiling,
        "proposedPainCeiling": found.proposed_ceiling,
        "rpeCap": found.rpe_cap,
        "mornings": found.mornings,
        "weekMean": _mean(found.week_mean),
        "previousWeekMean": _mean(found.previous_mean),
        "cautious": list(found.cautious_because),
        "conflicts": list(found.conflicts),
        "missing": list(found.missing),
        "window": {"start": found.window_start.isoformat(), "end": found.window_end.isoformat()},
    }


def _mean(value: Any) -> Any:
    return None if value is None else round(value, 2)


def _decision(decision: Decision) -> Json:
    return {
        "rule": decision.rule,
        "outcome": decision.outcome.value,
        "review": decision.review,
        "phase": decision.phase.value,
        "doses": [_change(d) for d in decision.doses],
        "candidates": [_candidate(c) for c in decision.candidates],
        "matched": list(decision.matched),
        "suppressed": list(decision.suppressed),
        "notes": list(decision.notes),
        "reasons": list(decision.reasons),
        "asks": list(decision.asks),
        "nextLook": _day(decision.next_look),
        "trace": [_entry(e) for e in decision.trace],
    }


def _change(change: DoseChange) -> Json:
    return {
        "exercise": change.exercise,
        "domain": change.domain.value,
        "current": dose_json(change.current),
        "next": dose_json(change.next),
    }


def _candidate(candidate: Candidate) -> Json:
    return {
        "exercise": candidate.exercise,
        "gates": {gate: verdict.value for gate, verdict in candidate.gates.items()},
        "step": dose_json(candidate.step),
        "eligible": candidate.eligible,
        "deferred": candidate.deferred,
    }


def _entry(entry: TraceEntry) -> Json:
    found: Mapping[str, Any] = {
        "rule": entry.rule,
        "text": entry.text,
        "held": entry.held,
        "exercise": entry.exercise,
        "value": entry.value,
        "operator": entry.operator,
        "limit": entry.limit,
        "unit": entry.unit,
        "sources": [_source(s) for s in entry.sources],
    }
    return {key: value for key, value in found.items() if value is not None and value != []}


def _source(source: Source) -> str:
    return source.reference if source.version is None else f"{source.reference} version {source.version}"


def _standing(plan: PlanInForce) -> Json:
    return {
        "plan": plan.reference,
        "phase": plan.phase.value,
        "since": _day(plan.phase_since),
        "approved": _day(plan.approved),
        "byPerson": plan.by_person,
        "otherPlans": list(plan.other_plans),
        "drafts": [{"plan": d.reference, "touched": d.touched} for d in plan.drafts],
        "edits": [
            {
                "resource": o.reference,
                "element": o.element,
                "exercise": o.exercise,
                "ours": o.written,
                "theirs": o.edited,
            }
            for o in plan.overrides
        ],
    }


def _day(day: date | datetime | None) -> str | None:
    return None if day is None else day.isoformat()
