"""Sets, repetitions and load in the words of an order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from titrate.fhir.doses import read_dose_text


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
def test_what_can_be_read(words: str, sets: int, repetitions: int, load: str | None) -> None:
    """The usual ways of writing a dose."""
    found = read_dose_text((words,))
    assert found is not None
    assert (found.sets, found.repetitions, found.load) == (sets, repetitions, None if load is None else Decimal(load))


@pytest.mark.parametrize(
    "words",
    ["three tens", "3 x 10 or 4 x 8", "10 min", "3 x 10.5 cm", "40 kg", "x 10", "2025-01-03 x"],
)
def test_what_cannot(words: str) -> None:
    """No dose, a choice of two, or something else: nothing is guessed."""
    assert read_dose_text((words,)) is None


def test_the_same_dose_twice_is_one() -> None:
    """A dose that is repeated in another line is still unambiguous."""
    found = read_dose_text(("3 x 10 @ 40 kg", "That is 3x10 @ 40.0 kg."))
    assert found is not None
    assert found.total == 30
