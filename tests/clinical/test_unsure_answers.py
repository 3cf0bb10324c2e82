"""A yes without a date in the safety screen: the flag is open, says so, and no earlier clearance closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case
from tests.courses.build import answered, stamp
from titrate.clinical.red_flags.safety import screen_safety
from titrate.clinical.values.readings import Clearance, Reading, Reporter, SafetyAnswer


def flags(*more: Reading) -> list[tuple[str, str]]:
    """The open flags of a calm course with these readings added, with their reasons."""
    return [(flag.flag, str(flag.because)) for flag in screen_safety(record_of(Case(more=more))).flags]


def undated() -> SafetyAnswer:
    """A yes that counts as of the moment of the decision."""
    yes = answered("rf09", True, record_of(Case()).at)
    return replace(yes, stamp=replace(yes.stamp, dated=False))


def test_an_undated_yes_names_the_missing_date() -> None:
    """The clinician reads that a time is missing; with one there is nothing to add."""
    yes = undated()
    assert flags(yes) == [("rf09", "answered yes in the safety screen, without a usable time")]
    dated = replace(yes, stamp=replace(yes.stamp, dated=True))
    assert flags(dated) == [("rf09", "answered yes in the safety screen")]


def test_no_clearance_from_before_closes_it() -> None:
    """A clearance of a minute ago is too early, because its order with the yes is unknown."""
    yes = undated()
    before = yes.stamp.when - timedelta(minutes=1)
    assert flags(yes, Clearance("rf09", stamp("clearance", before, by=Reporter.PRACTITIONER))) == flags(yes)
