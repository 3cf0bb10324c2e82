"""Reads the settings: the environment first, then the file that TITRATE_SETTINGS names, then the defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from titrate import toml_codec
from titrate.messages import Message
from titrate.messages import installation as messages
from titrate.settings.checks import setting_problems, token_problems
from titrate.settings.fields import NAMES, SCHEMA
from titrate.settings.values import PREFIX, Settings, SettingsError

FILE = f"{PREFIX}SETTINGS"


class SettingSource(StrEnum):
    """Where the value of a setting comes from."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError with every mistake."""
    return load_with_sources()[0]


def load_with_sources() -> tuple[Settings, Mapping[str, SettingSource]]:
    """The settings, and the source of each value by name. Raises SettingsError with every mistake."""
    environment = {name: os.environ[variable(name)] for name in NAMES if variable(name) in os.environ}
    file, problems = _file_settings(os.environ.get(FILE))
    sources = {name: _source(name, environment, file) for name in NAMES}
    values, invalid = _validated({**file, **environment})
    token = _token(values)
    checks = (*setting_problems(values), *token_problems(values, token))
    invalid = {**invalid, **{name: str(problem) for name, problem in checks}}
    problems += [
        messages.SettingProblem(setting=_as_written(name, sources), problem=invalid[name]) for name in sorted(invalid)
    ]
    if problems:
        raise SettingsError(tuple(map(str, problems)))
    return _settings(values, token), sources


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def _source(name: str, environment: Mapping[str, Any], file: Mapping[str, Any]) -> SettingSource:
    return (
        SettingSource.ENVIRONMENT
        if name in environment
        else SettingSource.FILE
        if name in file
        else SettingSource.DEFAULT
    )


def _as_written(name: str, sources: Mapping[str, SettingSource]) -> str:
    """The setting as its user wrote it: a variable, or a key of the file."""
    return f"{FILE} {name}" if sources.get(name) is SettingSource.FILE else variable(name)


def _file_settings(path: str | None) -> tuple[dict[str, Any], list[Message]]:
    """The settings in the file, and a problem for each key that is not a setting."""
    if path is None:
        return {}, []
    try:
        content = toml_codec.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except toml_codec.InvalidToml as error:
        return {}, [_file_problem(messages.SettingsFileNotToml(error=str(error)))]
    except (OSError, UnicodeDecodeError):
        return {}, [_file_problem(messages.SettingsFileUnreadable())]
    known = {name: value for name, value in content.items() if name in NAMES}
    return known, [_file_problem(messages.SettingUnknown(), f" {name}") for name in content if name not in NAMES]


def _file_problem(problem: Message, key: str = "") -> Message:
    return messages.SettingProblem(setting=f"{FILE}{key}", problem=str(problem))


def _validated(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that have the right form, and a problem for each of the others."""
    try:
        return dict(SCHEMA.load(given)), {}
    except ValidationError as error:
        invalid = {name: " ".join(map(str, sentences)) for name, sentences in error.messages_dict.items()}
        return dict(error.valid_data or {}), invalid


def _token(values: Mapping[str, Any]) -> str | None:
    """The token, from the setting or from the first line of the file; None also for an unreadable file."""
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
    """The default path of the ledger, in the user's state folder (XDG)."""
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "titrate" / "ledger.sqlite"
