"""Settings from the environment, read once, with every mistake reported together.

The only file that looks at the environment. All variables start with TITRATE_. Secrets are not shown by `repr`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import Env, EnvValidationError
from marshmallow.validate import OneOf, Range

PREFIX = "TITRATE_"
CANONICAL = "https://titrate.example/fhir"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Handling(StrEnum):
    """What an EHR should do with search parameters that it does not know: refuse them, or ignore them."""

    STRICT = "strict"
    LENIENT = "lenient"


class SettingsError(ValueError):
    """The environment cannot be used. `problems` has one sentence for each mistake; none holds a secret."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(("These settings are wrong:", *(f"  {problem}" for problem in problems))))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site decides. Times are seconds. `fhir_url` is None when nothing outside a file is read."""

    fhir_url: str | None = None
    token: str | None = field(default=None, repr=False)
    canonical: str = CANONICAL
    zone: str = "UTC"
    ledger: Path = Path("ledger.sqlite")
    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    max_pages: int = 200
    lookback_days: int = 120
    organisation: str | None = None
    owner: str | None = None
    mappings: Path | None = None
    programme: str = "general"
    handling: Handling = Handling.STRICT
    strict: bool = False
    log_form: str = "console"
    log_level: str = "info"


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError that names every variable that is wrong."""
    env = Env(eager=False, expand_vars=False)
    values = _read(env)
    problems = [*_unreadable(env), *_address(values), *_zone(values), *_references(values)]
    token, token_problems = _token()
    problems += [*token_problems, *_bare_token(values, token)]
    if problems:
        raise SettingsError(tuple(problems))
    return Settings(token=token, **{name: value for name, value in values.items() if value is not None})


def _read(env: Env) -> dict[str, Any]:
    """Every plain variable by the name of its setting; None where it is missing or wrong."""
    with env.prefixed(PREFIX):
        return {
            "fhir_url": env.str("FHIR_URL", None),
            "canonical": env.str("CANONICAL", CANONICAL).rstrip("/"),
            "zone": env.str("ZONE", "UTC"),
            "ledger": env.path("LEDGER", None) or _default_ledger(),
            "connect_timeout": env.float("CONNECT_TIMEOUT", 5.0, validate=Range(min=0.1, max=60)),
            "read_timeout": env.float("READ_TIMEOUT", 60.0, validate=Range(min=0.1, max=600)),
            "max_pages": env.int("MAX_PAGES", 200, validate=Range(min=1, max=10_000)),
            "lookback_days": env.int("LOOKBACK_DAYS", 120, validate=Range(min=42, max=3650)),
            "organisation": env.str("ORGANISATION", None),
            "owner": env.str("OWNER", None),
            "mappings": env.path("MAPPINGS", None),
            "programme": env.str("PROGRAMME", "general"),
            "handling": env.enum("HANDLING", Handling.STRICT, enum=Handling, by_value=True),
            "strict": env.bool("STRICT", False),
            "log_form": env.str("LOG_FORM", "console", validate=OneOf(("console", "json"))),
            "log_level": env.str("LOG_LEVEL", "info", validate=OneOf(("debug", "info", "warning", "error"))),
        }


def _default_ledger() -> Path:
    """Where operations are kept when nobody says: the user's state folder (XDG)."""
    state = Env().path("XDG_STATE_HOME", None) or Path.home() / ".local" / "state"
    return state / "titrate" / "ledger.sqlite"


def _unreadable(env: Env) -> list[str]:
    try:
        env.seal()
    except EnvValidationError as error:
        said = error.error_messages
        return [f"{name}: {' '.join(said[name])}" for name in said] if isinstance(said, Mapping) else list(said)
    return []


def _address(values: dict[str, Any]) -> list[str]:
    problems = []
    for name in ("fhir_url", "canonical"):
        url = urlsplit(values[name] or "https://unset.example")
        if url.scheme not in ("http", "https") or not url.hostname:
            problems.append(f"{PREFIX}{name.upper()}: must be an http or https address with a host.")
        elif url.username or url.password or url.query or url.fragment:
            problems.append(f"{PREFIX}{name.upper()}: must hold no user, password, query or fragment.")
    return problems


def _zone(values: dict[str, Any]) -> list[str]:
    try:
        ZoneInfo(values["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return [f"{PREFIX}ZONE: is no IANA time zone; write it like Europe/Vienna."]
    return []


def _references(values: dict[str, Any]) -> list[str]:
    owners = ("Practitioner", "PractitionerRole", "Organization", "CareTeam", "HealthcareService")
    wanted = (("organisation", ("Organization",)), ("owner", owners))
    return [
        f"{PREFIX}{name.upper()}: must be a reference of the EHR such as {types[0]}/123; allowed: {', '.join(types)}."
        for name, types in wanted
        if values[name] is not None and not _is_reference(values[name], types)
    ]


def _is_reference(text: str, types: tuple[str, ...]) -> bool:
    kind, _, name = text.partition("/")
    return kind in types and re.fullmatch(r"[A-Za-z0-9.-]{1,64}", name) is not None


def _token() -> tuple[str | None, list[str]]:
    """The bearer token, from the variable or the first line of the file; never from both."""
    given = Env().str(f"{PREFIX}TOKEN", None)
    file = Env().path(f"{PREFIX}TOKEN_FILE", None)
    if given is not None and file is not None:
        return None, [f"{PREFIX}TOKEN and {PREFIX}TOKEN_FILE: set one of them, not both."]
    if file is not None:
        return _token_of(file)
    return _checked(given, f"{PREFIX}TOKEN")


def _token_of(file: Path) -> tuple[str | None, list[str]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None, [f"{PREFIX}TOKEN_FILE: the file cannot be read."]
    return _checked(lines[0].strip() if lines else "", f"{PREFIX}TOKEN_FILE")


def _checked(token: str | None, name: str) -> tuple[str | None, list[str]]:
    if token is not None and not re.fullmatch(r"[A-Za-z0-9._~+/=-]+", token):
        return None, [f"{name}: holds no bearer token (letters, digits and ._~+/=- only)."]
    return token, []


def _bare_token(values: dict[str, Any], token: str | None) -> list[str]:
    """A token may cross a network only inside TLS."""
    url = urlsplit(values["fhir_url"] or "")
    if token and url.scheme == "http" and url.hostname not in LOOPBACK:
        return [f"{PREFIX}FHIR_URL: must be https when a token is sent, or anyone on the way can read it."]
    return []
