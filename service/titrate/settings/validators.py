"""Validation of ids and instants, shared by every entry point."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# FHIR's own pattern allows `.` and `..`, which must not become part of an address.
ID_PATTERN = r"(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}"
FHIR_ID = re.compile(ID_PATTERN)

# The instant of a decision. Outside this range calendar arithmetic can overflow.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
