"""The page, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from titrate.clinical.values.rulebook import Rulebook
from titrate.simulation.cohort import CohortSize
from titrate.simulation.course import Course
from titrate.simulation.judge import CHECKS, Finding, Verdict
from titrate.simulation.metrics import CourseMetrics, rows
from titrate.simulation.page import overview
from titrate.simulation.page.css import STYLE
from titrate.simulation.page.curves import curves
from titrate.simulation.page.html import words
from titrate.simulation.page.week_strip import legend, strips
from titrate.simulation.page.weeks import story


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All that a report needs: the size, everyone's figures, what the judge said, and one course of each kind."""

    size: CohortSize
    rulebook: Rulebook
    people: tuple[CourseMetrics, ...]
    verdicts: tuple[Verdict, ...]
    stories: tuple[Course, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, in the order of the people."""
        return tuple(one for verdict in self.verdicts for one in verdict.findings)

    @property
    def unsafe(self) -> int:
        """How many unsafe steps were found."""
        return sum(1 for one in self.findings if one.unsafe)

    @property
    def judged(self) -> dict[str, int]:
        """How many runs each check judged."""
        total: Counter[str] = Counter()
        for verdict in self.verdicts:
            total.update(verdict.judged)
        return {check.name: total[check.name] for check in CHECKS}


def page(told: ReportContent) -> str:
    """The whole page; the same for the same cohort, byte by byte."""
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>Virtual cohort, {words(told.rulebook.version)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
            *_top(told),
            *(_kind(told, one) for one in told.stories),
            "</body>\n</html>\n",
        )
    )


def _top(told: ReportContent) -> Iterator[str]:
    size, runs = told.size, max(told.judged.values(), default=0)
    judged = sum(told.judged[check.name] for check in CHECKS if check.unsafe)
    yield "<main>\n<h1>Virtual cohort: how the rules treat invented people</h1>\n"
    book = f"{words(told.rulebook.version)} (digest {told.rulebook.digest[:12]})"
    yield (
        f"<p>{len(told.people)} invented people ({size.people} of each kind) lived for {size.weeks} weeks with plans "
        f"drafted by rulebook {book} and approved by an invented clinician; seed {size.seed}. Every run read the "
        "person's FHIR resources anew. The people are a simple model for trying the rules out: nothing here says how "
        "real people fare.</p>\n"
    )
    kind = "bad" if told.unsafe else "good"
    count = sum(1 for check in CHECKS if check.unsafe)
    yield (
        f'<p class="big"><strong class="{kind}">{told.unsafe} unsafe steps</strong> in {runs} runs, '
        f"by {count} checks that made {judged} judgements.</p>\n"
    )
    yield overview.kinds(rows(told.people))
    yield f"<h2>Unsafe steps</h2>\n{overview.findings(told.findings, unsafe=True)}"
    yield (
        "<p>The judge reads the diary and the doses in force and works out for itself what a flare, a crash or a "
        "session not borne is; only the limits are the rulebook's.</p>\n"
    )
    yield overview.checks(told.judged, told.findings, unsafe=True)
    yield f"<h2>Worth a look</h2>\n{overview.checks(told.judged, told.findings, unsafe=False)}"
    yield overview.findings(told.findings, unsafe=False)
    yield f"<h2>Kind by kind</h2>\n{legend()}</main>\n"


def _kind(told: ReportContent, course: Course) -> str:
    kind = course.person.archetype
    people: Sequence[CourseMetrics] = [one for one in told.people if one.archetype.name == kind.name]
    return (
        f'<section id="{kind.name}">\n<h2>{words(kind.title)}</h2>\n<p>{words(kind.story)}</p>\n'
        f"{curves(people)}{strips(people)}<h3>One of them, run by run</h3>\n{story(course)}</section>\n"
    )
