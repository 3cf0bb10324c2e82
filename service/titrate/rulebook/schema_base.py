"""What the tables of the mapping files are made of: filled texts, decimals, and no unknown key."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

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
