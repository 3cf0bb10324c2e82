"""Writes docs/lifecycle.md from the tables in the code: `python -m tests.docs.lifecycle`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from titrate.app.report.summary import TRANSITION_SUMMARIES
from titrate.fhir.plan_decisions.plan_status import PLAN_MOVES, member_statuses
from titrate.rulebook import load

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"
STATUSES = ("active", "on-hold", "completed", "revoked")
KINDS = ("ServiceRequest", "Goal", "Task")
HEAD = """# The lifecycle of a plan

A plan is a CarePlan; each new version is a new CarePlan that `replaces` the one before. The service writes drafts
and closes its own drafts; everything else is a clinician's decision, with `titrate approve` and `titrate reject` or
in the EHR. `tests/docs/lifecycle.py` generates this page from the tables in the code.

## The plan

"""
MEMBERS = """
## What follows the plan

When a plan takes a new status, its orders, the goal written with it and the clinician's Task follow, in the same
transaction or in the next run. A status that is not listed stays, and so does an order that a clinician stopped on
its own.

| the plan is | its orders | its goal | the Task |
|---|---|---|---|
"""
RUNS = """
## What a run does

| transition | what is written |
|---|---|
"""
RULES = """
## Rules of approval and change

- An approval names a clinician who exists in the EHR. Plan, orders with `requester`, goal, Task, the previous plan
  with its orders, and a Provenance with the verifier are one transaction, with `If-Match` on every existing
  resource.
- A reason is required for a dose above the draft's, for a draft that a clinician edited, while a red flag that only
  holds is open, and when reports since the draft would lower the dose.
- No reason overrides a dose limit, another author's plan, 1.20 times the dose in force, an open red flag, or an
  unanswered red-flag screen where the draft lowers a dose. A draft older than {draft_days} days, or based on a plan
  that is no longer in force, cannot be approved.
- A dose changed on approval becomes the dose in force, and the next step starts from it. A dose that a clinician
  changes later in the EHR is an upper limit until the clinician changes it again. An instruction written by a
  clinician is kept in every later version.
- A rejected prescription is not proposed again for {rejection_days} days, or until a later session counts.
- While a plan is on hold, nothing is proposed. A programme that a clinician ended restarts with new tolerance
  trials.
- A red flag leaves an active plan unchanged and adds an alert and a draft without exercise. When a clinician has
  cleared it, Flag and message are closed and the draft is withdrawn. Only a clinician ends an approved stop.
- After 409 or 412 everything is read again. If a resource that the service was about to change has changed, nothing
  is written, and the result reports it.
"""


def page() -> str:
    """The whole page."""
    return (
        HEAD
        + "\n".join([*diagram(), "", "| from | to | by | when |", "|---|---|---|---|", *plan_rows()])
        + "\n"
        + (MEMBERS + "\n".join(member_rows()) + "\n" + RUNS + "\n".join(run_rows()) + "\n" + rules())
    )


def rules() -> str:
    """The rules of approval and change, with the numbers of the rulebook."""
    numbers = load().numbers
    return RULES.format(draft_days=numbers.draft_valid_days, rejection_days=numbers.rejection_valid_days)


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
    """The status of each member of a plan after a status change of the plan."""
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
    """Every transition with its summary from the command line."""
    for move, words in TRANSITION_SUMMARIES.items():
        yield f"| `{move.value}` | {words} |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
