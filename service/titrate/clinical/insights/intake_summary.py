"""The intake profile as a whole (C02-C05, C19, C29, C40), and its unanswered questions."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.insights.daily_activities import DailyRoutine, daily_routine
from titrate.clinical.insights.exercise_preferences import ExercisePreferences, exercise_preferences
from titrate.clinical.insights.outcome_measures import PatientView, patient_views
from titrate.clinical.insights.psychosocial import Readiness, readiness
from titrate.clinical.insights.symptom_behaviour import (
    Alternative,
    PainBehaviour,
    ReportedFactor,
    alternatives,
    pain_behaviour,
    reported_factors,
)
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.patient_record import PatientRecord, newest
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import ExerciseState

# The single questions of the profile, in their order. Free-text questions are optional and never count as unanswered.
QUESTIONS = (
    "pain-now", "pain-average", "pain-worst", "pain-best", "pain-pattern", "pain-provocation", "pain-latency",
    "pain-settling", "active-good-day", "active-bad-day", "task-independence", "perceived-capability",
    "change-importance", "change-confidence", "readiness", "barrier", "liked-exercise", "disliked-exercise",
    "equipment", "free-day", "free-part", "free-minutes",
)  # fmt: skip
# Other questionnaires ask these too: their answers alone do not make a profile.
_SHARED = frozenset({"pain-now", "pain-average", "pain-worst"})


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSummary:
    """The patient's answers at intake and since. `unanswered`: measures of the mappings, `blocks`, `factors`."""

    behaviour: PainBehaviour
    routine: DailyRoutine
    factors: tuple[ReportedFactor, ...]
    alternatives: tuple[Alternative, ...]
    readiness: Readiness
    patient_views: tuple[PatientView, ...]
    preferences: ExercisePreferences
    unanswered: tuple[str, ...]


def intake_summary(
    picture: ClinicalPicture, decision: Decision, states: tuple[ExerciseState, ...]
) -> IntakeSummary | None:
    """The profile; None where the patient never answered any of it."""
    record = picture.record
    unanswered = tuple(what for what in QUESTIONS if not _answered(record, what))
    answered = set(QUESTIONS) - set(unanswered) - _SHARED
    blocks, factors = newest(record.blocks), newest(record.factors)
    if not answered and not blocks and not factors and not any(c.about for c in record.comments):
        return None
    # With an open flag there are no alternatives: the medical clearance decides.
    replaceable = states if not picture.safety.flags else ()
    groups = (*(() if blocks else ("blocks",)), *(() if factors else ("factors",)))
    return IntakeSummary(
        behaviour=pain_behaviour(record),
        routine=daily_routine(picture),
        factors=reported_factors(record),
        alternatives=alternatives(record, replaceable),
        readiness=readiness(record),
        patient_views=patient_views(record),
        preferences=exercise_preferences(picture, decision, states),
        unanswered=(*unanswered, *groups),
    )


def _answered(record: PatientRecord, what: str) -> bool:
    answers = record.answered.get(what, ())
    return record.latest(what) is not None or any(a.value is not None and not a.stamp.preliminary for a in answers)
