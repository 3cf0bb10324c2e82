"""`titrate mappings`: the rulebook as a product. Check it, compare two of them, and try one on patients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from titrate.cli.bootstrap import FAILED, WRONG_USE, exit_with_message, fhir_site, instant, settings_or_stop
from titrate.json_codec import dumps
from titrate.rulebook import InvalidMappings, MappingFiles, Override, load, load_with_lookup, read_mappings
from titrate.settings import Settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

CHECK_EXAMPLE = "\b\nExample:\n  titrate mappings check mappings --overrides site.toml"
DIFF_EXAMPLE = "\b\nExample:\n  titrate mappings diff mappings ../next/mappings"
SHADOW_EXAMPLE = "\b\nExample:\n  titrate mappings shadow mappings ../next/mappings --population fixtures/patients"


@click.group("mappings")
def command() -> None:
    """Check the rulebook, compare two of them, and try one on patients before it is used."""


@command.command("check", epilog=CHECK_EXAMPLE)
@click.argument("folder", required=False, type=FOLDER)
@click.option("--overrides", type=FILE, help="A site's own numbers. Default: the file that TITRATE_OVERRIDES names.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def check_command(folder: Path | None, overrides: Path | None, as_json: bool) -> None:
    """Read every mapping file and report everything that is wrong, at once. FOLDER defaults to the one in use."""
    settings = settings_or_stop()
    places = (folder or settings.mappings, settings.canonical, overrides or settings.overrides)
    found = read_mappings(*places)
    problems = [str(problem) for problem in found.problems]
    if as_json:
        click.echo(dumps({"problems": problems, **_named(found)}))
    else:
        for problem in problems:
            click.echo(problem)
    if problems:
        exit_with_message(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in the mapping files.", WRONG_USE)
    if not as_json:
        click.echo(_right(found, *places))


@command.command("diff", epilog=DIFF_EXAMPLE)
@click.argument("a", type=FOLDER)
@click.argument("b", type=FOLDER)
@click.option("--overrides-a", type=FILE, help="A site's own numbers, laid over A.")
@click.option("--overrides-b", type=FILE, help="A site's own numbers, laid over B.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def diff_command(a: Path, b: Path, overrides_a: Path | None, overrides_b: Path | None, as_json: bool) -> None:
    """Say in words what differs between the rulebooks in the folders A and B."""
    from titrate.cli.output.diff_output import diff_json, diff_text
    from titrate.rulebook.diff import differences

    settings = settings_or_stop()
    first, second = _right_or_stop(a, settings, overrides_a), _right_or_stop(b, settings, overrides_b)
    changes = differences(first.tables, second.tables)
    if as_json:
        click.echo(dumps({"a": _named(first), "b": _named(second), "changes": diff_json(changes)}))
    else:
        click.echo(diff_text(first, second, changes))


@command.command("shadow", epilog=SHADOW_EXAMPLE)
@click.argument("a", type=FOLDER)
@click.argument("b", type=FOLDER)
@click.argument("more", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--population",
    multiple=True,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="A Bundle of one patient, or a folder of them; more of them may follow.",
)
@click.option(
    "--at", "at_text", metavar="INSTANT", help="The moment of every decision. Default: each story's own, or now."
)
@click.option("--overrides-a", type=FILE, help="A site's own numbers, laid over A.")
@click.option("--overrides-b", type=FILE, help="A site's own numbers, laid over B.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def shadow_command(
    a: Path,
    b: Path,
    more: tuple[Path, ...],
    population: tuple[Path, ...],
    at_text: str | None,
    overrides_a: Path | None,
    overrides_b: Path | None,
    as_json: bool,
) -> None:
    """Decide for every patient of a population under the rulebooks A and B, and list who would be decided differently.

    Doses that go up although symptoms are worse come first. Nothing is written anywhere, and a difference is no
    failure: the exit code is 0 unless a file could not be used.
    """
    from titrate.cli.output.shadow_output import shadow_comparison

    settings = settings_or_stop()
    at = None if at_text is None else instant(at_text)
    both = (_rules_or_stop(a, settings, overrides_a), _rules_or_stop(b, settings, overrides_b))
    done = shadow_comparison((*population, *more), both, at, instant(None))
    click.echo(dumps(done.as_json()) if as_json else done.in_words())
    if done.unusable:
        exit_with_message("\n".join(done.unusable), FAILED)


def _right_or_stop(folder: Path, settings: Settings, overrides: Path | None) -> MappingFiles:
    found = read_mappings(folder, settings.canonical, overrides)
    if found.problems:
        exit_with_message(f"{folder}: {InvalidMappings(found.problems)}", WRONG_USE)
    return found


def _rules_or_stop(folder: Path, settings: Settings, overrides: Path | None) -> Any:
    from titrate.app.pipeline import PlanningRules

    try:
        rulebook, lookup = load_with_lookup(folder, settings.canonical, overrides)
    except InvalidMappings as error:
        exit_with_message(f"{folder}: {error}", WRONG_USE)
    rules = PlanningRules(rulebook, lookup, fhir_site(settings), settings.programme, settings.lookback_days)
    if rules.programme not in rulebook.programmes:
        exit_with_message(f"{folder}: there is no programme {rules.programme}.", WRONG_USE)
    return rules


def _named(found: MappingFiles) -> dict[str, Any]:
    return {
        "version": found.version,
        "digest": found.digest,
        "overrides": [_override(one) for one in found.overrides],
    }


def _override(one: Override) -> dict[str, Any]:
    plain = {"name": one.name, "before": one.before, "value": one.value, "unit": one.unit, "effect": one.effect.value}
    return {**plain, "by": one.by, "on": one.on.isoformat(), "why": one.why}


def _right(found: MappingFiles, folder: Path | None, canonical: str, overrides: Path | None) -> str:
    """What stands in files that are right, and every number that the site changed."""
    book = load(folder, canonical)
    head = (
        f"The mapping files are right: version {found.version}, {len(book.constants)} numbers, "
        f"{len(book.measures)} measures, {len(book.exercises)} exercises, {len(book.flags)} red flags, "
        f"{len(book.programmes)} programmes; digest {found.digest[:12]}."
    )
    if overrides is None:
        return head
    count = len(found.overrides)
    site = "1 number is this site's own:" if count == 1 else f"{count} numbers are this site's own:"
    return "\n".join([head, site, *(f"  {one}" for one in found.overrides)])
