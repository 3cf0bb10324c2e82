"""The overview for clinicians as JSON: timeline, heart rate, outcomes, effects, profile, week. No logic."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from titrate.app.report.intake_json import goal_priorities_json, intake_json, techniques_json
from titrate.app.report.json_values import PLACES, Json, select, shortened, to_json
from titrate.app.report.talking_points_json import talking_points_json
from titrate.clinical.insights.adherence import Cues
from titrate.clinical.insights.clinician_overview import ClinicianOverview
from titrate.clinical.insights.goals import GoalTimeline
from titrate.clinical.insights.outcome_measures import OutcomeChange
from titrate.clinical.insights.performance import Capability
from titrate.clinical.insights.week_plan import WeekPlan


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
