"""The settings as a frozen value whose `repr` shows no secret, and the form of ids, instants and hosts."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from titrate import DEFAULT_CANONICAL
from titrate.messages.installation import SettingsNotValid

# FHIR's own pattern allows `.` and `..`, which must not become part of an address.
ID_PATTERN = r"(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}"
FHIR_ID = re.compile(ID_PATTERN)
# The instant of a decision. Outside this range calendar arithmetic can overflow.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
PREFIX = "TITRATE_"


def is_loopback(host: str | None) -> bool:
    """Whether a host can be reached from this machine only: `localhost` or a loopback address, never another name.

    A name such as `127.evil.example` begins like an address and can resolve to any.
    """
    if host is None:
        return False
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Handling(StrEnum):
    """What the EHR is to do with search parameters that it does not know: reject them, or ignore them."""

    STRICT = "strict"
    LENIENT = "lenient"


class SettingsError(ValueError):
    """The settings are not valid. `problems` has one sentence for each mistake; none contains a secret."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join((str(SettingsNotValid()), *(f"  {problem}" for problem in problems))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a site. Times are in seconds. `fhir_url` is None when no EHR is used.

    `ledger` is the path of an SQLite file, or the address of a PostgreSQL database, which can contain a password.
    `enrolled` is `all`, `Group/ID`, or the path of a file of patient ids. `not_used_here` are FHIR resource types that
    count as complete and empty, on the word of `not_used_here_by`.
    """

    fhir_url: str | None = None
    token: str | None = field(default=None, repr=False)
    canonical: str = DEFAULT_CANONICAL
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
    not_used_here: tuple[str, ...] = ()
    not_used_here_by: str | None = None
    api_tokens: Path | None = None
    api_keys: Path | None = None
    api_issuer: str | None = None
    api_audience: str | None = None
    api_bytes: int = 8 * 1024 * 1024
    api_seconds: int = 60
    log_form: str = "console"
    log_level: str = "info"
