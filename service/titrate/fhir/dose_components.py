"""One dose in the decision record: its components by exercise, parameter and role. Only decision_record uses them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from titrate.clinical.values.plan import Dose
from titrate.clinical.values.quantity import REPETITIONS
from titrate.fhir.component_values import ComponentValues
from titrate.fhir.doses import each_set, quantity
from titrate.fhir.elements import Json

PARAMETERS = {"min": "duration", "s": "duration", "m": "distance"}


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
