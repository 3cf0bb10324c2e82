"""What is wrong with one table of a mapping file: its keys, and the type and range of their values."""

from __future__ import annotations

from titrate.messages.message import Message


class SchemaProblem(Message, text="{problem}"):
    """The sentence of a field or a validator of the schema, most of them from the list below."""

    problem: str


class KeyRequired(Message, text="This key is missing: add it"):
    pass


class KeyUnknown(Message, text="There is no such key: remove it or correct the name"):
    pass


class TextExpected(Message, text="This must be text: put it in quotes"):
    pass


class NumberExpected(Message, text="This must be a number, without quotes"):
    pass


class WholeNumberExpected(Message, text="This must be a whole number, without quotes"):
    pass


class NumberNotFinite(Message, text="This must be a number and not nan or inf"):
    pass


class TrueOrFalseExpected(Message, text="This must be true or false"):
    pass


class ListExpected(Message, text="This must be a list: put it in square brackets"):
    pass


class DateExpected(Message, text='This must be a date in quotes, such as "2025-01-13"'):
    pass


class ChoiceExpected(Message, text="Use one of these: {choices}"):
    choices: str


class NumberTooSmall(Message, text="This must be {low} or more"):
    low: str


class NumberNotAbove(Message, text="This must be above {low}"):
    low: str


class NumberNotBetween(Message, text="This must be between {low} and {high}"):
    low: str
    high: str


class NotATable(Message, text="This must be a table: put its name in brackets"):
    pass


class TextEmpty(Message, text="This is empty: fill it in"):
    pass


class UnitUnknown(Message, text="This unit is not on the list of accepted UCUM units: see docs/inputs.md"):
    pass


class RangeOutOfOrder(Message, text="{lesser} is above {greater}: correct one of them"):
    lesser: str
    greater: str


class ExerciseKeyRequired(Message, text="Required for this kind of exercise"):
    pass


class RepetitionsOutOfOrder(Message, text="range_low, target and range_high must be in ascending order: correct them"):
    pass


class ExitConditionAmbiguous(Message, text="A gate has one condition: split it into two gates"):
    pass


class ExitLimitRequired(Message, text="Give at_least or at_most"):
    pass


class ExitStepRequired(Message, text="Give the step"):
    pass
