"""The life of a plan as a table: every status that a plan of ours may leave for another, by whose act, and when.

What writes a plan's status asks this table; docs/lifecycle.md is drawn from it; random lives are held against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Actor(StrEnum):
    """Whose act it is: the machine's, or a clinician's with our means or in the EHR's own."""

    RUN = "a run"
    CLINICIAN = "a clinician"


@dataclass(frozen=True, slots=True)
class PlanMove:
    """From one status to another. `before` is empty where the plan begins."""

    before: str
    after: str
    actor: Actor
    when: str


PLAN_MOVES: tuple[PlanMove, ...] = (
    PlanMove("", "draft", Actor.RUN, "the prescription is another than the one in force"),
    PlanMove("draft", "active", Actor.CLINICIAN, "approves it"),
    PlanMove("draft", "revoked", Actor.CLINICIAN, "rejects it"),
    PlanMove("draft", "revoked", Actor.RUN, "out of date: another prescription, a red flag, 14 days without an answer"),
    PlanMove("active", "completed", Actor.CLINICIAN, "approves the version that replaces it, or ends the programme"),
    PlanMove("active", "on-hold", Actor.CLINICIAN, "puts it on hold"),
    PlanMove("active", "revoked", Actor.CLINICIAN, "withdraws it"),
    PlanMove("on-hold", "active", Actor.CLINICIAN, "takes it up again"),
    PlanMove("on-hold", "completed", Actor.CLINICIAN, "approves another version, or ends the programme"),
    PlanMove("on-hold", "revoked", Actor.CLINICIAN, "withdraws it"),
)


class IllegalMove(Exception):
    """Something tried to give a plan a status that it may not take: a fault of ours, never sent."""


def next_status(before: str, after: str, actor: Actor) -> str:
    """`after`, if the table has the move. Raises IllegalMove."""
    if not any((move.before, move.after, move.actor) == (before, after, actor) for move in PLAN_MOVES):
        raise IllegalMove(f"A plan may not go from {before} to {after} by {actor.value}.")
    return after


def next_statuses(before: str) -> frozenset[str]:
    """The statuses that a plan may take next, whoever acts."""
    return frozenset(move.after for move in PLAN_MOVES if move.before == before)
