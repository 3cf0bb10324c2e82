"""The report of a cohort as files: cohort.html to read, cohort.json for programs, each person's Bundle if wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from titrate.app.pipeline import PlanningRules
from titrate.ehr import json_bytes
from titrate.simulation.cohort import CohortSize, SimulatedCohort
from titrate.simulation.in_memory_ehr import bundle_of
from titrate.simulation.judge import Finding
from titrate.simulation.metrics import CourseMetrics, Row, course_metrics, rows
from titrate.simulation.page import page
from titrate.simulation.page.report_page import ReportContent

PEOPLE = "fhir"
# When everybody's last day is over, in every zone.
END_OF_ALL = "{}T23:59:00-05:00"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files go, and whether the Bundles are among them."""

    folder: Path
    fhir: bool


def told_of(
    size: CohortSize, rules: PlanningRules, people: Iterable[SimulatedCohort], keep: Callable[[SimulatedCohort], None]
) -> ReportContent:
    """The report of everyone, one at a time; `keep` takes each before the chart is let go."""
    counted, verdicts, stories = [], [], []
    for one in people:
        counted.append(course_metrics(one, size.weeks))
        verdicts.append(one.verdict)
        if one.course.person.number == 1:
            stories.append(one.course)
        keep(one)
    return ReportContent(size, rules.rulebook, tuple(counted), tuple(verdicts), tuple(stories))


def keeper(place: Place) -> Callable[[SimulatedCohort], None]:
    """Writes each person's Bundle, where wanted, and beside it when it was the end."""
    folder = place.folder / PEOPLE

    def keep(one: SimulatedCohort) -> None:
        if place.fhir:
            folder.mkdir(parents=True, exist_ok=True)
            name = f"{one.course.person.id}.json"
            (folder / name).write_bytes(json_bytes.written(bundle_of(one.course.chart)))
            (folder / "expected.json").write_bytes(
                json_bytes.written({"at": END_OF_ALL.format(one.course.days[-1].date)})
            )

    return keep


def write(place: Place, told: ReportContent) -> None:
    """cohort.html and cohort.json."""
    place.folder.mkdir(parents=True, exist_ok=True)
    (place.folder / "cohort.html").write_text(page(told), encoding="utf-8")
    (place.folder / "cohort.json").write_bytes(json_bytes.written(as_json(told)) + b"\n")


def as_json(told: ReportContent) -> dict[str, Any]:
    """The figures for a program."""
    size, book = told.size, told.rulebook
    return {
        "rulebook": {"version": book.version, "digest": book.digest},
        "people": size.people,
        "weeks": size.weeks,
        "seed": size.seed,
        "unsafe": told.unsafe,
        "judged": told.judged,
        "kinds": [_kind(row) for row in rows(told.people)],
        "findings": [_finding(one) for one in told.findings],
        "persons": [_person(one) for one in told.people],
    }


def _kind(row: Row) -> dict[str, Any]:
    return {
        "kind": row.archetype.name,
        "firstDose": row.first,
        "lastDose": row.last,
        "goalWeeks": row.goal_weeks,
        "people": row.people,
        **asdict(row.counts),
        "reached": row.reached,
        "unsafe": row.unsafe,
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "check": one.check,
        "unsafe": one.unsafe,
        "person": one.person,
        "day": one.number,
        "rule": one.rule,
        "words": one.words,
    }


def _person(one: CourseMetrics) -> dict[str, Any]:
    return {
        "person": one.person,
        "doses": list(one.series),
        "decisions": "".join(letter or "." for letter in one.letters),
        "goal": one.goal,
        "goalDay": one.goal_day,
    }
