"""What a reader reports: refused records and values, unreadable JSON and Bundles, and problems of written resources."""

from __future__ import annotations

from titrate.messages import Message

# --- JSON -----------------------------------------------------------------------------------------------------------


class JsonSyntax(Message, text="Not valid JSON ({fault}): correct it, at line {line}, column {column}"):
    """The text breaks the grammar of JSON. `fault` is the parser's wording, which never quotes the text."""

    fault: str
    line: int
    column: int


class JsonNotUtf8(Message, text="Not UTF-8: FHIR JSON is always UTF-8, at line {line}, column {column}"):
    """The bytes are no UTF-8 text."""

    line: int
    column: int


class JsonTooLarge(Message, text="JSON is larger than {limit} bytes: send fewer resources at once"):
    """The text has more bytes than the caller accepts."""

    limit: int


class JsonTooDeep(Message, text="JSON is nested deeper than {limit} levels"):
    """Objects and lists are nested deeper than the caller accepts."""

    limit: int


class JsonNumberTooLong(Message, text="A number has more than {limit} digits"):
    """A number has more digits, or a larger exponent, than the caller accepts."""

    limit: int


class JsonNotANumber(Message, text="{literal} is not a JSON number: leave the value out and give a dataAbsentReason"):
    """`NaN` or `Infinity`, which some programs write and JSON does not allow."""

    literal: str


class JsonRepeatedKey(Message, text="{key} is given twice in one object: only one of them can be meant"):
    """One object has a key twice; `key` is the key, or `a key` where it could hold patient data."""

    key: str


class JsonNotAnObject(Message, text="Not a JSON object: send one resource in braces"):
    """The JSON value is a list, a string or another scalar."""


# --- Units ------------------------------------------------------------------------------------------------------------


class UnitNotConvertible(Message, text="The unit does not convert to {unit}: send the value in {unit}"):
    """The unit is unknown or measures another kind of quantity than `unit`."""

    unit: str


# --- Typed doses ------------------------------------------------------------------------------------------------------


class DoseAmountExpected(Message, text="{exercise}: write an amount of a session in {unit}, such as {exercise}=12"):
    """The typed text is not an amount of an exercise that is dosed in time or distance."""

    exercise: str
    unit: str


class DoseSetsExpected(Message, text="{exercise}: write sets x repetitions, such as {exercise}=2x8"):
    """The typed text is not a dose of an exercise that is dosed in repetitions."""

    exercise: str


class DoseSetsAndLoadExpected(
    Message, text="{exercise}: write sets x repetitions, such as {exercise}=2x8@20 for 20 kg"
):
    """The typed text is not a dose of an exercise that is dosed in repetitions with a load."""

    exercise: str
