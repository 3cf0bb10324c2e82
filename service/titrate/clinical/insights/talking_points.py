"""Talking points for the next contact (C24-C34, C41, C47, C48): education, ladders, pacing, stage, restart. No rule."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.insights.activity_pacing import TaskPacing, task_pacing
from titrate.clinical.insights.adherence import adherence, diary
from titrate.clinical.insights.education import EducationTopic, education_topics
from titrate.clinical.insights.exposure_ladders import LadderProgress, ladder_progress
from titrate.clinical.insights.follow_up import FollowUp, next_follow_up
from titrate.clinical.insights.low_demand_restart import RestartOffer, restart_offer
from titrate.clinical.insights.programme_stages import StageStatus, current_stage, programmes_for_diagnoses
from titrate.clinical.insights.week_plan import DoseOptions
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision
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
