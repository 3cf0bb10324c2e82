"""The shape of each mapping file. Unknown keys are mistakes, and every mistake of a table is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from titrate.clinical.values.quantity import known
from titrate.clinical.values.rulebook import Domain, Kind, Urgency
from titrate.rulebook.guidance_schemas import PathwayTable
from titrate.rulebook.schema_base import FILLED as _FILLED
from titrate.rulebook.schema_base import GRADES, Table
from titrate.rulebook.schema_base import a_number as _number
from titrate.rulebook.schema_base import a_text as _text
from titrate.rulebook.schema_base import some_texts as _texts

AMOUNT_UNITS = ("min", "s", "m", "{repetitions}")
CAREFUL = ("lower", "higher")


def _unit(text: str) -> None:
    if not known(text):
        raise ValidationError("This unit is not on the list of accepted UCUM units: see docs/inputs.md")


class Ranged(Table):
    """A table with `low` and `high`."""

    low = _number()
    high = _number()

    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Low, value and high rise."""
        present = [(name, data[name]) for name in ("low", "value", "high") if isinstance(data.get(name), Decimal)]
        for (lesser, small), (greater, large) in pairwise(present):
            if small > large:
                raise ValidationError(f"{lesser} is above {greater}: correct one of them", greater)


class ConstantTable(Ranged):
    """A clinical number."""

    value = _number(required=True)
    unit = fields.String(required=True, validate=_unit)
    source = _text()
    grade = fields.String(required=True, validate=validate.OneOf(GRADES))
    careful = fields.String(validate=validate.OneOf(CAREFUL))
    meaning = _text()


class OverrideTable(Table):
    """A number that a site changed."""

    value = _number(required=True)
    by = _text()
    on = fields.Date(required=True)
    why = _text()


class CodeTable(Table):
    """A code in a system."""

    system = _text()
    code = _text()
    display = _text()


class MeasureTable(Ranged):
    """A thing that can be reported."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    display = _text()
    codes = fields.List(fields.Nested(CodeTable), load_default=list)
    unit = fields.String(validate=_unit)
    units = fields.List(fields.String(validate=_unit), load_default=list)
    grid = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    decides = fields.Boolean(load_default=False)
    options = _texts()
    form = fields.Dict(keys=fields.String(), values=fields.String(validate=_FILLED), load_default=dict)
    outside = _text(required=False)
    during = _text(required=False)
    practitioner = fields.Boolean(load_default=False)
    source = _text()


class ExerciseTable(Table):
    """An exercise of the library."""

    display = _text()
    domain = fields.Enum(Domain, by_value=True, required=True)
    amount_unit = fields.String(required=True, validate=validate.OneOf(AMOUNT_UNITS))
    loaded = fields.Boolean(load_default=False)
    increment = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    range_low = fields.Integer(strict=True, validate=validate.Range(min=1))
    range_high = fields.Integer(strict=True, validate=validate.Range(min=1))
    target = fields.Integer(strict=True, validate=validate.Range(min=1))
    tissue = _text()
    codes = fields.List(fields.Nested(CodeTable), load_default=list)
    instruction = _text()
    needs = _texts()
    like = _texts()

    @validates_schema(skip_on_field_errors=False)
    def complete(self, data: Mapping[str, Any], **_: Any) -> None:
        """What a kind of exercise needs is there, and the range holds its target."""
        needed = ["increment", "target"] if data.get("loaded") is True else []
        if data.get("amount_unit") == "{repetitions}":
            needed += ["range_low", "range_high"]
        missing = {name: ["This kind of exercise needs it"] for name in needed if name not in data}
        present = [data[name] for name in ("range_low", "target", "range_high") if isinstance(data.get(name), int)]
        if present != sorted(present):
            missing["range_high"] = ["range_low, target and range_high do not rise: correct them"]
        if missing:
            raise ValidationError(missing)


class ProgrammeExerciseTable(Table):
    """An exercise in a programme."""

    exercise = _text()
    weekly_frequency = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=14))
    sets = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=10))


class ProgrammeTable(PathwayTable):
    """A programme with its texts."""

    name = _text()
    display = _text()
    exercises = fields.List(fields.Nested(ProgrammeExerciseTable), required=True, validate=_FILLED)
    week = _text()
    warm_up = _text()
    cool_down = _text()
    adjuncts = _texts(required=True)
    education = _texts(required=True)
    flare = _texts(required=True)
    stop = fields.List(fields.String(validate=_FILLED), required=True, validate=_FILLED)
    outcomes = _texts(required=True)
    source = _text()


class PromptTable(Table):
    """A question for a clinician to ask."""

    display = _text()
    ask = _text()
    source = _text()


class FlagTable(Table):
    """A red flag."""

    urgency = fields.Enum(Urgency, by_value=True, required=True)
    short = fields.Boolean(required=True)
    question = _text()
    action = _text()
    source = _text()


class GroupTable(Table):
    """A group of medicines or diagnoses."""

    display = _text()
    words = _texts()
    unless = _texts()
    source = _text()


class MedicineTable(GroupTable):
    """A group of medicines."""

    atc = _texts()
    rxnorm = _texts()


class ConditionTable(GroupTable):
    """A group of diagnoses or procedures."""

    snomed = _texts()
    icd10 = _texts()
    unless_severity = _texts()
    unless_snomed = _texts()
    unless_icd10 = _texts()


class WordsTable(Table):
    """Words that are searched for in free text, and phrases that no text of ours may hold."""

    alarm = _texts(required=True)
    conflict = _texts(required=True)
    bed = _texts(required=True)
    banned = _texts(required=True)


class AnswersTable(Table):
    """Coded answers of other systems, and the scales of exertion."""

    numbers = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=_number()), required=True
    )
    words = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=_text()), required=True)
    rpe = fields.Dict(keys=_number(), values=fields.Decimal(validate=validate.Range(min=0, max=10)), required=True)


class RulebookTable(Table):
    """The rulebook as a whole."""

    version = _text()
    basis_date = fields.Date(required=True)
