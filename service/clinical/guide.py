"""What the talk with the patient needs, in one value: talks, ladders, chunks, stage, contact, a way back. No rule."""

from __future__ import annotations

from dataclasses import dataclass

from service.clinical.chunks import ChunkPlan, chunk_plans
from service.clinical.consistency import adherence, diary
from service.clinical.contacts import Contact, next_contact
from service.clinical.decision import Decision
from service.clinical.education import Lesson, lessons
from service.clinical.exposure import Climb, climbs
from service.clinical.guidance import NO_PATHWAY
from service.clinical.reentry import Offer, offer_of
from service.clinical.rulebook import Programme
from service.clinical.situation import Situation
from service.clinical.stages import StageSeen, made_for, stage_of
from service.clinical.week import Options


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


def guide_of(
    situation: Situation, decision: Decision, programme: Programme, options: tuple[Options, ...]
) -> Guide:
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
