"""`titrate cohort`: simulate patients under a rulebook for half a year and judge every step."""

from __future__ import annotations

from pathlib import Path

import click

from titrate.cli.bootstrap import read_rules, read_settings
from titrate.cli.errors import FailureError, UsageError
from titrate.messages.cli import (
    CohortProgress,
    CohortReport,
    ReportUnwritable,
    UnsafeSteps,
)
from titrate.simulation.simulated_patient import archetypes

EXAMPLE = """
\b
Examples:
  titrate cohort --out cohort
  titrate cohort --out next --people 3 --mappings ../next/mappings --fhir
"""
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("cohort", epilog=EXAMPLE)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder for the report."
)
@click.option("--people", type=click.IntRange(1, 99), default=10, show_default=True, help="Patients of each kind.")
@click.option("--weeks", type=click.IntRange(1, 104), default=26, show_default=True, help="Weeks to simulate.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed gives other patients.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([one.name for one in archetypes()]),
    help="Only this kind of patient; may be repeated. Default: all kinds.",
)
@click.option("--mappings", type=FOLDER, help="The rulebook to try. Default: the one of the settings.")
@click.option("--overrides", type=FILE, help="A site's own numbers. Default: the file that TITRATE_OVERRIDES names.")
@click.option(
    "--fhir", is_flag=True, help="Also write each patient's Bundle, for `titrate mappings shadow --population`."
)
def command(
    out: Path,
    people: int,
    weeks: int,
    seed: int,
    kinds: tuple[str, ...],
    mappings: Path | None,
    overrides: Path | None,
    fhir: bool,
) -> None:
    """Try the rulebook on simulated patients: responders, flares, dropouts, bad devices and more, each for half a year.

    Writes cohort.html and cohort.json. It needs no server and no network, and the same seed gives the same bytes. The
    exit code is 1 if a step was unsafe.
    """
    from dataclasses import replace

    from titrate.simulation.cohort import CohortSize, JudgedCourse, simulate_cohort
    from titrate.simulation.cohort_report import ReportFolder, collect_report, report_text, write_bundle, write_report

    settings = read_settings()
    settings = replace(settings, mappings=mappings or settings.mappings, overrides=overrides or settings.overrides)
    rules = read_rules(settings)
    size, folder = CohortSize(people, weeks, seed, kinds), ReportFolder(out, fhir)

    def record(one: JudgedCourse) -> None:
        write_bundle(folder, one)
        if one.course.patient.number == people:
            kind = one.course.patient.archetype.title
            click.echo(CohortProgress(kind=kind, patients=people, weeks=weeks), err=True)

    try:
        report = collect_report(size, rules, simulate_cohort(size, rules), record)
        write_report(folder, report)
    except OSError as error:
        raise UsageError(ReportUnwritable(folder=str(out), reason=str(error.strerror))) from None
    click.echo(report_text(report))
    click.echo(CohortReport(path=str(out / "cohort.html")))
    if report.unsafe:
        raise FailureError(UnsafeSteps(count=report.unsafe))
