"""`titrate mappings`: the rulebook as a product."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.wiring import WRONG_USE, settings_or_stop, stop
from service.ehr import jsonbytes
from service.mappings import check, load


@click.group("mappings")
def command() -> None:
    """Check the rulebook: codes, limits, red flags, programmes."""


@command.command("check", epilog="\b\nExample:\n  titrate mappings check mappings")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def check_command(folder: Path | None, as_json: bool) -> None:
    """Read every mapping file and report everything that is wrong, at once. FOLDER defaults to the one in use."""
    settings = settings_or_stop()
    problems = check(folder or settings.mappings, settings.canonical)
    if as_json:
        click.echo(jsonbytes.written({"problems": [str(p) for p in problems]}))
    else:
        for problem in problems:
            click.echo(str(problem))
    if problems:
        stop(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in the mapping files.", WRONG_USE)
    if not as_json:
        book = load(folder or settings.mappings, settings.canonical)
        click.echo(
            f"The mapping files are right: version {book.version}, {len(book.constants)} numbers, "
            f"{len(book.measures)} measures, {len(book.exercises)} exercises, {len(book.flags)} red flags, "
            f"{len(book.programmes)} programmes; digest {book.digest[:12]}."
        )
