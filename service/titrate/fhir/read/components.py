"""The components of a session, a trial, a limit or an intake group: of an Observation, or items of a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar, cast

from titrate.clinical.values.merged_sessions import CONCERN
from titrate.clinical.values.quantity import REPETITIONS, convertible
from titrate.clinical.values.readings import ReadingSource, Refusal, RefusalReason
from titrate.fhir.elements import Element
from titrate.fhir.read import element_values
from titrate.fhir.read.read_context import Fault, ReadContext, refusal
from titrate.messages.refused_values import ComponentsConflict, ExerciseMissing, UnitMissing

T = TypeVar("T")
Amount = tuple[Decimal, str]

# Of two different values the higher counts: it is the more careful one.
_DIFFERENT = Fault(RefusalReason.CONFLICT, ComponentsConflict())
_HIGHER_COUNTS = frozenset({"session.pain-before", "session.pain-peak", "session.rpe-cr10", "session.heart-rate"})


@dataclass(frozen=True, slots=True)
class Component:
    """One component: its measure (`session.done`), the element with its value, and its path."""

    what: str
    element: Element
    path: str


@dataclass(frozen=True, slots=True)
class Components:
    """Reads components by measure and collects refusals. An absent component reads as None.

    `found` are the components by measure. `in_form`: they are items of a questionnaire of the service, whose questions
    name the units.
    """

    found: Mapping[str, Sequence[Component]]
    stamp: ReadingSource
    context: ReadContext
    in_form: bool = False
    refusals: list[Refusal] = field(default_factory=list)

    @classmethod
    def of(
        cls, found: Iterable[Component], stamp: ReadingSource, context: ReadContext, in_form: bool = False
    ) -> Components:
        """The components of one report, in their order."""
        by_measure: dict[str, list[Component]] = {}
        for one in found:
            by_measure.setdefault(one.what, []).append(one)
        return cls(by_measure, stamp, context, in_form)

    def number(self, what: str) -> Decimal | None:
        """The number of a component in its measure's unit."""
        measure = self.context.rulebook.measures[what]
        return self._read(what, lambda element: element_values.number(element, measure, self.context, self.in_form))

    def choice(self, what: str) -> str | None:
        """The coded answer of a component."""
        options = self.context.rulebook.measures[what].options
        return self._read(what, lambda element: element_values.choice(element, options, self.context))

    def choices(self, what: str) -> tuple[str, ...]:
        """Every coded answer of a component that can repeat."""
        single = [replace(self, found={what: (one,)}) for one in self.found.get(what, ())]
        return tuple(answer for one in single if (answer := one.choice(what)) is not None)

    def exercise(self, what: str) -> str | None:
        """The exercise. A report without one is unusable, so its absence is refused too."""
        if what not in self.found:
            self.refuse(what, Fault(RefusalReason.NO_VALUE, ExerciseMissing()))
        return self._read(what, lambda element: element_values.exercise(element, self.context), refuse_absence=True)

    def amount(self, what: str, exercise: str) -> Amount | None:
        """An amount of the exercise with its unit: the exercise's own, else a basic unit of the same kind."""
        return self._read(what, lambda element: amount(element, exercise, self.context))

    def amount_or_load(self, what: str, exercise: str) -> Amount | None:
        """An amount of the exercise, or a load in kg."""
        return self._read(what, lambda element: _amount_or_load(element, exercise, self.context))

    def text(self, what: str) -> str | None:
        """The free text of a component."""
        return self._read(what, element_values.free_text)

    def threshold(self, what: str) -> Amount | None:
        """An amount of any activity, in minutes, metres, repetitions or kg."""
        return self._read(what, lambda element: _threshold(element, self.context))

    def refuse(self, what: str, fault: Fault) -> None:
        """Add a refusal of a component."""
        path = next((one.path for one in self.found.get(what, ())), "")
        self.refusals.append(refusal(self.stamp.source, path, fault, what, self.stamp.day))

    def _read(self, what: str, reader: Callable[[Element], T | Fault], refuse_absence: bool = False) -> T | None:
        if what not in self.found:
            return None
        values: list[T] = []
        refused = False
        for one in self.found[what]:
            result = reader(one.element)
            if isinstance(result, Fault):
                if refuse_absence or result.reason is not RefusalReason.NO_VALUE:
                    self.refuse(what, result)
                refused = refused or result.reason is RefusalReason.CONFLICT
                values += [value for value in cast("tuple[T, ...]", result.values) if value not in values]
            elif result not in values:
                values.append(result)
        return self._single(what, values, refused)

    def _single(self, what: str, values: list[T], refused: bool) -> T | None:
        """The one value; of several the stricter where one is known, otherwise None. Several hold the plan (B13.2).

        `refused`: the conflict is refused already.
        """
        if len(values) <= 1:
            return values[0] if values else None
        if what in _HIGHER_COUNTS:
            numbers = [value for value in values if isinstance(value, Decimal)]
            if not refused and max(numbers) - min(numbers) > self.context.rulebook.numbers.conflict_tolerance:
                self.refuse(what, _DIFFERENT)
            return max(values, key=lambda value: value if isinstance(value, Decimal) else Decimal(0))
        if not refused:
            self.refuse(what, _DIFFERENT)
        concern = CONCERN.get(what.removeprefix("session.").replace("-", "_"), ())
        named = [value for value in values if value in concern]
        return max(named, key=concern.index, default=None)


def amount(element: Element, exercise: str, context: ReadContext) -> Amount | Fault:
    """A session's amount of an exercise, plausible for its unit."""
    unit = context.rulebook.exercises[exercise].amount_unit
    quantity = element_values.quantity_in(element, context)
    if isinstance(quantity, Fault):
        return quantity
    if quantity is None:
        return _plausible_amount(element, unit, context)
    stored = _stored_unit(quantity[1], unit)
    value = element_values.in_unit_of(context.rulebook.measures[f"amount.{stored}"], *quantity)
    return value if isinstance(value, Fault) else (value, stored)


def _plausible_amount(element: Element, unit: str, context: ReadContext) -> Amount | Fault:
    value = element_values.number(element, context.rulebook.measures[f"amount.{unit}"], context)
    return value if isinstance(value, Fault) else (value, unit)


def _stored_unit(unit: str | None, own: str) -> str:
    """The exercise's own unit if the amount converts to it, else a basic unit of the same kind, else its own."""
    if unit is None or unit == "1":
        return own
    return next((stored for stored in (own, "min", "m", REPETITIONS) if convertible(unit, stored)), own)


def _load(element: Element, context: ReadContext) -> Amount | Fault:
    measure = context.rulebook.measures["session.load"]
    value = element_values.number(element, measure, context)
    return value if isinstance(value, Fault) else (value, measure.unit)


def _amount_or_load(element: Element, exercise: str, context: ReadContext) -> Amount | Fault:
    quantity = element_values.quantity_in(element, context)
    load = context.rulebook.measures["session.load"]
    is_load = isinstance(quantity, tuple) and quantity[1] in (load.unit, *load.units)
    return _load(element, context) if is_load else amount(element, exercise, context)


def _threshold(element: Element, context: ReadContext) -> Amount | Fault:
    quantity = element_values.quantity_in(element, context)
    if not isinstance(quantity, tuple) or quantity[1] is None:
        found = element_values.value_of(element)
        return found if isinstance(found, Fault) else Fault(RefusalReason.WRONG_UNIT, UnitMissing())
    if convertible(quantity[1], "kg"):
        return _load(element, context)
    return _plausible_amount(element, _stored_unit(quantity[1], "min"), context)
