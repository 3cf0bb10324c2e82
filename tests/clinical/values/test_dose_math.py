"""The arithmetic of doses, each case worked out by hand (B2, B4, B5, B11.15, B11.18, B11.23, B11.33)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.courses.build import minutes, sets, state
from titrate.clinical.values.dose_math import (
    DoseForm,
    dose_form,
    floor_to,
    is_within,
    lower,
    round_down_dose,
    rung_up,
    scale_dose,
    step_up,
    unit_of,
)
from titrate.clinical.values.plan import Dose
from titrate.rulebook import load

BOOK = load()
WALK, STAND, PRESS = (BOOK.exercises[code] for code in ("walking", "sit-to-stand", "leg-press"))
AS_IT_IS = {e.code: dose_form(e, None) for e in (WALK, STAND, PRESS)}


def metres(amount: str) -> Dose:
    """A distance."""
    return Dose(Decimal(amount), "m")


def seconds(amount: str) -> Dose:
    """A time to hold."""
    return Dose(Decimal(amount), "s")


def form(dose: Dose) -> DoseForm:
    """The library's form of a dose for an exercise of this kind."""
    if dose.unit != "{repetitions}":
        return AS_IT_IS["walking"]
    return AS_IT_IS["sit-to-stand" if dose.load is None else "leg-press"]


UNITS = [
    (minutes("9.5"), "0.5"), (minutes(10), "1"), (metres("99"), "5"), (metres("100"), "10"), (seconds("19"), "1"),
    (seconds("20"), "5"), (sets(3, 10), "3"), (Dose(Decimal(8), "{repetitions}"), "1"),
]  # fmt: skip


@pytest.mark.parametrize(("dose", "unit"), UNITS)
def test_unit(dose: Dose, unit: str) -> None:
    """Half minutes below ten, five metres below a hundred, single seconds below twenty; one repetition in each set."""
    assert unit_of(BOOK, dose) == Decimal(unit)


@pytest.mark.parametrize(("amount", "unit", "found"), [("7.23", "0.5", "7.0"), ("10.99", "1", "10"), ("12", "5", "10")])
def test_floor(amount: str, unit: str, found: str) -> None:
    """Down to the next whole unit, never up."""
    assert floor_to(Decimal(amount), Decimal(unit)) == Decimal(found)


ROUNDED: list[tuple[Dose, Dose | None]] = [
    (minutes("7.23"), minutes(7)),
    (minutes("12.9"), minutes(12)),
    (minutes("0.4"), None),
    (minutes("0.5"), minutes("0.5")),
    (metres("119"), metres("110")),
    (sets(3, 8), sets(3, 8)),
    (Dose(Decimal(24), "{repetitions}", 3), sets(3, 8)),
    (Dose(Decimal("17.9"), "{repetitions}", 2), sets(2, 8)),  # 17 of 2 sets: 8 each
    (Dose(Decimal(11), "{repetitions}", 3), sets(2, 5)),  # 3 each is below 5: one set less, 5 each
    (Dose(Decimal(4), "{repetitions}", 3), sets(1, 4)),  # below the range even in one set: kept
    (Dose(Decimal("0.9"), "{repetitions}", 1), None),
    (Dose(Decimal(5), "{repetitions}"), sets(1, 5)),
    (Dose(Decimal(18), "{repetitions}", 3, Decimal(40)), sets(2, 9, 40)),  # E4b: 6 each is below 8
    (Dose(Decimal(16), "{repetitions}", 2, Decimal(40)), sets(2, 8, 40)),
]


@pytest.mark.parametrize(("dose", "expected"), ROUNDED)
def test_rounded(dose: Dose, expected: Dose | None) -> None:
    """Down to a prescribable amount; sets are removed only while a set is below its range."""
    assert round_down_dose(BOOK, form(dose), dose) == expected


def test_repetitions_without_a_range_keep_their_sets() -> None:
    """Without a lowest number no set is removed."""
    free = replace(AS_IT_IS["sit-to-stand"], range_low=None)
    assert round_down_dose(BOOK, free, Dose(Decimal(11), "{repetitions}", 3)) == sets(3, 3)


SCALED: list[tuple[Dose | None, str, Dose | None]] = [
    (minutes(20), "0.80", minutes(16)), (minutes(12), "0.70", minutes(8)), (sets(2, 8), "0.70", sets(2, 5)),
    (sets(3, 10, 40), "0.80", sets(3, 8, 40)), (sets(3, 10, 40), "0.60", sets(2, 9, 40)),
    (minutes(20), "0", None), (None, "0.80", None), (minutes("20.3"), "1", minutes("20.3")),
    (minutes(2), "0.20", None),
]  # fmt: skip


@pytest.mark.parametrize(("dose", "factor", "expected"), SCALED)
def test_scaled(dose: Dose | None, factor: str, expected: Dose | None) -> None:
    """E4, E4b, E5: a factor of a dose, rounded down, with the load unchanged; a factor of 1 changes nothing."""
    assert scale_dose(BOOK, form(dose or minutes(1)), dose, Decimal(factor)) == expected


LOWER: list[tuple[Dose | None, Dose | None, Dose | None]] = [
    (minutes(12), minutes(14), minutes(12)), (minutes(14), minutes(12), minutes(12)), (None, minutes(9), None),
    (minutes(9), None, None), (sets(3, 12, 38), sets(3, 8, 40), sets(3, 8, 38)),
    (sets(3, 8, 40), sets(3, 12, 38), sets(3, 8, 38)), (sets(2, 8), sets(2, 8, 5), sets(2, 8)),
    (sets(3, 7, 40), sets(2, 8, 42), sets(2, 8, 40)), (sets(2, 8, 40), sets(2, 8, 42), sets(2, 8, 40)),
    (sets(2, 7, 42), sets(2, 8, 42), sets(2, 7, 42)), (sets(2, 8, 44), sets(2, 8, 42), sets(2, 8, 42)),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected"), LOWER)
def test_lower(first: Dose | None, second: Dose | None, expected: Dose | None) -> None:
    """The smaller amount in its sets, with the lower load: neither compensates for the other; no dose is the lowest."""
    assert lower(first, second) == expected


WITHIN: list[tuple[Dose | None, Dose | None, bool]] = [
    (None, None, True), (None, minutes(1), True), (minutes(1), None, False), (minutes(10), minutes(10), True),
    (minutes("10.5"), minutes(10), False), (sets(3, 8, 42), sets(3, 10, 40), False),
    (sets(3, 8, 40), sets(3, 10, 40), True), (sets(3, 11, 38), sets(3, 10, 40), False), (sets(2, 8, 5), sets(2, 8),
    False),
    (sets(2, 8), sets(2, 8, 5), True),
]  # fmt: skip


@pytest.mark.parametrize(("dose", "bound", "expected"), WITHIN)
def test_within(dose: Dose | None, bound: Dose | None, expected: bool) -> None:
    """No more load and no greater amount."""
    assert is_within(dose, bound) is expected


STEPS: list[tuple[Dose, bool, Dose | None]] = [
    (minutes(15), False, minutes(16)),  # E2: 1.5, down to 1
    (minutes(20), False, minutes(22)),
    (minutes(7), True, minutes("7.5")),  # E1: 0.35, one unit at least
    (minutes(8), True, minutes("8.5")),  # E9
    (minutes("9.5"), False, minutes(10)),  # B11.15: the unit of the present dose
    (minutes(2), False, None),  # E9: 0.5 is 25 %
    (minutes("2.5"), False, minutes(3)),  # exactly 20 %
    (minutes(5), False, minutes("5.5")),
    (minutes(19), False, minutes(20)),  # 1.9, down to 1
    (minutes(34), True, minutes(35)),  # 1.7, down to 1
    (minutes(40), True, minutes(42)),  # exactly 2
    (metres("24"), False, None),  # 5 m is 20.8 %
    (minutes(60), False, minutes(65)),  # 6 min would be 10 %; 5 min at most
    (metres("100"), False, metres("110")),
    (metres("40"), False, metres("45")),  # 4 m, one unit at least
    (metres("20"), False, None),  # 5 m is 25 %
    (seconds("30"), False, seconds("35")),
    (seconds("15"), False, seconds("16")),
    (sets(2, 8), False, sets(2, 9)),  # 1.6, one in each set
    (sets(3, 10), False, sets(3, 11)),
    (sets(1, 4), False, None),  # one of four is 25 %
    (sets(1, 5), False, sets(1, 6)),
    (sets(2, 14), False, sets(2, 15)),
    (sets(2, 15), False, None),  # the top of the range
    (Dose(Decimal(29), "{repetitions}", 2), False, sets(2, 15)),  # 31 is past the top, 30 is the top
    (sets(3, 10, 40), False, sets(3, 8, 42)),  # E2: 2.0 kg, repetitions at the bottom of the range
    (sets(3, 10, 60), False, sets(3, 8, 62)),  # 3.0 kg, down to the plates of 2
    (sets(3, 10, 20), False, sets(3, 8, 22)),  # 5 % is 1: one increment is 10 %, taken
    (sets(3, 10, 18), False, sets(3, 11, 18)),  # one increment is 11 %: a repetition in each set
    (sets(3, 12, 18), False, None),  # ... which are at their top
    (sets(3, 7, 40), False, sets(3, 7, 42)),  # below the range already: never more repetitions with more load
]


@pytest.mark.parametrize(("dose", "cautious", "expected"), STEPS)
def test_step_up(dose: Dose, cautious: bool, expected: Dose | None) -> None:
    """One step of 10 % (5 % cautious), rounded down to at least one unit, at most 20 % and 5 minutes."""
    assert step_up(BOOK, form(dose), dose, cautious=cautious) == expected


def test_six_kilograms_in_steps_of_one() -> None:
    """E9: an increment of 16.7 % is too much, so repetitions are added and not load."""
    own = dose_form(PRESS, state("leg-press", sets(3, 10, 6), 2, None, increment=Decimal(1)))
    assert step_up(BOOK, own, sets(3, 10, 6), cautious=False) == sets(3, 11, 6)


@pytest.mark.parametrize("increment", [None, "0"])
def test_load_without_an_increment_stays(increment: str | None) -> None:
    """A load without a known increment does not rise."""
    unknown = replace(AS_IT_IS["leg-press"], increment=None if increment is None else Decimal(increment))
    assert step_up(BOOK, unknown, sets(3, 10, 40), cautious=False) is None


def test_loaded_exercise_without_a_load_rises_in_repetitions() -> None:
    """Without a load the repetitions rise as in any exercise."""
    assert step_up(BOOK, AS_IT_IS["leg-press"], sets(3, 10), cautious=False) == sets(3, 11)


def test_the_plans_own_values_come_before_the_librarys() -> None:
    """Increment, range and target of the plan, else those of the library."""
    own = dose_form(
        PRESS, state("leg-press", None, 2, None, increment=Decimal(5), range_low=6, range_high=20, target=15)
    )
    assert (own.increment, own.range_low, own.range_high, own.target) == (Decimal(5), 6, 20, 15)
    library = dose_form(PRESS, state("leg-press", None, 2, None))
    assert (library.increment, library.range_low, library.range_high, library.target) == (Decimal(2), 8, 12, 10)
    assert dose_form(PRESS, None) == library


RUNGS: list[tuple[Dose, Dose, Dose | None]] = [
    (minutes(16), minutes(20), minutes(18)),  # 10 % of 20
    (minutes(19), minutes(20), minutes(20)),  # never above the dose before the flare
    (minutes(20), minutes(20), None),
    (minutes(21), minutes(20), None),
    (minutes(6), minutes(12), minutes(7)),  # 1.2 and 20 % of 6 = 1.2: down to half minutes
    (minutes(4), minutes(20), minutes("4.5")),  # 20 % of 4 = 0.8
    (minutes(2), minutes(4), None),  # one unit is 25 %
    (minutes("2.5"), minutes(5), minutes(3)),  # one unit is exactly 20 %
    (sets(2, 5), sets(2, 8), sets(2, 6)),  # 1.6 of 16, one in each set
    (sets(1, 4), sets(1, 8), None),  # one of four is 25 %
    (sets(3, 8), sets(3, 10), sets(3, 9)),
]


@pytest.mark.parametrize(("dose", "top", "expected"), RUNGS)
def test_rung(dose: Dose, top: Dose, expected: Dose | None) -> None:
    """The lower of 10 % of the dose before the flare and 20 % of the dose in force, at least one unit."""
    assert rung_up(BOOK, form(dose), dose, top) == expected


def test_without_sets_or_range() -> None:
    """A dose without sets has one set; without a range no range applies."""
    free = replace(AS_IT_IS["sit-to-stand"], range_low=None, range_high=None)
    bare = Dose(Decimal(14), "{repetitions}")
    assert round_down_dose(BOOK, free, Dose(Decimal(5), "{repetitions}")) == sets(1, 5)
    assert round_down_dose(BOOK, free, Dose(Decimal(1), "{repetitions}", 1)) == sets(1, 1)
    assert step_up(BOOK, free, sets(2, 15), cautious=False) == sets(2, 16)
    assert step_up(BOOK, AS_IT_IS["sit-to-stand"], bare, cautious=False) == replace(bare, amount=Decimal(15))
    press = replace(AS_IT_IS["leg-press"], range_low=None)
    assert step_up(BOOK, press, sets(3, 10, 40), cautious=False) == sets(3, 10, 42)
    one = Dose(Decimal(10), "{repetitions}", None, Decimal(40))
    assert step_up(BOOK, AS_IT_IS["leg-press"], one, cautious=False) == Dose(
        Decimal(8), "{repetitions}", None, Decimal(42)
    )


def test_a_range_is_of_repetitions() -> None:
    """Minutes have no upper end; a load on an exercise without loads does not rise."""
    bounded = replace(AS_IT_IS["walking"], range_high=5)
    assert step_up(BOOK, bounded, minutes(20), cautious=False) == minutes(22)
    assert step_up(BOOK, AS_IT_IS["sit-to-stand"], sets(2, 8, 5), cautious=False) == sets(2, 9, 5)


@pytest.mark.parametrize(
    ("number", "each", "expected"), [(1, 24, (1, 25)), (2, 24, (2, 25)), (3, 24, (3, 25)), (2, 25, None)]
)
def test_a_step_beyond_the_top_ends_there(number: int, each: int, expected: tuple[int, int] | None) -> None:
    """Two repetitions more than 24 are 26: if the range ends at 25 the step does too."""
    wide = dose_form(STAND, state("sit-to-stand", None, 2, None, range_high=25))
    assert step_up(BOOK, wide, sets(number, each), cautious=False) == (None if expected is None else sets(*expected))
    bare = Dose(Decimal(24), "{repetitions}")
    assert step_up(BOOK, wide, bare, cautious=False) == replace(bare, amount=Decimal(25))


def test_half_a_kilogram_is_more_than_none() -> None:
    """A dose without a load is within and below one with any; of equal doses the first is returned."""
    light = replace(sets(2, 8), load=Decimal("0.5"))
    assert is_within(sets(2, 8), light)
    assert not is_within(light, sets(2, 8))
    assert lower(light, sets(2, 8)) == sets(2, 8)
    assert lower(sets(2, 8), sets(1, 16)) == sets(2, 8)


# Before the flare 2 x 8 of 5 to 15 in a set; 1.6 a rung
WAY_BACK: list[tuple[Dose, Dose | None]] = [
    (sets(1, 7), sets(1, 8)),
    (sets(1, 8), sets(1, 9)),  # 4 each would be fewer than now
    (sets(1, 9), sets(2, 5)),  # a set is larger than before: the second comes back
    (sets(1, 10), sets(1, 11)),  # 5 each would not be more
    (sets(1, 11), sets(2, 6)),
    (sets(2, 6), sets(2, 7)),
    (sets(2, 7), sets(2, 8)),
    (sets(2, 8), None),
]


@pytest.mark.parametrize(("dose", "expected"), WAY_BACK)
def test_sets_come_back(dose: Dose, expected: Dose | None) -> None:
    """As many sets as now while a set is at most as long as before the flare, else one more."""
    assert rung_up(BOOK, AS_IT_IS["sit-to-stand"], dose, sets(2, 8)) == expected


def test_a_set_comes_back_where_the_range_ends() -> None:
    """Ten in one set exceed a range of 7 to 9: two sets of five."""
    narrow = dose_form(STAND, state("sit-to-stand", None, 2, None, range_low=7, range_high=9))
    assert rung_up(BOOK, narrow, sets(1, 9), sets(2, 8)) == sets(2, 5)
    assert rung_up(BOOK, replace(narrow, range_low=None, range_high=15), sets(1, 9), sets(2, 8)) == sets(2, 5)


def test_a_set_stays_while_it_is_no_larger_than_before() -> None:
    """Before the flare 2 x 12: one set of 12 is no larger, one of 13 is; without sets there is one."""
    assert rung_up(BOOK, AS_IT_IS["sit-to-stand"], sets(1, 10), sets(2, 12)) == sets(1, 12)
    bare, before = Dose(Decimal(7), "{repetitions}"), Dose(Decimal(10), "{repetitions}")
    assert rung_up(BOOK, AS_IT_IS["sit-to-stand"], bare, before) == sets(1, 8)


# Dose, dose before the flare, range of a set, rung
ODD_RUNGS: list[tuple[Dose, Dose, tuple[int, int], Dose | None]] = [
    (sets(2, 7), sets(1, 15), (5, 15), None),  # 15 in two sets are 7 each again: no rise
    (sets(1, 15), sets(1, 17), (5, 15), None),  # 16 are beyond the range, and there was one set before
    (sets(1, 7), sets(2, 7), (5, 15), sets(1, 8)),  # two sets of 4 would be below the range
    (sets(1, 7), sets(2, 7), (4, 15), sets(2, 4)),
    (sets(2, 8), sets(3, 8), (7, 8), sets(3, 6)),  # 9 are beyond the range: the third set comes back
    (sets(1, 10), Dose(Decimal(20), "{repetitions}"), (5, 15), sets(1, 12)),  # no sets are one set
]


@pytest.mark.parametrize(("dose", "top", "span", "expected"), ODD_RUNGS)
def test_rungs_at_the_ends_of_a_range(dose: Dose, top: Dose, span: tuple[int, int], expected: Dose | None) -> None:
    """A rung is a rise, stays in its range, and brings a set back only where the set then is in its range."""
    own = dose_form(STAND, state("sit-to-stand", None, 2, None, range_low=span[0], range_high=span[1]))
    assert rung_up(BOOK, own, dose, top) == expected
