"""Writes docs/lifecycle.md from the tables in the code: `python -m tests.docs.lifecycle`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from titrate.app.report.summary import DELIVERY_WORDS
from titrate.fhir.transitions.member_statuses import member_statuses
from titrate.fhir.transitions.status_tables import PLAN_MOVES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"
STATUSES = ("active", "on-hold", "completed", "revoked")
KINDS = ("ServiceRequest", "Goal", "Task")
HEAD = """# How a plan lives

A plan is a CarePlan; each new version is a new CarePlan that `replaces` the one before. The machine writes drafts and
closes drafts of its own; everything else is a clinician's act, with `titrate approve` and `titrate reject` or in the
EHR's own screens. This page is written from the tables in the code by `tests/docs/lifecycle.py`.

## The plan

"""
MEMBERS = """
## What follows the plan

When a plan has a new status, its orders, the goal that was written with it and the clinician's Task follow, in the same
transaction or in the next run. A status that is not listed stays, and so does an order that a person stopped alone.

| the plan is | its orders | its goal | the Task |
|---|---|---|---|
"""
RUNS = """
## What a run does

| transition | what is written |
|---|---|
"""
RULES = """
## Rules around it

- Approving needs a clinician whom the EHR knows. Plan, orders with `requester`, goal, Task, the plan before it and its
  orders, and a Provenance with the verifier are one transaction with `If-Match` on everything that is there already.
- A reason is needed for a dose above the draft's, for a draft that a person changed, while a flag that only holds is
  open, and when the reports since the draft would lower the dose.
- No reason passes a dose limit, another author's plan, 1.20 times the dose in force, an open red flag, or an unanswered
  red-flag screen where the draft lowers a dose. A draft older than 14 days, or on top of a plan that is no longer in
  force, is not approved.
- A dose that the clinician changes while approving is the dose in force from which the next step goes on. A dose that a
  person changes later in the EHR is an upper bound until they change it again. An instruction that a person writes is
  kept in every later version.
- A rejected prescription is not proposed again for 7 days or until a session counts that ended later.
- While a plan is on hold nothing is proposed. A programme that a person ended starts again from new tolerance trials.
- A red flag leaves an active plan as it is: an alert, and a draft without exercise. When a clinician has cleared it,
  Flag and message are closed and the draft is withdrawn. A stopped plan that was approved is left by a person alone.
- After 409 or 412 everything is read again. If what we were about to change says something else now, a person was
  there: nothing is written, and that is the answer.
"""


def page() -> str:
    """The whole page."""
    return (
        HEAD
        + "\n".join([*diagram(), "", "| from | to | by | when |", "|---|---|---|---|", *plan_rows()])
        + "\n"
        + (MEMBERS + "\n".join(member_rows()) + "\n" + RUNS + "\n".join(run_rows()) + "\n" + RULES)
    )


def diagram() -> Iterator[str]:
    """The moves of a plan as a state diagram."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for move in PLAN_MOVES:
        yield f"    {_state(move.before)} --> {_state(move.after)}: {move.actor.value}, {move.when.split(':')[0]}"
    for status in dict.fromkeys(move.after for move in PLAN_MOVES):
        if status not in {move.before for move in PLAN_MOVES}:
            yield f"    {_state(status)} --> [*]"
    yield "```"


def _state(status: str) -> str:
    return status.replace("-", "_") or "[*]"


def plan_rows() -> Iterator[str]:
    """The same as a table."""
    for move in PLAN_MOVES:
        yield f"| {move.before or '-'} | {move.after} | {move.actor.value} | {move.when} |"


def member_rows() -> Iterator[str]:
    """What the members of a plan become."""
    for status in STATUSES:
        cells = ("; ".join(_member(kind, status)) or "stays" for kind in KINDS)
        yield f"| `{status}` | " + " | ".join(cells) + " |"


def _member(kind: str, status: str) -> Iterator[str]:
    by_end: dict[str, list[str]] = {}
    for before, after in member_statuses(kind, status).items():
        by_end.setdefault(after, []).append(before)
    for after, listed in by_end.items():
        yield f"{'any open one' if kind == 'Task' else ', '.join(listed)} → `{after}`"


def run_rows() -> Iterator[str]:
    """Every transition in the words of the command line."""
    for move, words in DELIVERY_WORDS.items():
        yield f"| `{move.value}` | {words} |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
