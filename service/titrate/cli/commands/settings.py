"""`titrate settings`: every setting with its source, or every mistake in the settings."""

from __future__ import annotations

import click

from titrate.cli.errors import UsageError
from titrate.json_codec import dumps
from titrate.messages import Message
from titrate.messages.cli import (
    SettingNotSet,
    SettingValue,
)
from titrate.settings import SettingsError, load_with_sources
from titrate.settings.display import DisplayedSetting, displayed_settings


@click.command("settings", epilog="\b\nExample:\n  titrate settings --json")
@click.option("--json", "as_json", is_flag=True, help="Print the settings as JSON.")
def command(as_json: bool) -> None:
    """Show every setting and its source, with secrets masked.

    If the settings are wrong, every mistake is listed and the exit code is 2.
    """
    try:
        rows = displayed_settings(*load_with_sources())
    except SettingsError as error:
        raise UsageError(str(error)) from None
    if as_json:
        click.echo(dumps({row.name: {"value": row.value, "source": row.source} for row in rows}))
        return
    width = max(len(row.variable) for row in rows)
    for row in rows:
        click.echo(_line(row, width))


def _line(row: DisplayedSetting, width: int) -> Message:
    name = row.variable.ljust(width)
    if row.value is None:
        return SettingNotSet(name=name)
    return SettingValue(name=name, value=row.value, source=row.source)
