"""What is there for the talk with the patient, as JSON. Works nothing out."""

from __future__ import annotations

from datetime import date
from typing import Any

from titrate.clinical.insights.activity_pacing import TaskPacing
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import FollowUp
from titrate.clinical.insights.low_demand_restart import RestartOffer
from titrate.clinical.insights.programme_stages import StageStatus
from titrate.clinical.insights.talking_points import TalkingPoints
from titrate.clinical.values.plan import Dose

Json = dict[str, Any]


def talking_points_json(guide: TalkingPoints) -> Json:
    """The guide as plain values."""
    return {
        "contact": None if guide.follow_up is None else _contact(guide.follow_up),
        "offer": None if guide.restart is None else _offer(guide.restart),
        "stage": None if guide.stage is None else _stage(guide.stage),
        "otherProgrammes": list(guide.other_programmes),
        "ladderStarted": guide.ladder_started,
        "ladders": [_climb(c) for c in guide.ladders],
        "chunks": [_chunks(c) for c in guide.task_pacing],
        "talks": [
            {"module": one.module.name, "understood": one.understood, "asked": _day(one.teach_back)}
            for one in guide.topics
        ],
    }


def dose_json(value: Dose | None) -> Json | None:
    """A dose of one session."""
    if value is None:
        return None
    return {"amount": value.amount, "unit": value.unit, "sets": value.sets, "load": value.load}


def _contact(contact: FollowUp) -> Json:
    return {
        "how": contact.mode.value,
        "due": _day(contact.due),
        "overdue": contact.overdue,
        "last": _day(contact.last),
        "why": str(contact.reason),
    }


def _offer(offer: RestartOffer) -> Json:
    return {
        "exercise": offer.exercise,
        "dose": dose_json(offer.dose),
        "times": offer.times,
        "entries": offer.entries,
        "because": [str(reason) for reason in offer.reasons],
    }


def _stage(seen: StageStatus) -> Json:
    gates = [{"text": gate.text, "met": gate.met} for gate in seen.gates]
    return {"name": seen.stage.name, "number": seen.number, "of": seen.stages, "gates": gates, "fits": list(seen.fits)}


def _climb(climb: LadderProgress) -> Json:
    return {
        "ladder": climb.ladder.name,
        "kind": climb.ladder.kind.value,
        "fear": climb.fear,
        "forGoal": climb.for_goal,
        "step": climb.step,
        "now": climb.now,
        "next": climb.next,
        "ready": climb.ready,
        "chosen": climb.chosen,
        "watched": climb.supported,
        "waits": [str(block) for block in climb.blocked_by],
    }


def _chunks(plan: TaskPacing) -> Json:
    return {
        "task": plan.task.name,
        "tolerated": plan.tolerated,
        "wanted": plan.proposal,
        "chunk": plan.chunk,
        "rest": plan.rest,
        "parts": plan.parts,
        "told": _day(plan.day),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
