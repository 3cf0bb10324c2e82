"""`titrate settings`: what is set, by whom, and everything that is wrong with it."""

from __future__ import annotations

import click

from titrate.cli.bootstrap import WRONG_USE, exit_with_message
from titrate.json_codec import dumps
from titrate.settings import SettingsError, load_with_sources
from titrate.settings.display import DisplayedSetting, displayed_settings


@click.command("settings", epilog="\b\nExample:\n  titrate settings --json")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(as_json: bool) -> None:
    """Show every setting and where it comes from, secrets masked; or everything that is wrong, and exit code 2."""
    try:
        rows = displayed_settings(*load_with_sources())
    except SettingsError as error:
        exit_with_message(str(error), WRONG_USE)
    if as_json:
        click.echo(dumps({row.name: {"value": row.value, "source": row.source} for row in rows}))
        return
    click.echo("\n".join(_line(row, max(len(one.variable) for one in rows)) for row in rows))


def _line(row: DisplayedSetting, width: int) -> str:
    value = "not set" if row.value is None else row.value
    source = "" if row.value is None else f"  ({row.source})"
    return f"{row.variable.ljust(width)}  {value}{source}"
