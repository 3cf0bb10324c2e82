"""Validation of ids, instants and hosts, shared by every entry point."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime

# FHIR's own pattern allows `.` and `..`, which must not become part of an address.
ID_PATTERN = r"(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}"
FHIR_ID = re.compile(ID_PATTERN)

# The instant of a decision. Outside this range calendar arithmetic can overflow.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


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
