"""What the talk with the patient needs, in one value: talks, ladders, chunks, stage, contact, a way back. No rule."""

from __future__ import annotations

from dataclasses import dataclass

from titrate.clinical.insights.activity_pacing import ChunkPlan, chunk_plans
from titrate.clinical.insights.adherence import adherence, diary
from titrate.clinical.insights.education import Lesson, lessons
from titrate.clinical.insights.exposure_ladders import Climb, climbs
from titrate.clinical.insights.follow_up import Contact, next_contact
from titrate.clinical.insights.low_demand_restart import Offer, offer_of
from titrate.clinical.insights.programme_stages import StageSeen, made_for, stage_of
from titrate.clinical.insights.week_template import Options
from titrate.clinical.picture.clinical_picture import Situation
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.education_content import NO_PATHWAY
from titrate.clinical.values.rulebook import Programme


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything of that sort for one patient. `others` are programmes made for a diagnosis of theirs."""

    lessons: tuple[Lesson, ...]
    climbs: tuple[Climb, ...]
    ladder_started: bool
    chunks: tuple[ChunkPlan, ...]
    stage: StageSeen | None
    others: tuple[str, ...]
    contact: Contact | None
    offer: Offer | None


def guide_of(situation: Situation, decision: Decision, programme: Programme, options: tuple[Options, ...]) -> Guide:
    """The guide of an eligible patient; `options` are the smaller doses of a day."""
    pathway = situation.record.rulebook.guidance.pathways.get(programme.name, NO_PATHWAY)
    return Guide(
        lessons=lessons(situation, pathway),
        climbs=climbs(situation, pathway),
        ladder_started=situation.record.stands("exposure-ladder-started"),
        chunks=chunk_plans(situation),
        stage=stage_of(situation, pathway),
        others=made_for(situation, programme.name),
        contact=next_contact(situation, decision),
        offer=offer_of(situation, decision, options, adherence(situation), diary(situation)),
    )
