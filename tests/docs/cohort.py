"""Writes the tables of docs/cohort.md: `python -m tests.docs.cohort`, some minutes for a hundred simulated patients.

The tables name the version of the rulebook, so a later version does not make them wrong, and no test regenerates them.
"""

from __future__ import annotations

import re
import sys

from tests.docs.marks import table
from tests.project.sources import ROOT
from titrate.app.pipeline import PlanningRules
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup
from titrate.simulation.cohort import CohortSize, JudgedCourse, simulate_cohort
from titrate.simulation.cohort_report import collect_report, report_table
from titrate.simulation.judge import CHECKS
from titrate.simulation.page.report_page import ReportContent

PAGE = ROOT / "docs" / "cohort.md"
SIZE = CohortSize(patients=10, weeks=26, seed=1)
MADE = re.compile(r"(<!-- made -->\n).*(<!-- end -->)", re.DOTALL)


def made(content: ReportContent) -> str:
    """The generated part of the page."""
    size, book = content.size, content.rulebook
    command = f"titrate cohort --people {size.patients} --weeks {size.weeks} --seed {size.seed}"
    return f"""
`{command}` with rulebook {book.version}, digest {book.digest[:12]}.
Doses are minutes of walking a session; first, last and change are medians.

{report_table(content)}

**Unsafe steps: {content.unsafe}.** What each check looks for, how many runs it could judge, and how often it found
something:

{_checks(content, unsafe=True)}
Not unsafe by the rules, but worth reviewing:

{_checks(content, unsafe=False)}
"""


def _checks(content: ReportContent, *, unsafe: bool) -> str:
    judged, findings = content.judged, content.findings
    rows = (
        (check.name, check.description, str(judged[check.name]), str(sum(one.check == check.name for one in findings)))
        for check in CHECKS
        if check.unsafe is unsafe
    )
    return table(("check", "looks for", "judged", "found"), rows)


def _discard(_one: JudgedCourse) -> None:
    """Keep nothing of a course."""


def main() -> int:
    """Write the tables."""
    rules = PlanningRules(*load_with_lookup(), Site())
    content = collect_report(SIZE, rules, simulate_cohort(SIZE, rules), _discard)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(MADE.sub(lambda mark: mark[1] + made(content) + mark[2], text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
