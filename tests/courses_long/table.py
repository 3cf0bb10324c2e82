"""Writes docs/courses.md: `python -m tests.courses_long.table`. Both courses are lived through on the sandbox EHR."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from tests.courses_long import half_a_year, twelve_weeks
from tests.courses_long.life import Life, Step
from tests.fixtures.values import practitioner
from tests.plan_lifecycle.ehr_server import EhrServer
from titrate.sandbox.server import Sandbox

PAGE = Path(__file__).resolve().parents[2] / "docs" / "courses.md"
# Days between runs: often enough to see every turn, rarely enough to test in a minute.
EVERY = {"12": 2, "26": 3}
HEAD = """# Two courses, as the EHR holds them

Each row is one run that changed something, and what the clinician answered to its draft. The patient is synthetic and
posts mornings, sessions and screens to a FHIR server as time passes; each session follows the order that is active in
the EHR that day. Every run is made by a new process with an empty ledger, and a second run at the same moment writes
nothing. *Dose* and *phase* are what is in force after the answer. This page is written by
`tests/courses_long/table.py`, and a test holds it against the course.
"""
TWELVE = """
## Twelve weeks

Baseline, rises, a lighter week, a flare in week 7, the return to load, rises again. A run every
second evening and on each day of the flare.
"""
TWENTY_SIX = """
## 26 weeks

A clinician rewords an order and lowers its frequency (week 2); a draft is rejected (week 5); a red flag opens and a
clinician clears it (week 9); sixteen days without a word (weeks 13 to 15); a second exercise gets its first dose
(week 20); a clinician lowers a dose in the EHR (week 25). A run every third day and on the days of events.
"""
COLUMNS = "| week | date | rule | decision | the run | clinician | dose | phase |\n|---|---|---|---|---|---|---|---|"
QUIET = ("", "record-decision", "keep-draft")


def page(twelve: Iterable[Step], twenty_six: Iterable[Step]) -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD.rstrip("\n"),
            TWELVE.rstrip("\n"),
            "",
            COLUMNS,
            *rows(twelve, twelve_weeks.FIRST),
            TWENTY_SIX.rstrip("\n"),
            "",
            COLUMNS,
            *rows(twenty_six, half_a_year.FIRST),
            "",
        ]
    )


def rows(steps: Iterable[Step], first: date) -> Iterator[str]:
    """One row a run that proposed or withdrew something, or after which another rule or dose held."""
    before: tuple[str, str] | None = None
    for step in steps:
        now = (step.rule, step.doses)
        if step.move not in QUIET or now != before:
            week = max(0, (step.day - first).days // 7 + 1)
            cells = (
                str(week),
                step.day.isoformat(),
                step.rule,
                step.outcome,
                step.move,
                step.answer,
                step.doses,
                step.phase,
            )
            yield "| " + " | ".join(cell or "-" for cell in cells) + " |"
        before = now


def lived() -> tuple[Life, Life]:
    """Both courses on one sandbox."""
    with Sandbox() as sandbox:
        ehr_server = EhrServer(sandbox.base_url)
        ehr_server.put([practitioner()])
        twelve = twelve_weeks.lived(twelve_weeks.enrolled_patient(ehr_server), every=EVERY["12"])
        return twelve, half_a_year.lived(half_a_year.enrolled_patient(ehr_server), every=EVERY["26"])


def main() -> int:
    """Write the page."""
    twelve, twenty_six = lived()
    PAGE.write_text(page(twelve.steps, twenty_six.steps), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
