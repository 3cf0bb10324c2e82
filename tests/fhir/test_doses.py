"""Sets, repetitions and load in the text of an order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from titrate.clinical.values.plan import Dose
from titrate.clinical.values.quantity import REPETITIONS
from titrate.fhir.doses import dose_words, order_text, read_dose_text


@pytest.mark.parametrize(
    ("words", "sets", "repetitions", "load"),
    [
        ("3 x 10 @ 40 kg", 3, 10, "40"),
        ("3x10, 40 kg", 3, 10, "40"),
        ("3 x 10 at 42,5 kg", 3, 10, "42.5"),
        ("2 sets of 8 reps with 100 lb", 2, 8, "45.35923700"),
        ("2 \N{MULTIPLICATION SIGN} 12 repetitions", 2, 12, None),
        ("Do 3 sets x 12.", 3, 12, None),
        ("1 x 6", 1, 6, None),
    ],
)
def test_readable_doses(words: str, sets: int, repetitions: int, load: str | None) -> None:
    """The usual ways of writing a dose."""
    found = read_dose_text((words,))
    assert found is not None
    assert (found.sets, found.repetitions, found.load) == (sets, repetitions, None if load is None else Decimal(load))


@pytest.mark.parametrize(
    "words",
    ["three tens", "3 x 10 or 4 x 8", "10 min", "3 x 10.5 cm", "40 kg", "x 10", "2025-01-03 x"],
)
def test_unreadable_doses(words: str) -> None:
    """No dose, a choice of two, or other text: nothing is guessed."""
    assert read_dose_text((words,)) is None


def test_the_same_dose_twice_is_one() -> None:
    """A dose that is repeated on another line is unambiguous."""
    found = read_dose_text(("3 x 10 @ 40 kg", "That is 3x10 @ 40.0 kg."))
    assert found is not None
    assert found.total == 30


@pytest.mark.parametrize(
    ("load", "shown"), [("45.359237", "45.4"), ("41.25", "41.25"), ("40.00", "40"), ("90.718474", "90.7")]
)
def test_a_load_is_shown_with_few_digits(load: str, shown: str) -> None:
    """A load converted from pounds is rounded for a person, one in quarters of a kilogram is not."""
    assert dose_words(Dose(Decimal(30), REPETITIONS, 3, Decimal(load))) == f"3 x 10 @ {shown} kg"


def test_an_order_keeps_every_digit_of_a_load() -> None:
    """What is stored is read back as the same dose."""
    found = read_dose_text((order_text(Dose(Decimal(30), REPETITIONS, 3, Decimal("45.359237"))),))
    assert found is not None
    assert found.load == Decimal("45.359237")
