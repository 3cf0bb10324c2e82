"""The traffic-light card of the mappings with the patient's own numbers: three colours, what to expect, what helps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.record.limits import exertion_cap
from titrate.clinical.values.education_content import CardRow
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.identifiers import plain_number

COLOURS = ("green", "amber", "red")
# A row for a restart, not for a phase: pages add it where a restart is offered.
RESTART_ROW = "starting-again"
# The words around a number of the mappings that go with it where it is unknown.
_USUAL_PAIN = ", about {settle} of 10"


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """The patient's own numbers: pain ceiling, exertion cap, and usual pain where it is known."""

    ceiling: Decimal
    cap: Decimal
    usual: Decimal | None


def card_rows(book: Rulebook, phase: Phase) -> tuple[CardRow, ...]:
    """The rows of the card for a phase, in the order of the mappings."""
    rows = (row for row in book.guidance.card.values() if row.name != RESTART_ROW)
    return tuple(row for row in rows if not row.phases or phase.value in row.phases)


def with_numbers(lines: Iterable[str], book: Rulebook, phase: Phase, numbers: CardNumbers) -> tuple[str, ...]:
    """Lines of the card with the numbers in place. In a flare the lower exertion cap applies."""
    places = {
        "ceiling": plain_number(numbers.ceiling),
        "cap": plain_number(exertion_cap(phase, numbers.cap, book)),
        "settle": "" if numbers.usual is None else plain_number(numbers.usual),
        "carry": plain_number(book.numbers.carry_x),
    }
    return tuple(
        _with_places(line if numbers.usual is not None else line.replace(_USUAL_PAIN, ""), places) for line in lines
    )


def _with_places(line: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        line = line.replace(f"{{{place}}}", value)
    return line
