"""Doses as FHIR says them: a quantity for the session, words for an order, components for the next run."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from titrate.clinical.values.plan import Dose
from titrate.fhir import code_systems
from titrate.fhir.elements import Json
from titrate.fhir.identifiers import plain_number

UNIT_WORDS = {"{repetitions}": "repetitions", "{score}": "points", "d": "days", "1": ""}
PARAMETERS = {"min": "duration", "s": "duration", "m": "distance"}


def quantity(value: Decimal | int, unit: str) -> Json:
    """A UCUM Quantity."""
    return {"value": value, "unit": UNIT_WORDS.get(unit) or unit, "system": code_systems.UCUM, "code": unit}


def dose_words(dose: Dose | None) -> str:
    """A dose as an order says it: `15 min`, `3 x 10 @ 40 kg`."""
    if dose is None:
        return "no session target"
    load = f" @ {plain_number(dose.load)} kg" if dose.load is not None else ""
    if dose.unit != "{repetitions}":
        return f"{plain_number(dose.amount)} {dose.unit}{load}"
    each = each_set(dose)
    if each is not None:
        return f"{dose.sets} x {each}{load}"
    sets = f" in {dose.sets} sets" if dose.sets else ""
    return f"{plain_number(dose.amount)} repetitions{sets}{load}"


def each_set(dose: Dose) -> int | None:
    """Repetitions a set where the total divides evenly, else None."""
    if not dose.sets or dose.amount % dose.sets:
        return None
    return int(dose.amount / dose.sets)


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
