"""docs/cohort.md shows every kind of simulated patient and every check, and no unsafe step."""

from __future__ import annotations

import re

from tests.docs.cohort import PAGE
from titrate.simulation.judge import CHECKS
from titrate.simulation.simulated_patient import archetypes

TEXT = PAGE.read_text(encoding="utf-8")


def test_every_kind_and_check_is_shown() -> None:
    """A new one needs `python -m tests.docs.cohort`."""
    rows = set(re.findall(r"^\| ([^|]+) \|", TEXT, flags=re.MULTILINE))
    assert [one.name for one in archetypes() if one.name not in rows] == []
    assert [
        f"{check.name} {check.description}" for check in CHECKS if f"| {check.name} | {check.description} |" not in TEXT
    ] == []


def test_nothing_unsafe_was_found() -> None:
    """In the run that the page describes."""
    assert "**Unsafe steps: 0.**" in TEXT
