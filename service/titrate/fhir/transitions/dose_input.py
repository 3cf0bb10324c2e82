"""A dose as a clinician types it: `14`, `14 min`, `3x10`, `3x10@42`, `@42`. Only unambiguous input counts."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from titrate.clinical.values.plan import Dose
from titrate.clinical.values.rulebook import Exercise
from titrate.fhir.plan_state.service_requests import WORDS
from titrate.messages import Message
from titrate.messages.plan_decisions import DoseAmountExpected, DoseSetsExpected, DoseSetsWithLoadExpected

_KILOGRAMS = r"@\s*(?P<load>\d{1,3}(?:\.\d{1,2})?)\s*(?:kg)?"
_SETS = re.compile(rf"(?P<sets>\d{{1,2}})\s*[x\N{{MULTIPLICATION SIGN}}]\s*(?P<each>\d{{1,3}})(?:\s*{_KILOGRAMS})?")
_LOAD = re.compile(_KILOGRAMS)
_AMOUNT = re.compile(r"(?P<amount>\d{1,5}(?:\.\d{1,2})?)\s*(?P<unit>[a-z{}]*)")


class InvalidDose(ValueError):
    """The text is not a dose of this exercise; the message gives an example of one."""


def parse_dose(typed: str, exercise: Exercise, drafted: Dose | None) -> Dose:
    """The dose, in the exercise's unit; what is not typed (sets, load) stays as drafted. Raises InvalidDose."""
    words = typed.strip().lower()
    dose = _sets(words, exercise, drafted) or _load(words, drafted) or _amount(words, exercise, drafted)
    if dose is None or dose.amount <= 0 or (dose.load is not None and dose.load <= 0):
        raise InvalidDose(str(_expected(exercise)))
    return dose


def _sets(words: str, exercise: Exercise, drafted: Dose | None) -> Dose | None:
    found = _SETS.fullmatch(words)
    if found is None or exercise.amount_unit != "{repetitions}":
        return None
    load = Decimal(found["load"]) if found["load"] else drafted.load if drafted else None
    return Dose(Decimal(int(found["sets"]) * int(found["each"])), "{repetitions}", int(found["sets"]), load)


def _load(words: str, drafted: Dose | None) -> Dose | None:
    found = _LOAD.fullmatch(words)
    return replace(drafted, load=Decimal(found["load"])) if found and drafted and drafted.load is not None else None


def _amount(words: str, exercise: Exercise, drafted: Dose | None) -> Dose | None:
    """An amount of a session. A total of repetitions must fall into the drafted sets without a rest."""
    found = _AMOUNT.fullmatch(words)
    if found is None or WORDS.get(found["unit"], found["unit"]) not in ("", exercise.amount_unit):
        return None
    amount = Decimal(found["amount"])
    if exercise.amount_unit == "{repetitions}" and (drafted is None or amount % (drafted.sets or 1)):
        return None
    return replace(drafted, amount=amount) if drafted else Dose(amount, exercise.amount_unit)


def _expected(exercise: Exercise) -> Message:
    if exercise.amount_unit != "{repetitions}":
        return DoseAmountExpected(exercise=exercise.code, unit=exercise.amount_unit)
    if exercise.loaded:
        return DoseSetsWithLoadExpected(exercise=exercise.code)
    return DoseSetsExpected(exercise=exercise.code)
