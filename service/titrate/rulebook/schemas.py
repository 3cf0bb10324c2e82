"""The schemas of the mapping files that hold rules. Unknown keys are problems, and a table reports all at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from titrate.clinical.values.quantity import REPETITIONS, known
from titrate.clinical.values.rulebook import Domain, Kind, Urgency
from titrate.messages import Message
from titrate.messages import rulebook_tables as messages

AMOUNT_UNITS = ("min", "s", "m", REPETITIONS)
CAREFUL = ("lower", "higher")
GRADES = ("A", "B", "C", "P")
FILLED = validate.Length(min=1, error=str(messages.TextEmpty()))


def text_field(required: bool = True) -> fields.String:
    """A text that is not empty."""
    return fields.String(required=required, validate=FILLED)


def number_field(required: bool = False) -> fields.Decimal:
    """A finite decimal with its digits as written."""
    return fields.Decimal(required=required, allow_nan=False)


def text_list(required: bool = False, *, filled: bool = False) -> fields.List[str]:
    """A list of texts that are not empty; with `filled` at least one."""
    return fields.List(fields.String(validate=FILLED), required=required, validate=FILLED if filled else None)


def table_of(values: fields.Field[Any]) -> fields.Dict:
    """A required table of values of one kind, by names that are not fixed."""
    return fields.Dict(keys=fields.String(), values=values, required=True)


class TableSchema(Schema):
    """One table of a mapping file. Its problems are sentences of the message catalogue and not marshmallow's."""

    # marshmallow types it as an instance variable.
    error_messages = {"unknown": str(messages.KeyUnknown()), "type": str(messages.NotATable())}  # noqa: RUF012

    class Meta:
        """Unknown keys are errors."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Give the field, its items and its validators the sentences of the catalogue."""
        del field_name
        _use_catalogue(field_obj)


_INVALID: tuple[tuple[type[fields.Field[Any]], Message], ...] = (
    (fields.Integer, messages.WholeNumberExpected()),
    (fields.Number, messages.NumberExpected()),
    (fields.Boolean, messages.TrueOrFalseExpected()),
    (fields.Date, messages.DateExpected()),
    (fields.List, messages.ListExpected()),
    (fields.Mapping, messages.NotATable()),
    (fields.String, messages.TextExpected()),
)
# marshmallow fills in these places.
_CHOICES, _LOW, _HIGH = "{choices}", "{min}", "{max}"


def _use_catalogue(field: fields.Field[Any]) -> None:
    invalid = next((str(message) for kind, message in _INVALID if isinstance(field, kind)), None)
    field.error_messages |= {
        "required": str(messages.KeyRequired()),
        "special": str(messages.NumberNotFinite()),
        "unknown": str(messages.ChoiceExpected(choices=_CHOICES)),
        "type": str(messages.NotATable()),
        **({"invalid": invalid} if invalid else {}),
    }
    for validator in field.validators:
        if isinstance(validator, validate.OneOf):
            validator.error = str(messages.ChoiceExpected(choices=_CHOICES))
        elif isinstance(validator, validate.Range):
            validator.error = str(_range_message(validator))
    for part in ("inner", "field", "key_field", "value_field"):
        inner = getattr(field, part, None)
        if isinstance(inner, fields.Field):
            _use_catalogue(inner)


def _range_message(validator: validate.Range) -> Message:
    if validator.max is not None:
        return messages.NumberNotBetween(low=_LOW, high=_HIGH)
    return messages.NumberTooSmall(low=_LOW) if validator.min_inclusive else messages.NumberNotAbove(low=_LOW)


def _unit(text: str) -> None:
    if not known(text):
        raise ValidationError(str(messages.UnitUnknown()))


class Ranged(TableSchema):
    """A table with `low` and `high`."""

    low = number_field()
    high = number_field()

    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Low, value and high are in ascending order."""
        present = [(name, data[name]) for name in ("low", "value", "high") if isinstance(data.get(name), Decimal)]
        for (lesser, small), (greater, large) in pairwise(present):
            if small > large:
                raise ValidationError(str(messages.RangeOutOfOrder(lesser=lesser, greater=greater)), greater)


class ConstantTable(Ranged):
    """A clinical number."""

    value = number_field(required=True)
    unit = fields.String(required=True, validate=_unit)
    source = text_field()
    grade = fields.String(required=True, validate=validate.OneOf(GRADES))
    careful = fields.String(validate=validate.OneOf(CAREFUL))
    meaning = text_field()


class OverrideTable(TableSchema):
    """A number that a site changed."""

    value = number_field(required=True)
    by = text_field()
    on = fields.Date(required=True)
    why = text_field()


class CodeTable(TableSchema):
    """A code in a system."""

    system = text_field()
    code = text_field()
    display = text_field()


class MeasureTable(Ranged):
    """A measure: something that is reported or observed."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    display = text_field()
    codes = fields.List(fields.Nested(CodeTable), load_default=list)
    unit = fields.String(validate=_unit)
    units = fields.List(fields.String(validate=_unit), load_default=list)
    grid = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    decides = fields.Boolean(load_default=False)
    missing = fields.Boolean(load_default=False)
    items = text_list()
    questions = text_list()
    items_missing = fields.Integer(strict=True, load_default=0, validate=validate.Range(min=0))
    texts = text_field(required=False)
    options = text_list()
    form = fields.Dict(keys=fields.String(), values=fields.String(validate=FILLED), load_default=dict)
    outside = text_field(required=False)
    clinic = text_field(required=False)
    during = text_field(required=False)
    practitioner = fields.Boolean(load_default=False)
    lasting = fields.Boolean(load_default=False)
    panels = fields.List(fields.Nested(CodeTable), load_default=list)
    source = text_field()


class ExerciseTable(TableSchema):
    """An exercise of the library."""

    display = text_field()
    domain = fields.Enum(Domain, by_value=True, required=True)
    amount_unit = fields.String(required=True, validate=validate.OneOf(AMOUNT_UNITS))
    loaded = fields.Boolean(load_default=False)
    increment = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    range_low = fields.Integer(strict=True, validate=validate.Range(min=1))
    range_high = fields.Integer(strict=True, validate=validate.Range(min=1))
    target = fields.Integer(strict=True, validate=validate.Range(min=1))
    tissue = text_field()
    codes = fields.List(fields.Nested(CodeTable), load_default=list)
    instruction = text_field()
    needs = text_list()
    like = text_list()

    @validates_schema(skip_on_field_errors=False)
    def complete(self, data: Mapping[str, Any], **_: Any) -> None:
        """The keys that the kind of exercise needs are present, and the range contains the target."""
        needed = ["increment", "target"] if data.get("loaded") is True else []
        if data.get("amount_unit") == REPETITIONS:
            needed += ["range_low", "range_high"]
        missing = {name: [str(messages.ExerciseKeyRequired())] for name in needed if name not in data}
        present = [data[name] for name in ("range_low", "target", "range_high") if isinstance(data.get(name), int)]
        if present != sorted(present):
            missing["range_high"] = [str(messages.RepetitionsOutOfOrder())]
        if missing:
            raise ValidationError(missing)


class PromptTable(TableSchema):
    """A question for a clinician to ask."""

    display = text_field()
    ask = text_field()
    source = text_field()


class FlagTable(TableSchema):
    """A red flag."""

    urgency = fields.Enum(Urgency, by_value=True, required=True)
    short = fields.Boolean(required=True)
    question = text_field()
    action = text_field()
    source = text_field()


class GroupTable(TableSchema):
    """A group of medicines or diagnoses."""

    display = text_field()
    words = text_list()
    unless = text_list()
    source = text_field()


class MedicineTable(GroupTable):
    """A group of medicines."""

    atc = text_list()
    rxnorm = text_list()


class ConditionTable(GroupTable):
    """A group of diagnoses or procedures."""

    snomed = text_list()
    icd10 = text_list()
    unless_severity = text_list()
    unless_snomed = text_list()
    unless_icd10 = text_list()


class UnitTable(TableSchema):
    """The spellings of one unit."""

    spellings = text_list(required=True, filled=True)


class NegationsTable(TableSchema):
    """Words of one language that negate a phrase."""

    before = denials = between = either = after = unless = contrast = others = text_list(required=True)


class WordsTable(TableSchema):
    """Words to find in free text, and phrases that no text of the service may contain."""

    screen = table_of(table_of(text_list(filled=True)))
    negations = table_of(fields.Nested(NegationsTable))
    alarm = text_list(required=True)
    conflict = text_list(required=True)
    bed = text_list(required=True)
    yes = text_list()
    banned = text_list(required=True)


class AnswersTable(TableSchema):
    """Coded answers of other systems, and the conversion between scales of exertion."""

    numbers = table_of(table_of(number_field()))
    words = table_of(table_of(text_field()))
    texts = table_of(table_of(number_field()))
    rpe = fields.Dict(keys=number_field(), values=fields.Decimal(validate=validate.Range(min=0, max=10)), required=True)


class RulebookTable(TableSchema):
    """The rulebook as a whole."""

    version = text_field()
    basis_date = fields.Date(required=True)
