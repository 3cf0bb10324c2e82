"""The whole page of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from titrate.clinical.values.rulebook import Rulebook
from titrate.messages.simulation import CohortIntroduction, CohortJudgeExplained
from titrate.simulation.cohort import CohortSize
from titrate.simulation.course import Course
from titrate.simulation.judge import CHECKS, Finding, Verdict
from titrate.simulation.metrics import CourseMetrics, rows
from titrate.simulation.page import overview
from titrate.simulation.page.css import STYLE
from titrate.simulation.page.curves import curves
from titrate.simulation.page.html import words
from titrate.simulation.page.weeks import legend, story, strips


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The content of a report: the size, the metrics and verdict of each patient, and one course per archetype."""

    size: CohortSize
    rulebook: Rulebook
    patients: tuple[CourseMetrics, ...]
    verdicts: tuple[Verdict, ...]
    stories: tuple[Course, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the patients."""
        return tuple(one for verdict in self.verdicts for one in verdict.findings)

    @property
    def unsafe(self) -> int:
        """Number of unsafe steps."""
        return sum(1 for one in self.findings if one.unsafe)

    @property
    def judged(self) -> dict[str, int]:
        """Number of runs that each check judged."""
        total: Counter[str] = Counter()
        for verdict in self.verdicts:
            total.update(verdict.judged)
        return {check.name: total[check.name] for check in CHECKS}


def page(content: ReportContent) -> str:
    """The whole page; equal cohorts give equal bytes."""
    title = f"Virtual cohort, {words(content.rulebook.version)}"
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
            *_top(content),
            *(_kind(content, course) for course in content.stories),
            "</body>\n</html>\n",
        )
    )


def _top(content: ReportContent) -> Iterator[str]:
    runs = max(content.judged.values(), default=0)
    checks = [check.name for check in CHECKS if check.unsafe]
    yield "<main>\n<h1>Virtual cohort: how the rules treat simulated patients</h1>\n"
    yield f"<p>{words(_introduction(content))}</p>\n"
    yield (
        f'<p class="big"><strong class="{"bad" if content.unsafe else "good"}">{content.unsafe} unsafe steps</strong> '
        f"in {runs} runs, by {len(checks)} checks that made {sum(content.judged[name] for name in checks)} "
        "judgements.</p>\n"
    )
    yield overview.kinds(rows(content.patients))
    yield f"<h2>Unsafe steps</h2>\n{overview.findings(content.findings, unsafe=True)}"
    yield f"<p>{words(CohortJudgeExplained())}</p>\n"
    yield overview.checks(content.judged, content.findings, unsafe=True)
    yield f"<h2>Worth reviewing</h2>\n{overview.checks(content.judged, content.findings, unsafe=False)}"
    yield overview.findings(content.findings, unsafe=False)
    yield f"<h2>Kind by kind</h2>\n{legend()}</main>\n"


def _introduction(content: ReportContent) -> CohortIntroduction:
    size, rulebook = content.size, content.rulebook
    return CohortIntroduction(
        patients=len(content.patients),
        each=size.patients,
        weeks=size.weeks,
        version=rulebook.version,
        digest=rulebook.digest[:12],
        seed=size.seed,
    )


def _kind(content: ReportContent, course: Course) -> str:
    kind = course.patient.archetype
    patients: Sequence[CourseMetrics] = [one for one in content.patients if one.archetype.name == kind.name]
    return (
        f'<section id="{kind.name}">\n<h2>{words(kind.title)}</h2>\n<p>{words(kind.story)}</p>\n'
        f"{curves(patients)}{strips(patients)}<h3>One of them, run by run</h3>\n{story(course)}</section>\n"
    )
