"""The parts of a session, a trial or a dose limit: components of an Observation, or items of a form, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from titrate.clinical.values.quantity import REPETITIONS, convertible
from titrate.clinical.values.readings import ReadingSource, Refusal, RefusalReason
from titrate.fhir.elements import Element
from titrate.fhir.read import element_values
from titrate.fhir.read.read_context import Fault, ReadContext, refusal

T = TypeVar("T")
_NO_UNIT = Fault(RefusalReason.WRONG_UNIT, "There is no unit, and none is assumed: give one")
_HIGHER = frozenset({"session.pain-before", "session.pain-peak", "session.rpe-cr10", "session.heart-rate"})


@dataclass(frozen=True, slots=True)
class Component:
    """One part: its measure (`session.done`), the element with its value, and where it stands."""

    what: str
    element: Element
    path: str


@dataclass(frozen=True, slots=True)
class Components:
    """Reads parts one by one and keeps what could not be used. A part that is absent reads as None."""

    found: tuple[Component, ...]
    stamp: ReadingSource
    context: ReadContext
    refusals: list[Refusal]
    asked: bool = False

    def number(self, what: str) -> Decimal | None:
        """The number of a one in its measure's unit."""
        measure = self.context.rulebook.measures[what]
        return self._read(what, lambda element: element_values.number(element, measure, self.context, self.asked))

    def choice(self, what: str) -> str | None:
        """The coded answer of a part."""
        options = self.context.rulebook.measures[what].options
        return self._read(what, lambda element: element_values.choice(element, options, self.context))

    def choices(self, what: str) -> tuple[str, ...]:
        """Every coded answer of a part that may be given more than once."""
        single = [replace(self, found=(one,)) for one in self.found if one.what == what]
        return tuple(answer for one in single if (answer := one.choice(what)) is not None)

    def exercise(self, what: str) -> str | None:
        """The exercise. Without one nothing of the report can be used, so its absence is refused too."""
        if not any(one.what == what for one in self.found):
            self.refuse(what, Fault(RefusalReason.NO_VALUE, "It is not said which exercise: add it"))
        return self._read(what, lambda element: element_values.exercise(element, self.context), absence=True)

    def amount(self, what: str, exercise: str) -> tuple[Decimal, str] | None:
        """An amount of the exercise with its unit: the exercise's own, else a plain unit of the same kind."""
        return self._read(what, lambda element: amount(element, exercise, self.context))

    def amount_or_load(self, what: str, exercise: str) -> tuple[Decimal, str] | None:
        """An amount of the exercise, or a load in kg."""
        return self._read(what, lambda element: _amount_or_load(element, exercise, self.context))

    def text(self, what: str) -> str | None:
        """The free text of a part."""
        return self._read(what, element_values.words)

    def threshold(self, what: str) -> tuple[Decimal, str] | None:
        """An amount of whatever can be counted, in the unit that such amounts are kept in."""
        return self._read(what, lambda element: _threshold(element, self.context))

    def refuse(self, what: str, fault: Fault) -> None:
        """Keep a refusal of a part."""
        path = next((one.path for one in self.found if one.what == what), "")
        self.refusals.append(refusal(self.stamp.source, path, fault, what, self.stamp.day))

    def _read(self, what: str, reader: Callable[[Element], T | Fault], absence: bool = False) -> T | None:
        good: list[T] = []
        for one in self.found:
            result = reader(one.element) if one.what == what else None
            if isinstance(result, Fault):
                if absence or result.reason is not RefusalReason.NO_VALUE:
                    self.refuse(what, result)
            elif result is not None and result not in good:
                good.append(result)
        return self._one(what, good)

    def _one(self, what: str, good: list[T]) -> T | None:
        """Of two values the higher for what is worse when high; for the rest two values are none."""
        if len(good) <= 1:
            return good[0] if good else None
        if what in _HIGHER:
            return max(good, key=lambda value: value if isinstance(value, Decimal) else Decimal(0))
        self.refuse(what, Fault(RefusalReason.WRONG_VALUE, "This part has two different values: keep one"))
        return None


def amount(element: Element, exercise: str, context: ReadContext) -> tuple[Decimal, str] | Fault:
    """A session's amount of an exercise, plausible for the unit it is kept in."""
    unit = context.rulebook.exercises[exercise].amount_unit
    found = element_values.value_of(element)
    if not isinstance(found, Fault) and found[0] == "Quantity":
        quantity = element_values.quantity_of(found[1])
        if isinstance(quantity, Fault):
            return quantity
        unit = _kept_in(quantity[1], unit)
    value = element_values.number(element, context.rulebook.measures[f"amount.{unit}"], context)
    return value if isinstance(value, Fault) else (value, unit)


def _kept_in(unit: str | None, own: str) -> str:
    """The exercise's own unit where the amount converts to it, else a plain one of the same kind, else its own."""
    if unit is None or unit == "1":
        return own
    return next((kept for kept in (own, "min", "m", REPETITIONS) if convertible(unit, kept)), own)


def _amount_or_load(element: Element, exercise: str, context: ReadContext) -> tuple[Decimal, str] | Fault:
    found = element_values.value_of(element)
    quantity = element_values.quantity_of(found[1]) if not isinstance(found, Fault) and found[0] == "Quantity" else None
    load = context.rulebook.measures["session.load"]
    if isinstance(quantity, tuple) and quantity[1] in (load.unit, *load.units):
        value = element_values.number(element, load, context)
        return value if isinstance(value, Fault) else (value, load.unit)
    return amount(element, exercise, context)


def _threshold(element: Element, context: ReadContext) -> tuple[Decimal, str] | Fault:
    found = element_values.value_of(element)
    quantity = element_values.quantity_of(found[1]) if not isinstance(found, Fault) and found[0] == "Quantity" else None
    if not isinstance(quantity, tuple) or quantity[1] is None:
        return found if isinstance(found, Fault) else _NO_UNIT
    if convertible(quantity[1], "kg"):
        value = element_values.number(element, context.rulebook.measures["session.load"], context)
        return value if isinstance(value, Fault) else (value, "kg")
    kept = _kept_in(quantity[1], "min")
    value = element_values.number(element, context.rulebook.measures[f"amount.{kept}"], context)
    return value if isinstance(value, Fault) else (value, kept)
