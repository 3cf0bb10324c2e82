"""Reads the settings: the environment first, then the file that TITRATE_SETTINGS names, then the defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from titrate.settings.checks import problems_in, token_problems
from titrate.settings.fields import NAMES, SCHEMA
from titrate.settings.values import PREFIX, Settings, SettingsError

FILE = f"{PREFIX}SETTINGS"
ENVIRONMENT, IN_FILE, DEFAULT = "environment", "file", "default"


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError that names everything that is wrong."""
    return load_with_sources()[0]


def load_with_sources() -> tuple[Settings, Mapping[str, str]]:
    """The settings, and for each name where its value comes from: environment, file or default."""
    given = {name: os.environ[variable(name)] for name in NAMES if variable(name) in os.environ}
    in_file, problems = _file(os.environ.get(FILE))
    sources = {name: ENVIRONMENT if name in given else IN_FILE if name in in_file else DEFAULT for name in NAMES}
    values, wrong = _formed({**in_file, **given})
    token = _token(values)
    wrong = {**wrong, **problems_in(values), **token_problems(values, token)}
    problems += [f"{_shown(name, sources)}: {wrong[name]}" for name in sorted(wrong)]
    if problems:
        raise SettingsError(tuple(problems))
    return _settings(values, token), sources


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def _shown(name: str, sources: Mapping[str, str]) -> str:
    """A setting as its user wrote it: a variable, or a key of the file."""
    return f"{FILE} {name}" if sources.get(name) == IN_FILE else variable(name)


def _file(place: str | None) -> tuple[dict[str, Any], list[str]]:
    """What stands in the file, without keys that are no settings; those are problems."""
    if place is None:
        return {}, []
    try:
        found = tomllib.loads(Path(place).expanduser().read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return {}, [f"{FILE}: the file cannot be read."]
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{FILE}: the file is not TOML: {error}"]
    known = {name: value for name, value in found.items() if name in NAMES}
    return known, [f"{FILE} {name}: is no setting." for name in found if name not in NAMES]


def _formed(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that have the right form, and a sentence for each that has not."""
    try:
        return dict(SCHEMA.load(given)), {}
    except ValidationError as error:
        said = error.messages_dict
        return dict(error.valid_data or {}), {name: " ".join(map(str, said[name])) for name in said}


def _token(values: Mapping[str, Any]) -> str | None:
    """The token, from the setting or from the first line of the file; None also for a file that cannot be read."""
    if "token_file" not in values:
        return values.get("token")
    try:
        lines = values["token_file"].read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    return lines[0].strip() if lines else ""


def _settings(values: Mapping[str, Any], token: str | None) -> Settings:
    plain = {name: value for name, value in values.items() if name not in ("token", "token_file")}
    if "canonical" in plain:
        plain["canonical"] = plain["canonical"].rstrip("/")
    return Settings(**{"ledger": _default_ledger(), **plain, "token": token})


def _default_ledger() -> Path:
    """Where operations are kept when nobody says: the user's state folder (XDG)."""
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "titrate" / "ledger.sqlite"
