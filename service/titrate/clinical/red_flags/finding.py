"""A finding that opens a red flag, as the finders return it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import Urgency


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: since when (None where it has no date), from what, in which words, and how urgent.

    `wait` names the constant (hours) before which a clearance does not close it; None leaves that to the flag.
    """

    since: datetime | None
    source: Source
    because: str
    urgency: Urgency
    wait: str | None = None
