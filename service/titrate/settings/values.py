"""The settings as frozen values. Secrets are not shown by `repr`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

PREFIX = "TITRATE_"
CANONICAL = "https://titrate.example/fhir"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Handling(StrEnum):
    """What an EHR should do with search parameters that it does not know: refuse them, or ignore them."""

    STRICT = "strict"
    LENIENT = "lenient"


class SettingsError(ValueError):
    """The settings cannot be used. `problems` has one sentence for each mistake; none holds a secret."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(("These settings are wrong:", *(f"  {problem}" for problem in problems))))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site decides. Times are seconds. `fhir_url` is None when nothing outside a file is read.

    `ledger` is the path of an SQLite file, or the address of a PostgreSQL database, which can hold a password.
    `enrolled` is `all`, `Group/ID`, or the path of a file of patient ids.
    """

    fhir_url: str | None = None
    token: str | None = field(default=None, repr=False)
    canonical: str = CANONICAL
    zone: str = "UTC"
    ledger: Path | str = field(default=Path("ledger.sqlite"), repr=False)
    enrolled: str | None = None
    threads: int = 4
    lease: int = 60
    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    max_pages: int = 200
    lookback_days: int = 120
    organisation: str | None = None
    owner: str | None = None
    mappings: Path | None = None
    overrides: Path | None = None
    programme: str = "general"
    handling: Handling = Handling.STRICT
    api_tokens: Path | None = None
    api_keys: Path | None = None
    api_issuer: str | None = None
    api_audience: str | None = None
    api_bytes: int = 8 * 1024 * 1024
    api_seconds: int = 60
    log_form: str = "console"
    log_level: str = "info"
