"""Settings as text: each with its value and source, secrets masked, and the table of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from titrate.messages.installation import SettingHidden
from titrate.settings.fields import NAMES, SCHEMA, SECRET
from titrate.settings.loader import FILE, SettingSource, variable
from titrate.settings.values import Settings


@dataclass(frozen=True, slots=True)
class DisplayedSetting:
    """One setting without secrets. `value` is None where it is not set."""

    name: str
    variable: str
    value: str | None
    source: str


def displayed_settings(settings: Settings, sources: Mapping[str, str]) -> tuple[DisplayedSetting, ...]:
    """Every setting in the order of the documentation. `token_file` is part of `token`."""
    names = [name for name in NAMES if name != "token_file"]
    return tuple(
        DisplayedSetting(name, variable(name), masked(name, getattr(settings, name)), _source(name, sources))
        for name in names
    )


def masked(name: str, value: Any) -> str | None:
    """The value as text, without secrets."""
    if value is None:
        return None
    if name in SECRET:
        return str(SettingHidden())
    if isinstance(value, tuple):
        return ", ".join(value) or None
    if isinstance(value, Enum):
        return str(value.value)
    return without_password(value) if name == "ledger" and isinstance(value, str) else str(value)


def without_password(address: str) -> str:
    """The address of a database without its password and its options, which can contain one too."""
    url = urlsplit(address)
    user = f"{url.username}{':***' if url.password else ''}@" if url.username else ""
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{user}{url.hostname or ''}{port}{url.path}"


def table() -> str:
    """The table of docs/operators.md: each setting with its default and description."""
    rows = [f"| `{FILE}` | | none | A TOML file with the settings below. A variable overrides the file. |"]
    for name in NAMES:
        description = SCHEMA.fields[name].metadata["description"]
        rows.append(f"| `{variable(name)}` | `{name}` | {_default(name)} | {description} |")
    return "\n".join(("| variable | in the file | default | description |", "|---|---|---|---|", *rows))


def _default(name: str) -> str:
    if name == "ledger":
        return "`~/.local/state/titrate/ledger.sqlite`"
    if name == "mappings":
        return "included"
    value = masked(name, getattr(Settings(), name, None))
    return "none" if value is None else f"`{value}`"


def _source(name: str, sources: Mapping[str, str]) -> str:
    candidates = (sources.get(key, SettingSource.DEFAULT) for key in (f"{name}_file", name))
    return next((source for source in candidates if source != SettingSource.DEFAULT), SettingSource.DEFAULT)
