"""Faults of formats: JSON text, and the resources that the service writes."""

from __future__ import annotations

from titrate.messages import Message

# --- JSON -------------------------------------------------------------------------------------------------------------


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


# --- Problems of written resources ------------------------------------------------------------------------------------


class ProblemOfModel(Message, text="not as R4 defines it ({error})"):
    """The R4B model rejects the element; `error` is the kind of fault, never a value."""

    error: str


class ProblemRequired(Message, text="is required"):
    """A required code is missing."""


class ProblemCode(Message, text="holds a code that is not allowed there"):
    """A code outside its required binding."""


class ProblemFloat(Message, text="a number must be a Decimal or a whole number, never a float"):
    """A number that lost its exact digits."""


class ProblemNotFinite(Message, text="a number must be finite"):
    """NaN or infinity."""


class ProblemDate(Message, text="a date must be a full date, with an offset where it has a time"):
    """A partial date or a time without an offset."""


class ProblemEmpty(Message, text="an element must not be empty"):
    """An empty string, list or object."""


class ProblemAddress(Message, text="must be a urn:uuid address"):
    """A fullUrl of another form."""


class ProblemAddressRepeated(Message, text="is used twice"):
    """A fullUrl of two entries."""


class ProblemReference(Message, text="refers to an address that is not in the Bundle"):
    """A urn:uuid reference without its entry."""
