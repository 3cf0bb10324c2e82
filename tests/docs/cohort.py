"""Writes the tables of docs/cohort.md: `python -m tests.docs.cohort`, some minutes for a hundred people.

They tell of the rulebook that they name; a later one makes them history and not wrong, so no test makes them again.
"""

from __future__ import annotations

import re
import sys

from tests.docs.marks import table
from tests.project.sources import ROOT
from titrate.app.pipeline import PlanningRules
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup
from titrate.simulation.cohort import CohortSize, SimulatedCohort, simulate_cohort
from titrate.simulation.judge import CHECKS
from titrate.simulation.page.report_page import ReportContent
from titrate.simulation.report import told_of
from titrate.simulation.summary import markdown

PAGE = ROOT / "docs" / "cohort.md"
SIZE = CohortSize(people=10, weeks=26, seed=1)
MADE = re.compile(r"(<!-- made -->\n).*(<!-- end -->)", re.DOTALL)


def made(told: ReportContent) -> str:
    """The part of the page."""
    size, book = told.size, told.rulebook
    command = f"titrate cohort --people {size.people} --weeks {size.weeks} --seed {size.seed}"
    return f"""
`{command}` with rulebook {book.version}, digest {book.digest[:12]}.
Doses are minutes of walking a session; first, last and change are medians.

{markdown(told)}

**Unsafe steps: {told.unsafe}.** What was looked for, at how many runs there was something to judge, and how often it
was found:

{_checks(told, unsafe=True)}
Not unsafe by the rules, and worth a look:

{_checks(told, unsafe=False)}
"""


def _checks(told: ReportContent, *, unsafe: bool) -> str:
    judged, findings = told.judged, told.findings
    rows = (
        (check.name, check.says, str(judged[check.name]), str(sum(one.check == check.name for one in findings)))
        for check in CHECKS
        if check.unsafe is unsafe
    )
    return table(("check", "looks for", "judged", "found"), rows)


def _let_go(_one: SimulatedCohort) -> None:
    """Nothing is kept."""


def main() -> int:
    """Write the tables."""
    rules = PlanningRules(*load_with_lookup(), Site())
    told = told_of(SIZE, rules, simulate_cohort(SIZE, rules), _let_go)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MADE.sub(lambda mark: mark[1] + made(told) + mark[2], text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
