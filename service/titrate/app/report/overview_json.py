"""The overview for readers as JSON: timeline, heart rate, outcomes, effects, profile, week. Works nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from titrate.app.report.intake_json import goal_priorities_json, intake_json, techniques_json
from titrate.app.report.talking_points_json import dose_json, talking_points_json
from titrate.clinical.insights.clinician_overview import ClinicianOverview
from titrate.clinical.insights.goal_timeline import GoalTimeline
from titrate.clinical.insights.outcome_measures import OutcomeChange
from titrate.clinical.insights.pain import PainProfile
from titrate.clinical.insights.week_template import WeekPlan

Json = dict[str, Any]


def overview_json(found: ClinicianOverview | None) -> Json:
    """The top-level keys of the overview; empty for somebody who is not eligible."""
    if found is None:
        empty: Json = {"outlook": [], "heartRate": None, "outcomes": [], "effects": []}
        return {**empty, "profile": None, "week": None, "guide": None}
    return {
        "outlook": [_outlook(o) for o in found.timelines],
        "heartRate": _heart(found),
        "outcomes": [_change(c) for c in found.changes],
        "effects": [
            {"what": e.what, "score": e.score, "finding": str(e.finding), "follows": str(e.follows)}
            for e in found.effects
        ],
        "profile": _profile(found),
        "week": None if found.week is None else _week(found.week),
        "guide": talking_points_json(found.talking_points),
    }


def _outlook(one: GoalTimeline) -> Json:
    return {
        "exercise": one.exercise,
        "start": dose_json(one.start),
        "target": one.target,
        "unit": one.unit,
        "due": None if one.due is None else one.due.isoformat(),
        "steps": one.steps,
        "earliestWeek": one.earliest,
        "earliestDay": None if one.earliest_day is None else one.earliest_day.isoformat(),
        "likelyWeeks": None if one.likely is None else list(one.likely),
        "checkedOn": one.checked.isoformat(),
        "byThen": dose_json(one.by_then),
        "realistic": one.realistic,
        "ends": None if one.ends is None else str(one.ends),
        "offers": [str(offer) for offer in one.offers],
    }


def _heart(found: ClinicianOverview) -> Json:
    heart = found.heart_rate
    return {
        "maximum": heart.maximum,
        "resting": heart.resting,
        "low": heart.low,
        "high": heart.high,
        "suppressed": [str(reason) for reason in heart.suppressed],
        "information": heart.information,
        "rpeCap": heart.rpe_cap,
        "breaches": [str(breach) for breach in heart.breaches],
    }


def _change(change: OutcomeChange) -> Json:
    return {
        "measure": change.measure,
        "aspect": change.aspect.value,
        "first": {"value": _short(change.first), "date": change.first_day.isoformat()},
        "latest": {"value": _short(change.latest), "date": change.latest_day.isoformat()},
        "important": _short(change.important),
        "unit": change.unit,
        "verdict": change.verdict.value,
        "substantial": change.substantial,
        "due": change.due,
    }


def _profile(found: ClinicianOverview) -> Json:
    return {
        "intake": [
            {
                "domain": c.domain.value,
                "what": c.what,
                "value": c.value,
                "unit": c.unit,
                "date": c.day.isoformat(),
                "source": c.source.reference,
            }
            for c in found.capabilities
        ],
        "pain": _pain(found.pain),
        "factors": [
            {"exercise": f.exercise, "factor": str(f.factor), "times": f.times, "last": f.last.isoformat()}
            for f in found.factors
        ],
        "adherence": [{"exercise": a.exercise, "part": _part(a.part)} for a in found.adherence],
        "diary": {"entries": found.diary.entries, "days": found.diary.days, "alert": found.diary.alert},
        "pacing": {
            "measure": found.pacing.measure,
            "index": _short(found.pacing.index),
            "uneven": found.pacing.uneven,
            "overshoots": found.pacing.overshoots,
        },
        "cues": _cues(found),
        "goals": goal_priorities_json(found),
        "technique": techniques_json(found),
        "interview": intake_json(found.intake),
    }


def _pain(pain: PainProfile) -> Json:
    return {
        "now": pain.now,
        "usual": pain.usual,
        "average": pain.average,
        "worst": pain.worst,
        "lowest": pain.lowest,
        "highest": pain.highest,
        "spread": pain.spread,
        "otherTimes": _short(pain.other_times),
        "rise": _short(pain.rise),
        "settled": pain.settled,
        "followed": pain.followed,
        "sensitisation": pain.sensitisation,
    }


def _cues(found: ClinicianOverview) -> Json:
    cues = found.cues
    return {
        "scores": dict(sorted(cues.scores.items())),
        "mood": _short(cues.mood),
        "comments": [
            {"date": day.isoformat(), "text": text, "source": source.reference} for day, text, source in cues.comments
        ],
    }


def _week(week: WeekPlan) -> Json:
    days: Mapping[int, tuple[str, ...]] = week.days
    return {
        "warmUp": week.warm_up,
        "coolDown": week.cool_down,
        "days": [{"day": day, "exercises": list(exercises)} for day, exercises in days.items()],
        "rest": list(week.rest),
        "options": [
            {
                "exercise": o.exercise,
                "full": dose_json(o.full),
                "reduced": dose_json(o.reduced),
                "minimum": dose_json(o.minimum),
            }
            for o in week.options
        ],
        "missingDomains": [domain.value for domain in week.missing],
        "doubts": [str(doubt) for doubt in week.doubts],
        "freeDays": list(week.free),
    }


def _part(part: Fraction) -> Decimal:
    """A part to hundredths."""
    return round(Decimal(part.numerator) / part.denominator, 2)


def _short(value: Decimal | None) -> Decimal | None:
    """A value to hundredths where it has more digits: a mean has no end."""
    exponent = 0 if value is None else value.as_tuple().exponent
    return round(value, 2) if value is not None and isinstance(exponent, int) and exponent < -2 else value
