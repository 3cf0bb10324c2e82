"""What a clinician reads beyond the decision: timelines, heart rate, outcomes, profile, week. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.insights.adherence import Adherence, Cues, Diary, Pacing, adherence, cues, diary, pacing
from titrate.clinical.insights.capability import Capability, capabilities
from titrate.clinical.insights.goal_priorities import GoalPriority, goal_priorities
from titrate.clinical.insights.goal_timeline import GoalTimeline, goal_timelines
from titrate.clinical.insights.heart_rate_zone import HeartRateZone, heart_rate_zone
from titrate.clinical.insights.intake_summary import IntakeSummary, intake_summary
from titrate.clinical.insights.outcome_measures import OutcomeChange, outcome_changes
from titrate.clinical.insights.pain import PainProfile, pain_profile
from titrate.clinical.insights.psychosocial_effects import PsychosocialEffect, psychosocial_effects
from titrate.clinical.insights.session_observations import Factor, Technique, factors, techniques
from titrate.clinical.insights.talking_points import TalkingPoints, talking_points
from titrate.clinical.insights.week_plan import WeekPlan, week_plan
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.baseline import baseline_exercises
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.rulebook import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianOverview:
    """Every insight into one patient, derived from the clinical picture and the decision."""

    timelines: tuple[GoalTimeline, ...]
    heart_rate: HeartRateZone
    changes: tuple[OutcomeChange, ...]
    effects: tuple[PsychosocialEffect, ...]
    capabilities: tuple[Capability, ...]
    pain: PainProfile
    factors: tuple[Factor, ...]
    adherence: tuple[Adherence, ...]
    diary: Diary
    pacing: Pacing
    cues: Cues
    week: WeekPlan | None
    goal_priorities: tuple[GoalPriority, ...]
    techniques: tuple[Technique, ...]
    intake: IntakeSummary | None
    talking_points: TalkingPoints


def clinician_overview(picture: ClinicalPicture, decision: Decision, programme: Programme) -> ClinicianOverview:
    """The overview of an eligible patient."""
    record, states = picture.record, baseline_exercises(picture, programme)
    week = week_plan(picture, decision, states, programme)
    return ClinicianOverview(
        timelines=goal_timelines(picture, decision, states),
        heart_rate=heart_rate_zone(picture, decision.phase, stopped=decision.outcome is Outcome.STOP_ESCALATE),
        changes=outcome_changes(record),
        effects=psychosocial_effects(picture),
        capabilities=capabilities(record),
        pain=pain_profile(picture),
        factors=factors(picture),
        adherence=adherence(picture),
        diary=diary(picture),
        pacing=pacing(picture),
        cues=cues(record),
        week=week,
        goal_priorities=goal_priorities(record),
        techniques=techniques(record),
        intake=intake_summary(picture, decision, states),
        talking_points=talking_points(picture, decision, programme, week.options if week else ()),
    )
