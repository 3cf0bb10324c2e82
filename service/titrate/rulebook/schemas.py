"""The shape of each mapping file. Unknown keys are mistakes, and every mistake of a table is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from titrate.clinical.values.quantity import known
from titrate.clinical.values.rulebook import Domain, Kind, Urgency

AMOUNT_UNITS = ("min", "s", "m", "{repetitions}")
CAREFUL = ("lower", "higher")
GRADES = ("A", "B", "C", "P")
FILLED = validate.Length(min=1, error="Write something here")


def a_text(required: bool = True) -> fields.String:
    """A text that says something."""
    return fields.String(required=required, validate=FILLED)


def a_number(required: bool = False) -> fields.Decimal:
    """A decimal as written."""
    return fields.Decimal(required=required, allow_nan=False)


def some_texts(required: bool = False, *, filled: bool = False) -> fields.List[str]:
    """A list of texts; `filled`: at least one."""
    return fields.List(fields.String(validate=FILLED), required=required, validate=FILLED if filled else None)


class Table(Schema):
    """One table of a mapping file."""

    class Meta:
        """Unknown keys are refused."""

        unknown = RAISE


def _unit(text: str) -> None:
    if not known(text):
        raise ValidationError("This unit is not on the list of accepted UCUM units: see docs/inputs.md")


class Ranged(Table):
    """A table with `low` and `high`."""

    low = a_number()
    high = a_number()

    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Low, value and high rise."""
        present = [(name, data[name]) for name in ("low", "value", "high") if isinstance(data.get(name), Decimal)]
        for (lesser, small), (greater, large) in pairwise(present):
            if small > large:
                raise ValidationError(f"{lesser} is above {greater}: correct one of them", greater)


class ConstantTable(Ranged):
    """A clinical number."""

    value = a_number(required=True)
    unit = fields.String(required=True, validate=_unit)
    source = a_text()
    grade = fields.String(required=True, validate=validate.OneOf(GRADES))
    careful = fields.String(validate=validate.OneOf(CAREFUL))
    meaning = a_text()


class OverrideTable(Table):
    """A number that a site changed."""

    value = a_number(required=True)
    by = a_text()
    on = fields.Date(required=True)
    why = a_text()


class CodeTable(Table):
    """A code in a system."""

    system = a_text()
    code = a_text()
    display = a_text()


class MeasureTable(Ranged):
    """A thing that can be reported."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    display = a_text()
    codes = fields.List(fields.Nested(CodeTable), load_default=list)
    unit = fields.String(validate=_unit)
    units = fields.List(fields.String(validate=_unit), load_default=list)
    grid = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    decides = fields.Boolean(load_default=False)
    options = some_texts()
    form = fields.Dict(keys=fields.String(), values=fields.String(validate=FILLED), load_default=dict)
    outside = a_text(required=False)
    during = a_text(required=False)
    practitioner = fields.Boolean(load_default=False)
    source = a_text()


class ExerciseTable(Table):
    """An exercise of the library."""

    display = a_text()
    domain = fields.Enum(Domain, by_value=True, required=True)
    amount_unit = fields.String(required=True, validate=validate.OneOf(AMOUNT_UNITS))
    loaded = fields.Boolean(load_default=False)
    increment = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    range_low = fields.Integer(strict=True, validate=validate.Range(min=1))
    range_high = fields.Integer(strict=True, validate=validate.Range(min=1))
    target = fields.Integer(strict=True, validate=validate.Range(min=1))
    tissue = a_text()
    codes = fields.List(fields.Nested(CodeTable), load_default=list)
    instruction = a_text()
    needs = some_texts()
    like = some_texts()

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


class PromptTable(Table):
    """A question for a clinician to ask."""

    display = a_text()
    ask = a_text()
    source = a_text()


class FlagTable(Table):
    """A red flag."""

    urgency = fields.Enum(Urgency, by_value=True, required=True)
    short = fields.Boolean(required=True)
    question = a_text()
    action = a_text()
    source = a_text()


class GroupTable(Table):
    """A group of medicines or diagnoses."""

    display = a_text()
    words = some_texts()
    unless = some_texts()
    source = a_text()


class MedicineTable(GroupTable):
    """A group of medicines."""

    atc = some_texts()
    rxnorm = some_texts()


class ConditionTable(GroupTable):
    """A group of diagnoses or procedures."""

    snomed = some_texts()
    icd10 = some_texts()
    unless_severity = some_texts()
    unless_snomed = some_texts()
    unless_icd10 = some_texts()


class WordsTable(Table):
    """Words that are searched for in free text, and phrases that no text of ours may hold."""

    alarm = some_texts(required=True)
    conflict = some_texts(required=True)
    bed = some_texts(required=True)
    banned = some_texts(required=True)


class AnswersTable(Table):
    """Coded answers of other systems, and the scales of exertion."""

    numbers = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=a_number()), required=True
    )
    words = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=a_text()), required=True)
    rpe = fields.Dict(keys=a_number(), values=fields.Decimal(validate=validate.Range(min=0, max=10)), required=True)


class RulebookTable(Table):
    """The rulebook as a whole."""

    version = a_text()
    basis_date = fields.Date(required=True)
