"""The overview for clinicians as JSON: profile, outcomes, week, and talking points. No logic."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from titrate.app.report.json_values import PLACES, Json, select, shortened, to_json
from titrate.clinical.insights.adherence import Cues, RestartOffer
from titrate.clinical.insights.clinician_overview import ClinicianOverview, TalkingPoints
from titrate.clinical.insights.daily_activities import TaskPacing
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import FollowUp
from titrate.clinical.insights.goals import GoalTimeline
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.insights.outcome_measures import OutcomeChange
from titrate.clinical.insights.pathway_progress import StageStatus
from titrate.clinical.insights.performance import Capability
from titrate.clinical.insights.week_plan import WeekPlan
from titrate.clinical.values.rulebook import Prompt


def overview_json(found: ClinicianOverview | None) -> Json:
    """The top-level keys of the overview; empty for a patient who is not eligible."""
    if found is None:
        empty: Json = {"outlook": [], "heartRate": None, "outcomes": [], "effects": []}
        return {**empty, "profile": None, "week": None, "guide": None}
    return {
        "outlook": [_outlook(timeline) for timeline in found.timelines],
        "heartRate": to_json(found.heart_rate),
        "outcomes": [_change(change) for change in found.changes],
        "effects": [select(effect, "what", "score", "finding", "follows") for effect in found.effects],
        "profile": _profile(found),
        "week": None if found.week is None else _week(found.week),
        "guide": talking_points_json(found.talking_points),
    }


def _outlook(timeline: GoalTimeline) -> Json:
    return {
        **select(timeline, "exercise", "start", "target", "unit", "due", "steps"),
        "earliestWeek": timeline.earliest,
        "earliestDay": to_json(timeline.earliest_day),
        "likelyWeeks": to_json(timeline.likely),
        "checkedOn": to_json(timeline.checked),
        **select(timeline, "by_then", "realistic", "ends", "offers"),
    }


def _change(change: OutcomeChange) -> Json:
    return {
        **select(change, "measure", "aspect"),
        "first": {"value": shortened(change.first), "date": to_json(change.first_day)},
        "latest": {"value": shortened(change.latest), "date": to_json(change.latest_day)},
        "important": shortened(change.important),
        **select(change, "unit", "verdict", "substantial", "due"),
    }


def _profile(found: ClinicianOverview) -> Json:
    pain, pacing = found.pain, found.pacing
    return {
        "intake": [_capability(one) for one in found.capabilities],
        "pain": {**to_json(pain), "otherTimes": shortened(pain.other_times), "rise": shortened(pain.rise)},
        "factors": [select(one, "exercise", "factor", "times", "last") for one in found.factors],
        "adherence": [{"exercise": one.exercise, "part": _rounded(one.part)} for one in found.adherence],
        "diary": to_json(found.diary),
        "pacing": {**to_json(pacing), "index": shortened(pacing.index)},
        "cues": _cues(found.cues),
        "goals": goal_priorities_json(found),
        "technique": techniques_json(found),
        "interview": intake_json(found.intake),
    }


def _capability(one: Capability) -> Json:
    return {
        **select(one, "domain", "what", "value", "unit"),
        "date": to_json(one.day),
        "source": one.source.reference,
    }


def _cues(cues: Cues) -> Json:
    return {
        "scores": dict(sorted(cues.scores.items())),
        "mood": shortened(cues.mood),
        "comments": [
            {"date": to_json(day), "text": text, "source": source.reference} for day, text, source in cues.comments
        ],
    }


def _week(week: WeekPlan) -> Json:
    return {
        **select(week, "warm_up", "cool_down"),
        "days": [{"day": day, "exercises": list(exercises)} for day, exercises in week.days.items()],
        **select(week, "rest", "options"),
        "missingDomains": to_json(week.missing),
        "doubts": to_json(week.doubts),
        "freeDays": to_json(week.free),
    }


def _rounded(part: Fraction) -> Decimal:
    """A fraction to hundredths."""
    return round(Decimal(part.numerator) / part.denominator, PLACES)


def goal_priorities_json(found: ClinicianOverview) -> list[Json]:
    """Goals with their importance, the most important first."""
    return list(_plain(found.goal_priorities))


def techniques_json(found: ClinicianOverview) -> list[Json]:
    """Evasive movements, lost form and tempo by exercise."""
    return list(_plain(found.techniques))


def intake_json(found: IntakeSummary | None) -> Json | None:
    """The profile; null if none of its questions was ever answered."""
    if found is None:
        return None
    behaviour, readiness = found.behaviour, found.readiness
    return {
        "behaviour": {**_plain(behaviour), "prompts": _prompts(behaviour.prompts)},
        "routine": _plain(found.routine),
        "factors": _plain(found.factors),
        "swaps": _plain(found.alternatives),
        "readiness": {**_plain(readiness), "prompts": _prompts(readiness.prompts)},
        "own": _plain(found.patient_views),
        "choices": _plain(found.preferences),
        "unanswered": _plain(found.unanswered),
    }


def _plain(value: object) -> Any:
    return to_json(value, places=PLACES)


def _prompts(prompts: Iterable[Prompt]) -> list[Json]:
    return [{"finding": one.name, "display": one.display, "ask": one.ask, "source": one.source} for one in prompts]


def talking_points_json(guide: TalkingPoints) -> Json:
    """The talking points for the next visit, as JSON."""
    return {
        "contact": None if guide.follow_up is None else _contact(guide.follow_up),
        "offer": None if guide.restart is None else _offer(guide.restart),
        "stage": None if guide.stage is None else _stage(guide.stage),
        "otherProgrammes": to_json(guide.other_programmes),
        "ladderStarted": guide.ladder_started,
        "ladders": [_ladder(progress) for progress in guide.ladders],
        "chunks": [_chunks(plan) for plan in guide.task_pacing],
        "talks": [
            {"module": topic.module.name, "understood": topic.understood, "asked": to_json(topic.teach_back)}
            for topic in guide.topics
        ],
    }


def _contact(follow_up: FollowUp) -> Json:
    return {
        "how": follow_up.mode.value,
        **select(follow_up, "due", "overdue", "last"),
        "why": to_json(follow_up.reason),
    }


def _offer(restart: RestartOffer) -> Json:
    return {**select(restart, "exercise", "dose", "times", "entries"), "because": to_json(restart.reasons)}


def _stage(status: StageStatus) -> Json:
    return {
        "name": status.stage.name,
        "number": status.number,
        "of": status.stages,
        "gates": [{"text": to_json(gate.text), "met": gate.met} for gate in status.gates],
        "fits": to_json(status.fits),
    }


def _ladder(progress: LadderProgress) -> Json:
    return {
        "ladder": progress.ladder.name,
        "kind": progress.ladder.kind.value,
        **select(progress, "fear", "for_goal", "step", "now", "next", "ready", "chosen"),
        "watched": progress.supported,
        "waits": to_json(progress.blocked_by),
    }


def _chunks(plan: TaskPacing) -> Json:
    return {
        "task": plan.task.name,
        "tolerated": plan.tolerated,
        "wanted": plan.proposal,
        **select(plan, "chunk", "rest", "parts"),
        "told": to_json(plan.day),
    }
