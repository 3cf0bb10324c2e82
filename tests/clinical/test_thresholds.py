"""Every number of mappings/constants.toml that a rule uses: the result below it, at it and above it.

The results are written down by hand. A number that is changed breaks the test that bears its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.clinical.thresholds import data, doses, flares, gates, lowering, maintenance, sessions, signs
from tests.clinical.thresholds.probe import Probe, changed
from tests.project.sources import ROOT
from titrate.clinical.values.rulebook import Rulebook
from titrate.rulebook import load

BOOK = load()
PROBES: dict[str, Probe] = {
    name: probe
    for table in (sessions, gates, doses, lowering, flares, data, signs, maintenance)
    for name, probe in table.CASES.items()
}
# The hours of a morning: they decide how a reading is named (titrate.fhir.read), and no clinical rule asks for them.
DECIDE_NOTHING = {"MORNING_FROM", "MORNING_TO"}


def _rows() -> Iterator[tuple[str, str]]:
    return ((name, given) for name, probe in PROBES.items() for given in probe.results)


@pytest.mark.parametrize(("name", "given"), list(_rows()), ids=lambda text: text)
def test_expected_result(name: str, given: str) -> None:
    """The result of this input is the one worked out by hand."""
    assert PROBES[name].ask(BOOK, Decimal(given)) == PROBES[name].results[given]


def _seen(book: Rulebook, probe: Probe) -> dict[str, object]:
    return {given: probe.ask(book, Decimal(given)) for given in probe.results}


@pytest.mark.parametrize("name", PROBES)
def test_changed_number_is_noticed(name: str) -> None:
    """The number a little higher, or a little lower, changes at least one result."""
    probe, by = PROBES[name], Decimal(PROBES[name].step)
    for difference in (by, -by):
        assert _seen(changed(BOOK, name, difference), probe) != dict(probe.results), f"{difference:+}"


def test_every_number_has_its_probe() -> None:
    """Every number that a rule uses has a probe, and every probe is of such a number."""
    rules = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "service" / "titrate" / "clinical").rglob("*.py")
        if "insights" not in path.parts and path.stem != "sheet_release"
    )
    decide = {
        name
        for name in BOOK.constants
        if f"numbers.{name.lower()}" in rules or f'"{name}"' in rules or name.startswith("CLEAR_AFTER_")
    }
    assert decide == set(PROBES)
    assert not decide & DECIDE_NOTHING
