"""The card of the mappings with a patient's own numbers in it: green, amber, red, how it may feel, what helps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.record.limits import effort_in
from titrate.clinical.values.education_content import CardRow
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.identifiers import plain_number

COLOURS = ("green", "amber", "red")
# Parts that belong to a situation and not to a phase: shown by those who know it.
AGAIN = "starting-again"


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """The patient's own numbers: pain ceiling, exertion cap, and usual pain where it is known."""

    ceiling: Decimal
    cap: Decimal
    usual: Decimal | None


def card_rows(book: Rulebook, phase: Phase) -> tuple[CardRow, ...]:
    """The parts of the card for a phase, in the order of the mappings."""
    rows = (row for row in book.guidance.card.values() if row.name != AGAIN)
    return tuple(row for row in rows if not row.phases or phase.value in row.phases)


def filled(lines: Iterable[str], book: Rulebook, phase: Phase, numbers: CardNumbers) -> tuple[str, ...]:
    """Lines with the numbers in place; in a flare the lower exertion holds."""
    cap = effort_in(phase, numbers.cap, book)
    usual = None if numbers.usual is None else plain_number(numbers.usual)
    return tuple(_filled(line, cap, usual, numbers, book) for line in lines)


def _filled(line: str, cap: Decimal, usual: str | None, numbers: CardNumbers, book: Rulebook) -> str:
    known = line if usual is not None else line.replace(", about {settle} of 10", "")
    places = {
        "ceiling": plain_number(numbers.ceiling), "cap": plain_number(cap), "settle": usual or "",
        "carry": plain_number(book.numbers.carry_x),
    }  # fmt: skip
    for place, value in places.items():
        known = known.replace(f"{{{place}}}", value)
    return known
