"""`titrate cohort`: invented people live with a rulebook for half a year, and a judge looks at every step."""

from __future__ import annotations

from pathlib import Path

import click

from titrate.cli.bootstrap import FAILED, WRONG_USE, exit_with_message, rules_or_stop, settings_or_stop
from titrate.simulation.archetype import archetypes

EXAMPLE = """
\b
Examples:
  titrate cohort --out cohort
  titrate cohort --out next --people 3 --mappings ../next/mappings --fhir
"""
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("cohort", epilog=EXAMPLE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
@click.option("--people", type=click.IntRange(1, 99), default=10, show_default=True, help="People of each kind.")
@click.option("--weeks", type=click.IntRange(1, 104), default=26, show_default=True, help="Weeks that each one lives.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other people.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([one.name for one in archetypes()]),
    help="Only this kind of person; may be given several times. Default: all.",
)
@click.option("--mappings", type=FOLDER, help="The rulebook to try. Default: the one in use.")
@click.option("--overrides", type=FILE, help="A site's own numbers. Default: the file that TITRATE_OVERRIDES names.")
@click.option(
    "--fhir", is_flag=True, help="Write each person's Bundle too, for `titrate mappings shadow --population`."
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
    """Try the rulebook on invented people: responders, flares, dropouts, bad devices and more, each for half a year.

    Writes cohort.html and cohort.json. No server and no network are needed, and the same seed gives the same bytes. The
    exit code is 1 when a step was unsafe.
    """
    from dataclasses import replace

    from titrate.simulation.cohort import CohortSize, JudgedCourse, simulate_cohort
    from titrate.simulation.cohort_report import ReportFolder, collect_report, report_text, write_bundle, write_report

    settings = settings_or_stop()
    settings = replace(settings, mappings=mappings or settings.mappings, overrides=overrides or settings.overrides)
    rules = rules_or_stop(settings)
    size, place = CohortSize(people, weeks, seed, kinds), ReportFolder(out, fhir)

    def kept(one: JudgedCourse) -> None:
        write_bundle(place, one)
        if one.course.patient.number == people:
            click.echo(f"{one.course.patient.archetype.title}: {people} people lived {weeks} weeks.", err=True)

    try:
        told = collect_report(size, rules, simulate_cohort(size, rules), kept)
        write_report(place, told)
    except OSError as error:
        exit_with_message(f"{out}: cannot be written: {error.strerror}", WRONG_USE)
    click.echo(report_text(told))
    click.echo(f"The report is {out / 'cohort.html'}.")
    if told.unsafe:
        exit_with_message(f"{told.unsafe} unsafe steps.", FAILED)
