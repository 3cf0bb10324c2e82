"""The message catalogue: whole sentences with typed parameters, each with an id of its own."""

from __future__ import annotations

import importlib
import pickle
from datetime import date
from decimal import Decimal

import pytest

from tests.project.sources import ROOT
from titrate.messages import Message

for _path in sorted((ROOT / "service" / "titrate" / "messages").glob("*.py")):
    importlib.import_module(f"titrate.messages.{_path.stem}" if _path.stem != "__init__" else "titrate.messages")
CATALOGUE = [one for one in Message.catalogue() if one.__module__.startswith("titrate.")]


class Example(Message, text="{count} {count:day|days} since {since}: {values}, at most {limit}"):
    """A sentence of this test alone."""

    count: int
    since: date
    values: tuple[Decimal, ...]
    limit: Decimal


EXAMPLE = Example(count=1, since=date(2025, 1, 4), values=(Decimal("1.50"), Decimal("1E+1")), limit=Decimal(5))


def test_a_message_is_a_sentence() -> None:
    """Dates are in ISO form, decimals keep their digits and have no exponent, and the noun fits the number."""
    assert str(EXAMPLE) == "1 day since 2025-01-04: 1.50, 10, at most 5"
    several = Example(count=2, since=date(2025, 1, 4), values=(), limit=Decimal("0.5"))
    assert str(several) == "2 days since 2025-01-04: , at most 0.5"


class Choice(Message, text="{names: or}; {names:;}"):
    """A tuple with separators of its own."""

    names: tuple[str, ...]


def test_a_tuple_shows_its_own_separator() -> None:
    """Words and semicolons in place of the comma."""
    assert str(Choice(names=("cycling", "walking"))) == "cycling or walking; cycling; walking"


def test_a_message_is_a_value() -> None:
    """It is equal to another with the same parameters, can be a key, crosses processes and does not change."""
    again = Example(count=1, since=date(2025, 1, 4), values=(Decimal("1.50"), Decimal("1E+1")), limit=Decimal(5))
    assert {EXAMPLE, again} == {again}
    assert pickle.loads(pickle.dumps(EXAMPLE)) == EXAMPLE  # noqa: S301 (our own bytes)
    with pytest.raises(AttributeError):
        EXAMPLE.count = 2  # type: ignore[misc]


def test_parameters_are_those_that_are_declared() -> None:
    """Too few or other parameters are a TypeError that names them."""
    with pytest.raises(TypeError, match="count, since, values, limit"):
        Example(count=1)  # type: ignore[call-arg]


def test_every_text_has_a_place_for_each_parameter() -> None:
    """No parameter is left out of its sentence, and no place has no parameter."""
    wrong = {one.__name__ for one in CATALOGUE if one.placeholders() != frozenset(one.__annotations__)}
    assert wrong == set()


def test_ids_are_unique() -> None:
    """One id, one sentence."""
    ids = [one.id for one in CATALOGUE]
    assert sorted(ids) == sorted(set(ids))
