"""What every door asks of an id and of a moment, so that no room behind it meets another."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# An id becomes a part of an address, so `.` and `..`, which fit FHIR's own pattern, are none.
ID_PATTERN = r"(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}"
FHIR_ID = re.compile(ID_PATTERN)

# The moment of a decision. Beyond these a calendar can overflow, and nobody decides for then.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
