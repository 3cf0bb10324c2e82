"""The report of a cohort: cohort.html, cohort.json, the Bundle of each patient on request, and terminal output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

from titrate.app.pipeline import PlanningRules
from titrate.json_codec import dumps
from titrate.messages.simulation import CohortUnsafeStep, CohortVerdict
from titrate.simulation.cohort import CohortSize, Counts, CourseMetrics, JudgedCourse, Row, course_metrics, rows
from titrate.simulation.in_memory_ehr import bundle_of
from titrate.simulation.judge import CHECKS, CourseFinding
from titrate.simulation.page import page
from titrate.simulation.page.html import number, signed
from titrate.simulation.page.report_page import ReportContent

BUNDLES = "fhir"
# The last day is over in the time zone of every simulated patient.
END_OF_DAY = "{}T23:59:00-05:00"
COUNTS = tuple(field.name for field in fields(Counts))
HEAD = ("kind", "people", "first", "last", "change", *COUNTS, "goal", "weeks to goal", "unsafe")


@dataclass(frozen=True, slots=True)
class ReportFolder:
    """The folder of the report, and whether Bundles are written too."""

    folder: Path
    fhir: bool


def collect_report(
    size: CohortSize, rules: PlanningRules, courses: Iterable[JudgedCourse], keep: Callable[[JudgedCourse], None]
) -> ReportContent:
    """Collect the report one course at a time, to limit memory. `keep` is called with each course."""
    metrics, verdicts, stories = [], [], []
    for judged in courses:
        metrics.append(course_metrics(judged, size.weeks))
        verdicts.append(judged.verdict)
        if judged.course.patient.number == 1:
            stories.append(judged.course)
        keep(judged)
    return ReportContent(size, rules.rulebook, tuple(metrics), tuple(verdicts), tuple(stories))


def write_bundle(place: ReportFolder, judged: JudgedCourse) -> None:
    """Write the Bundle of a simulated patient and the time of its last day, if the report has Bundles."""
    if not place.fhir:
        return
    folder, course = place.folder / BUNDLES, judged.course
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{course.patient.id}.json").write_bytes(dumps(bundle_of(course.chart)))
    (folder / "expected.json").write_bytes(dumps({"at": END_OF_DAY.format(course.days[-1].date)}))


def write_report(place: ReportFolder, content: ReportContent) -> None:
    """Write cohort.html and cohort.json."""
    place.folder.mkdir(parents=True, exist_ok=True)
    (place.folder / "cohort.html").write_text(page(content), encoding="utf-8")
    (place.folder / "cohort.json").write_bytes(dumps(report_json(content)) + b"\n")


def report_json(content: ReportContent) -> dict[str, Any]:
    """The report as JSON."""
    size, rulebook = content.size, content.rulebook
    return {
        "rulebook": {"version": rulebook.version, "digest": rulebook.digest},
        "people": size.patients,
        "weeks": size.weeks,
        "seed": size.seed,
        "unsafe": content.unsafe,
        "judged": content.judged,
        "kinds": [_kind(row) for row in rows(content.patients)],
        "findings": [_finding(finding) for finding in content.findings],
        "persons": [_patient(metrics) for metrics in content.patients],
    }


def _kind(row: Row) -> dict[str, Any]:
    return {
        "kind": row.archetype.name,
        "firstDose": row.first,
        "lastDose": row.last,
        "goalWeeks": row.goal_weeks,
        "people": row.patients,
        **asdict(row.counts),
        "reached": row.reached,
        "unsafe": row.unsafe,
    }


def _finding(finding: CourseFinding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "unsafe": finding.unsafe,
        "person": finding.patient,
        "day": finding.number,
        "rule": finding.rule,
        "words": finding.words,
    }


def _patient(metrics: CourseMetrics) -> dict[str, Any]:
    return {
        "person": metrics.patient,
        "doses": list(metrics.series),
        "decisions": "".join(letter or "." for letter in metrics.letters),
        "goal": metrics.goal,
        "goalDay": metrics.goal_day,
    }


def cells(row: Row) -> tuple[str, ...]:
    """The row of one archetype, in the columns of `HEAD`."""
    return (
        row.archetype.name,
        str(row.patients),
        number(row.first),
        number(row.last),
        signed(row.change),
        *map(str, astuple(row.counts)),
        f"{row.reached}/{row.patients}",
        number(row.goal_weeks, 0),
        str(row.unsafe),
    )


def report_table(content: ReportContent) -> str:
    """The table by archetype in Markdown."""
    lines = [HEAD, ("---",) * len(HEAD), *(cells(row) for row in rows(content.patients))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def report_text(content: ReportContent) -> str:
    """The report for a terminal: the table, the totals of the judge, and every unsafe step."""
    lines = [HEAD, *(cells(row) for row in rows(content.patients))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    unsafe = [finding for finding in content.findings if finding.unsafe]
    checks = [check.name for check in CHECKS if check.unsafe]
    verdict = CohortVerdict(
        unsafe=len(unsafe), checks=len(checks), judgements=sum(content.judged[name] for name in checks)
    )
    return "\n".join([*table, "", str(verdict), *(f"  {_unsafe_step(finding)}" for finding in unsafe)])


def _unsafe_step(finding: CourseFinding) -> CohortUnsafeStep:
    return CohortUnsafeStep(
        patient=finding.patient,
        day=finding.number,
        rule=finding.rule,
        check=finding.check,
        finding=finding.words,
    )
