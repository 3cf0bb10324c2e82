"""Prescribed and done amounts of a session, one fact at a time (B11.4, B11.6, B11.23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.courses.build import minutes, session, sets, state
from titrate.clinical.sessions.dose_match import at_dose, exceeds_dose, overshoot_part, part_done, prescribed_amount
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import SessionReported

SINCE = date(2025, 1, 6)
PRESS = state("leg-press", sets(3, 10, 40), 2, SINCE)
SAME = Decimal("0.1")
WALK = state("walking", minutes(20), 3, SINCE)


def press(**other: object) -> SessionReported:
    """A leg-press session as prescribed, 3 x 10 at 40 kg, on the first day of the dose."""
    return replace(session("leg-press", SINCE, sets(3, 10, 40), (2, 3), 3, last_set=10), **other)  # type: ignore[arg-type]


PARTS: dict[str, tuple[dict[str, object], Decimal | None]] = {
    "all": ({}, Decimal(1)),
    "half": ({"done": Decimal(15)}, Decimal("0.5")),
    "done unknown": ({"done": None}, None),
    "prescribed unknown": ({"prescribed": None}, None),
    "nothing prescribed": ({"prescribed": Decimal(0)}, None),
    "nothing done": ({"done": Decimal(0)}, Decimal(0)),
}


@pytest.mark.parametrize("name", PARTS)
def test_part_done(name: str) -> None:
    """Done over prescribed; unknown if one of them is unknown or nothing was prescribed."""
    changes, part = PARTS[name]
    assert part_done(press(**changes)) == part


def test_nothing_prescribed_is_not_known() -> None:
    """A prescribed amount of zero is no amount to compare with."""
    assert prescribed_amount(press(prescribed=Decimal(0))) is None
    assert prescribed_amount(press()) == 30


# done and last set of 3 x 10, target 10, two repetitions more are no overshoot; what counts as done of 30
OVERSHOOT: dict[str, tuple[dict[str, object], int | None, Decimal | None]] = {
    "as asked": ({}, 10, Decimal(30)),
    "one more in the last set": ({"done": Decimal(31), "last_set": 11}, 10, Decimal(30)),
    "two more in the last set": ({"done": Decimal(32), "last_set": 12}, 10, Decimal(30)),
    "three more in the last set": ({"done": Decimal(33), "last_set": 13}, 10, Decimal(33)),
    "fewer in the last set": ({"done": Decimal(29), "last_set": 9}, 10, Decimal(29)),
    "more in other sets": ({"done": Decimal(38), "last_set": 10}, 10, Decimal(38)),
    "last set unknown": ({"done": Decimal(32), "last_set": None}, 10, Decimal(32)),
    "no target: what was planned in a set": ({"done": Decimal(32), "last_set": 12}, None, Decimal(30)),
    "target above what was planned": ({"done": Decimal(34), "last_set": 14}, 12, Decimal(32)),
    "target below what was planned": ({"done": Decimal(32), "last_set": 12}, 8, Decimal(30)),
    "its own number of sets": ({"sets": 2, "done": Decimal(32), "last_set": 17}, None, Decimal(30)),
    "its sets unknown": ({"sets": None, "done": Decimal(32), "last_set": 12}, None, Decimal(30)),
    "counted in something else": ({"unit": "min", "done": Decimal(32), "last_set": 12}, 10, Decimal(32)),
    "done unknown": ({"done": None}, 10, None),
    "prescribed unknown": ({"prescribed": None}, 10, None),
}


@pytest.mark.parametrize("name", OVERSHOOT)
def test_the_last_set_of_two_for_two_is_no_overshoot(name: str) -> None:
    """Up to two repetitions above target in the last set do not count for the overshoot test."""
    changes, target, counted = OVERSHOOT[name]
    expected = None if counted is None else counted / 30
    assert overshoot_part(press(**changes), target, 3, 2) == expected


AT_DOSE: dict[str, tuple[dict[str, object], bool]] = {
    "as asked": ({}, True),
    "more prescribed": ({"prescribed": Decimal(31)}, True),
    "less prescribed": ({"prescribed": Decimal(29)}, False),
    "prescribed unknown": ({"prescribed": None}, True),
    "another number of sets": ({"sets": 4}, False),
    "sets unknown": ({"sets": None}, True),
    "cut short after two sets": ({"sets": 2, "done": Decimal(20)}, True),
    "two sets and all of it": ({"sets": 2, "done": Decimal(30)}, False),
    "two sets, done unknown": ({"sets": 2, "done": None}, False),
    "two sets, prescribed_amount unknown": ({"sets": 2, "prescribed": None}, False),
    "heavier": ({"load": Decimal(42)}, True),
    "lighter": ({"load": Decimal(38)}, False),
    "88 pounds": ({"load": Decimal("39.9161")}, True),
    "a little lighter": ({"load": Decimal("39.9")}, True),
    "more than a little lighter": ({"load": Decimal("39.89")}, False),
    "load unknown": ({"load": None}, True),
    "another unit": ({"unit": "min"}, False),
    "unit unknown": ({"unit": None}, True),
}


@pytest.mark.parametrize("name", AT_DOSE)
def test_at_dose(name: str) -> None:
    """Same exercise, amount, sets and load as now in force; more counts as at dose, less does not."""
    changes, expected = AT_DOSE[name]
    assert at_dose(press(**changes), PRESS, SAME) is expected


def test_at_dose_needs_a_dose() -> None:
    """Without a state or a dose no session is at dose, and none is an overload."""
    nothing: list[ExerciseState | None] = [None, replace(PRESS, dose=None)]
    for other in nothing:
        assert at_dose(press(), other, SAME) is False
        assert exceeds_dose(press(load=Decimal(60)), other, SAME) is False


def test_at_dose_from_its_day_on() -> None:
    """The first day of the dose counts, the day before does not; an unknown first day excludes nothing."""
    after = replace(PRESS, dose_since=date(2025, 1, 7))
    assert at_dose(press(), PRESS, SAME) is True
    assert at_dose(press(), after, SAME) is False
    assert at_dose(press(), replace(PRESS, dose_since=None), SAME) is True


MORE: dict[str, tuple[dict[str, object], bool]] = {
    "as asked": ({}, False),
    "more repetitions prescribed": ({"prescribed": Decimal(31)}, True),
    "heavier": ({"load": Decimal("40.5")}, True),
    "88.2 pounds": ({"load": Decimal("40.0069")}, False),
    "a little heavier": ({"load": Decimal("40.1")}, False),
    "more than a little heavier": ({"load": Decimal("40.11")}, True),
    "load unknown": ({"load": None}, False),
    "prescribed unknown": ({"prescribed": None}, False),
    "heavier and less prescribed": ({"load": Decimal(42), "prescribed": Decimal(20)}, False),
}


@pytest.mark.parametrize("name", MORE)
def test_overloaded(name: str) -> None:
    """At dose, and with more load or a greater amount than the dose in force."""
    changes, expected = MORE[name]
    assert exceeds_dose(press(**changes), PRESS, SAME) is expected


@pytest.mark.parametrize(("load", "expected"), [(None, False), ("0", False), ("0.5", True)])
def test_load_on_a_walk_is_an_overload(load: str | None, expected: bool) -> None:
    """A load on an exercise without one is more than was prescribed."""
    walk = replace(session("walking", SINCE, minutes(20), (2, 3), 3), load=None if load is None else Decimal(load))
    assert exceeds_dose(walk, WALK, SAME) is expected
