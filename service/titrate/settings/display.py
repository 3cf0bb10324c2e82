"""Settings for people: each with its value, secrets masked, and the table of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from titrate.settings.fields import NAMES, SCHEMA, SECRET
from titrate.settings.loader import DEFAULT, FILE, variable
from titrate.settings.values import Settings

HIDDEN = "set, not shown"


@dataclass(frozen=True, slots=True)
class DisplayedSetting:
    """One setting as it may be printed anywhere. `value` is None where it is not set."""

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
    """The value as text, without what is secret in it."""
    if value is None:
        return None
    if name in SECRET:
        return HIDDEN
    if isinstance(value, Enum):
        return str(value.value)
    return without_password(value) if name == "ledger" and isinstance(value, str) else str(value)


def without_password(address: str) -> str:
    """A database's address without its password and without its options, which can hold one too."""
    url = urlsplit(address)
    user = f"{url.username}{':***' if url.password else ''}@" if url.username else ""
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{user}{url.hostname or ''}{port}{url.path}"


def table() -> str:
    """The table of docs/operators.md: what each setting is for, and what it is when nobody says."""
    rows = [f"| `{FILE}` | | none | A TOML file with the settings below. A variable wins over the file. |"]
    for name in NAMES:
        says = SCHEMA.fields[name].metadata["says"]
        rows.append(f"| `{variable(name)}` | `{name}` | {_default(name)} | {says} |")
    return "\n".join(("| variable | in the file | default | what it is |", "|---|---|---|---|", *rows))


def _default(name: str) -> str:
    if name == "ledger":
        return "`~/.local/state/titrate/ledger.sqlite`"
    if name == "mappings":
        return "those that ship"
    value = masked(name, getattr(Settings(), name, None))
    return "none" if value is None else f"`{value}`"


def _source(name: str, sources: Mapping[str, str]) -> str:
    return next((sources[one] for one in (f"{name}_file", name) if sources.get(one, DEFAULT) != DEFAULT), DEFAULT)
