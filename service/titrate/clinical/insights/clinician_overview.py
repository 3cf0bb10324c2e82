"""What a clinician reads beyond the decision: profile, outcomes, week, and talking points. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.insights.adherence import (
    Cues,
    Diary,
    ExerciseAdherence,
    Pacing,
    RestartOffer,
    adherence,
    cues,
    diary,
    pacing,
    restart_offer,
)
from titrate.clinical.insights.daily_activities import TaskPacing, task_pacing
from titrate.clinical.insights.exposure_ladders import LadderProgress, ladder_progress
from titrate.clinical.insights.follow_up import FollowUp, next_follow_up
from titrate.clinical.insights.goals import GoalPriority, GoalTimeline, goal_priorities, goal_timelines
from titrate.clinical.insights.heart_rate_zone import HeartRateZone, heart_rate_zone
from titrate.clinical.insights.intake_summary import IntakeSummary, intake_summary
from titrate.clinical.insights.outcome_measures import OutcomeChange, outcome_changes
from titrate.clinical.insights.pathway_progress import (
    EducationTopic,
    StageStatus,
    current_stage,
    education_topics,
    programmes_for_diagnoses,
)
from titrate.clinical.insights.performance import Capability, Factor, Technique, capabilities, factors, techniques
from titrate.clinical.insights.psychosocial import PsychosocialEffect, psychosocial_effects
from titrate.clinical.insights.symptom_behaviour import PainProfile, pain_profile
from titrate.clinical.insights.week_plan import DoseOptions, WeekPlan, week_plan
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.baseline import baseline_exercises
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.education_content import NO_PATHWAY
from titrate.clinical.values.rulebook import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkingPoints:
    """All talking points for one patient. `other_programmes` are designed for one of the patient's diagnoses."""

    topics: tuple[EducationTopic, ...]
    ladders: tuple[LadderProgress, ...]
    ladder_started: bool
    task_pacing: tuple[TaskPacing, ...]
    stage: StageStatus | None
    other_programmes: tuple[str, ...]
    follow_up: FollowUp | None
    restart: RestartOffer | None


def talking_points(
    picture: ClinicalPicture, decision: Decision, programme: Programme, options: tuple[DoseOptions, ...]
) -> TalkingPoints:
    """The talking points of an eligible patient; `options` are the dose options of the week."""
    pathway = picture.record.rulebook.guidance.pathways.get(programme.name, NO_PATHWAY)
    return TalkingPoints(
        topics=education_topics(picture, pathway),
        ladders=ladder_progress(picture, pathway),
        ladder_started=picture.record.is_confirmed("exposure-ladder-started"),
        task_pacing=task_pacing(picture),
        stage=current_stage(picture, pathway),
        other_programmes=programmes_for_diagnoses(picture, programme.name),
        follow_up=next_follow_up(picture, decision),
        restart=restart_offer(picture, decision, options, adherence(picture), diary(picture)),
    )


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
    adherence: tuple[ExerciseAdherence, ...]
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
        cues=cues(record, picture.safety),
        week=week,
        goal_priorities=goal_priorities(record),
        techniques=techniques(record),
        intake=intake_summary(picture, decision, states),
        talking_points=talking_points(picture, decision, programme, week.options if week else ()),
    )
