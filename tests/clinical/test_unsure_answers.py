"""A yes without a date in the safety screen: the flag is open, says why, and earlier clearances do not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case
from tests.courses.build import answered, stamp
from titrate.clinical.red_flags.safety import screen_safety
from titrate.clinical.values.readings import Clearance, Reading, Reporter, SafetyAnswer


def flags(*more: Reading) -> list[tuple[str, str]]:
    """The open flags of an uneventful course with these readings, with their reasons."""
    return [(flag.flag, str(flag.because)) for flag in screen_safety(record_of(Case(more=more))).flags]


def undated() -> SafetyAnswer:
    """A yes that counts as of the time of the decision."""
    yes = answered("rf09", True, record_of(Case()).at)
    return replace(yes, stamp=replace(yes.stamp, dated=False))


def test_an_undated_yes_names_the_missing_date() -> None:
    """The reason mentions the missing time; with a time it does not."""
    yes = undated()
    assert flags(yes) == [("rf09", "answered yes in the safety screen, without a usable time")]
    dated = replace(yes, stamp=replace(yes.stamp, dated=True))
    assert flags(dated) == [("rf09", "answered yes in the safety screen")]


def test_no_clearance_from_before_closes_it() -> None:
    """A clearance of a minute ago is too early, because their order is unknown."""
    yes = undated()
    before = yes.stamp.when - timedelta(minutes=1)
    assert flags(yes, Clearance("rf09", stamp("clearance", before, by=Reporter.PRACTITIONER))) == flags(yes)
