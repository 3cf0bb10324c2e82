"""`titrate mappings`: check a rulebook, compare two, and try one on patients."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from titrate.app.pipeline import PlanningRules
from titrate.cli.bootstrap import instant, read_rules, read_settings
from titrate.cli.errors import FailureError, UsageError
from titrate.cli.output.comparison_output import DIGEST_LENGTH, diff_json, diff_text
from titrate.json_codec import dumps
from titrate.messages.rulebook_comparison import (
    FolderInvalid,
    MappingsInvalid,
    MappingsValid,
    SiteNumbers,
)
from titrate.rulebook import InvalidMappings, MappingFiles, NumberOverride, load, read_mappings
from titrate.settings import Settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

CHECK_EXAMPLE = "\b\nExample:\n  titrate mappings check mappings --overrides site.toml"
DIFF_EXAMPLE = "\b\nExample:\n  titrate mappings diff mappings ../next/mappings"
SHADOW_EXAMPLE = "\b\nExample:\n  titrate mappings shadow mappings ../next/mappings --population fixtures/patients"


@click.group("mappings")
def command() -> None:
    """Check a rulebook, compare two, and try one on patients before you use it."""


@command.command("check", epilog=CHECK_EXAMPLE)
@click.argument("folder", required=False, type=FOLDER)
@click.option("--overrides", type=FILE, help="A site's own numbers. Default: the file that TITRATE_OVERRIDES names.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check_command(folder: Path | None, overrides: Path | None, as_json: bool) -> None:
    """Read every mapping file in FOLDER and report all mistakes at once. Default: the folder of the settings."""
    settings = read_settings()
    source = (folder or settings.mappings, settings.canonical, overrides or settings.overrides)
    found = read_mappings(*source)
    problems = [str(problem) for problem in found.problems]
    if as_json:
        click.echo(dumps({"problems": problems, **_identity(found)}))
    else:
        for problem in problems:
            click.echo(problem)
    if problems:
        raise UsageError(MappingsInvalid(count=len(problems)))
    if not as_json:
        click.echo(_valid(found, *source))


@command.command("diff", epilog=DIFF_EXAMPLE)
@click.argument("a", type=FOLDER)
@click.argument("b", type=FOLDER)
@click.option("--overrides-a", type=FILE, help="A site's own numbers, applied to A.")
@click.option("--overrides-b", type=FILE, help="A site's own numbers, applied to B.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def diff_command(a: Path, b: Path, overrides_a: Path | None, overrides_b: Path | None, as_json: bool) -> None:
    """List the differences between the rulebooks in the folders A and B."""
    from titrate.rulebook.diff import differences

    settings = read_settings()
    first, second = _read_valid(a, settings, overrides_a), _read_valid(b, settings, overrides_b)
    changes = differences(first.tables, second.tables)
    if as_json:
        click.echo(dumps({"a": _identity(first), "b": _identity(second), "changes": diff_json(changes)}))
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
    help="A Bundle of one patient, or a folder of Bundles; more may follow.",
)
@click.option(
    "--at",
    "at_text",
    metavar="INSTANT",
    help="Time of every decision. Default: the `at` of expected.json next to the Bundle, or now.",
)
@click.option("--overrides-a", type=FILE, help="A site's own numbers, applied to A.")
@click.option("--overrides-b", type=FILE, help="A site's own numbers, applied to B.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
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
    """Decide for every patient of a population under the rulebooks A and B, and list the different decisions.

    Doses that go up although symptoms are worse come first. Nothing is written. A difference is not a failure: the
    exit code is 0 unless a file could not be used.
    """
    from titrate.cli.output.comparison_output import shadow_comparison

    settings = read_settings()
    at = None if at_text is None else instant(at_text)
    rules = (_read_folder_rules(a, settings, overrides_a), _read_folder_rules(b, settings, overrides_b))
    comparison = shadow_comparison((*population, *more), rules, at, instant(None))
    click.echo(dumps(comparison.as_json()) if as_json else comparison.text())
    if comparison.unusable:
        raise FailureError("\n".join(comparison.unusable))


def _read_valid(folder: Path, settings: Settings, overrides: Path | None) -> MappingFiles:
    """The mapping files of a folder. Raises UsageError with every problem in them."""
    found = read_mappings(folder, settings.canonical, overrides)
    if found.problems:
        raise UsageError(FolderInvalid(folder=str(folder), problems=str(InvalidMappings(found.problems))))
    return found


def _read_folder_rules(folder: Path, settings: Settings, overrides: Path | None) -> PlanningRules:
    """The rules of a folder in place of those of the settings. Raises UsageError with every problem in them."""
    try:
        return read_rules(replace(settings, mappings=folder, overrides=overrides))
    except UsageError as error:
        raise UsageError(FolderInvalid(folder=str(folder), problems=error.message)) from None


def _identity(found: MappingFiles) -> dict[str, Any]:
    """The version, the digest and the overrides as JSON."""
    overrides = [_override_json(one) for one in found.overrides]
    return {"version": found.version, "digest": found.digest, "overrides": overrides}


def _override_json(one: NumberOverride) -> dict[str, Any]:
    plain = {"name": one.name, "before": one.before, "value": one.value, "unit": one.unit, "effect": one.effect.value}
    return {**plain, "by": one.by, "on": one.on.isoformat(), "why": one.why}


def _valid(found: MappingFiles, folder: Path | None, canonical: str, overrides: Path | None) -> str:
    """The size of a valid rulebook, and every number that the site changed."""
    rulebook = load(folder, canonical)
    valid = MappingsValid(
        version=found.version,
        numbers=len(rulebook.constants),
        measures=len(rulebook.measures),
        exercises=len(rulebook.exercises),
        flags=len(rulebook.flags),
        programmes=len(rulebook.programmes),
        digest=found.digest[:DIGEST_LENGTH],
    )
    if overrides is None:
        return str(valid)
    heading = SiteNumbers(count=len(found.overrides))
    return "\n".join([str(valid), str(heading), *(f"  {one}" for one in found.overrides)])
