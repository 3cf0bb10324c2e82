"""Doses in FHIR: quantities, order texts, typed input, and the components of one dose in the decision record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from titrate.clinical.values.plan import Dose
from titrate.clinical.values.quantity import (
    REPETITIONS,
    UnitSpellings,
    convert,
    same_scale,
    shown_load,
    unit_name,
)
from titrate.clinical.values.rulebook import Exercise
from titrate.fhir import code_systems
from titrate.fhir.component_values import ComponentValues
from titrate.fhir.elements import Json
from titrate.fhir.errors import InvalidDose
from titrate.fhir.identifiers import plain_number
from titrate.messages import Message
from titrate.messages.plan_decisions import DoseAmountExpected, DoseSetsExpected, DoseSetsWithLoadExpected

_TIMES = "[x\N{MULTIPLICATION SIGN}]"
# An order text: `3 x 10 @ 40 kg`, `3 sets of 10 reps at 90 lb`. A digit on either side makes it another number.
_ORDER_TEXT = re.compile(
    rf"(?<![\d.,])(?P<sets>\d{{1,2}})\s*(?:sets?\s+of|(?:sets?\s*)?{_TIMES})\s*(?P<each>\d{{1,3}})(?!\d|[.,]\d)"
    r"(?:\s*(?:repetitions|reps?)\b)?"
    r"(?:\s*(?:@|at|with|,)\s*(?P<load>\d+(?:[.,]\d+)?)\s*(?P<unit>kg|lbs?|\[lb_av\]))?",
    re.IGNORECASE,
)
# What a clinician types: `14`, `14 min`, `3x10`, `3x10@42`, `@42`.
_TYPED_KG = r"@\s*(?P<load>\d{1,3}(?:\.\d{1,2})?)\s*(?:kg)?"
_TYPED_SETS = re.compile(rf"(?P<sets>\d{{1,2}})\s*{_TIMES}\s*(?P<each>\d{{1,3}})(?:\s*{_TYPED_KG})?")
_TYPED_LOAD = re.compile(_TYPED_KG)
_TYPED_AMOUNT = re.compile(r"(?P<amount>\d{1,5}(?:\.\d{1,2})?)\s*(?P<unit>[a-z{}]*)")
PARAMETERS = {"min": "duration", "s": "duration", "m": "distance"}


@dataclass(frozen=True, slots=True)
class WrittenDose:
    """Sets, repetitions per set, and the load in kg if the order text gives one."""

    sets: int
    repetitions: int
    load: Decimal | None

    @property
    def total(self) -> Decimal:
        """Repetitions per session."""
        return Decimal(self.sets * self.repetitions)


def quantity(value: Decimal | int, unit: str) -> Json:
    """A UCUM Quantity."""
    return {"value": value, "unit": unit_name(unit) or unit, "system": code_systems.UCUM, "code": unit}


def dose_words(dose: Dose | None) -> str:
    """The dose for a person: `15 min`, `3 x 10 @ 40 kg`. The load is rounded as in `shown_load`."""
    return order_text(dose if dose is None or dose.load is None else replace(dose, load=shown_load(dose.load)))


def order_text(dose: Dose | None) -> str:
    """The dose with its exact load, as stored in an order and read back: `3 x 10 @ 45.359237 kg`."""
    if dose is None:
        return "no session target"
    load = f" @ {plain_number(dose.load)} kg" if dose.load is not None else ""
    if dose.unit != REPETITIONS:
        return f"{plain_number(dose.amount)} {dose.unit}{load}"
    each = each_set(dose)
    if each is not None:
        return f"{dose.sets} x {each}{load}"
    sets = f" in {dose.sets} sets" if dose.sets else ""
    return f"{plain_number(dose.amount)} repetitions{sets}{load}"


def comparable_dose_words(dose: Dose | None) -> str:
    """The dose as text that is equal for equal doses only: `30 {repetitions} in 3 sets @ 40 kg`."""
    if dose is None:
        return "none"
    sets = f" in {dose.sets} sets" if dose.sets else ""
    load = f" @ {plain_number(dose.load)} kg" if dose.load is not None else ""
    return f"{plain_number(dose.amount)} {dose.unit}{sets}{load}"


def each_set(dose: Dose) -> int | None:
    """Repetitions per set if the total divides evenly, else None."""
    if not dose.sets or dose.amount % dose.sets:
        return None
    return int(dose.amount / dose.sets)


def read_dose_text(texts: tuple[str, ...]) -> WrittenDose | None:
    """The one dose that the order texts state; None if they state none, or two that differ."""
    found = {_written(match) for sentence in texts for match in _ORDER_TEXT.finditer(sentence)}
    return found.pop() if len(found) == 1 else None


def _written(match: re.Match[str]) -> WrittenDose:
    load = None
    if match["load"] is not None:
        unit = "kg" if match["unit"].lower() == "kg" else "[lb_av]"
        kilograms = convert(Decimal(match["load"].replace(",", ".")), unit, "kg")
        load = kilograms if isinstance(kilograms, Decimal) else None
    return WrittenDose(int(match["sets"]), int(match["each"]), load)


def parse_dose(typed: str, exercise: Exercise, drafted: Dose | None, units: UnitSpellings) -> Dose:
    """The typed dose in the exercise's unit. Sets and load that are not typed stay as drafted. Raises InvalidDose."""
    words = typed.strip().lower()
    dose = _typed_sets(words, exercise, drafted) or _typed_load(words, drafted)
    dose = dose or _typed_amount(words, exercise, drafted, units)
    if dose is None or dose.amount <= 0 or (dose.load is not None and dose.load <= 0):
        raise InvalidDose(str(_expected(exercise)))
    return dose


def _typed_sets(words: str, exercise: Exercise, drafted: Dose | None) -> Dose | None:
    found = _TYPED_SETS.fullmatch(words)
    if found is None or exercise.amount_unit != REPETITIONS:
        return None
    load = Decimal(found["load"]) if found["load"] else drafted.load if drafted else None
    return Dose(Decimal(int(found["sets"]) * int(found["each"])), REPETITIONS, int(found["sets"]), load)


def _typed_load(words: str, drafted: Dose | None) -> Dose | None:
    found = _TYPED_LOAD.fullmatch(words)
    return replace(drafted, load=Decimal(found["load"])) if found and drafted and drafted.load is not None else None


def _typed_amount(words: str, exercise: Exercise, drafted: Dose | None, units: UnitSpellings) -> Dose | None:
    """An amount of a session. A total of repetitions must divide evenly into the drafted sets."""
    found = _TYPED_AMOUNT.fullmatch(words)
    if found is None or not (found["unit"] == "" or same_scale(units.code(found["unit"]), exercise.amount_unit)):
        return None
    amount = Decimal(found["amount"])
    if exercise.amount_unit == REPETITIONS and (drafted is None or amount % (drafted.sets or 1)):
        return None
    return replace(drafted, amount=amount) if drafted else Dose(amount, exercise.amount_unit)


def _expected(exercise: Exercise) -> Message:
    if exercise.amount_unit != REPETITIONS:
        return DoseAmountExpected(exercise=exercise.code, unit=exercise.amount_unit)
    if exercise.loaded:
        return DoseSetsWithLoadExpected(exercise=exercise.code)
    return DoseSetsExpected(exercise=exercise.code)


def dose_values(exercise: str, dose: Dose | None, role: str = "") -> Iterator[tuple[str, Json]]:
    """The components of a dose in a role, as (code, value[x])."""
    if dose is None:
        return
    tail = f".{role}" if role else ""
    if dose.unit in PARAMETERS:
        code = f"{exercise}.{PARAMETERS[dose.unit]}{tail}"
        yield code, {"valueQuantity": quantity(dose.amount, dose.unit)}
    else:
        yield _repetitions(exercise, dose, role)
    if dose.sets is not None:
        yield f"{exercise}.sets{tail}", {"valueInteger": dose.sets}
    if dose.load is not None:
        yield f"{exercise}.load{tail}", {"valueQuantity": quantity(dose.load, "kg")}


def _repetitions(exercise: str, dose: Dose, role: str) -> tuple[str, Json]:
    """Repetitions of one set; of the start dose the total. A total that does not divide evenly is kept as a total."""
    tail = f".{role}" if role else ""
    if role == "start":
        return f"{exercise}.repetitions{tail}", {"valueInteger": int(dose.amount)}
    each = each_set(dose) if dose.sets else int(dose.amount)
    if each is None:
        return f"{exercise}.repetitions.total{tail}", {"valueInteger": int(dose.amount)}
    return f"{exercise}.repetitions{tail}", {"valueInteger": each}


def read_dose(values: ComponentValues, exercise: str, role: str = "") -> Dose | None:
    """The dose in a role; without a role the dose that was prescribed."""
    tail = f".{role}" if role else ""
    sets, load = values.whole(f"{exercise}.sets{tail}"), values.number(f"{exercise}.load{tail}")
    for parameter, default in (("duration", "min"), ("distance", "m")):
        code = f"{exercise}.{parameter}{tail}"
        amount = values.number(code)
        if amount is not None:
            return Dose(amount, values.units.get(code, default), sets, load)
    repetitions = _read_repetitions(values, exercise, tail, sets)
    return None if repetitions is None else Dose(repetitions, REPETITIONS, sets, load)


def _read_repetitions(values: ComponentValues, exercise: str, tail: str, sets: int | None) -> Decimal | None:
    """The total of a session. Repetitions are stored for one set, except in the start dose."""
    total = values.number(f"{exercise}.repetitions.total{tail}")
    each = values.number(f"{exercise}.repetitions{tail}")
    if total is not None or each is None:
        return total
    return each if tail == ".start" else each * (sets or 1)
