"""The talking points for one patient as JSON. No logic."""

from __future__ import annotations

from titrate.app.report.json_values import Json, select, to_json
from titrate.clinical.insights.adherence import RestartOffer
from titrate.clinical.insights.clinician_overview import TalkingPoints
from titrate.clinical.insights.daily_activities import TaskPacing
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import FollowUp
from titrate.clinical.insights.pathway_progress import StageStatus


def talking_points_json(guide: TalkingPoints) -> Json:
    """All talking points."""
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
