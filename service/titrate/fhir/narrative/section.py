"""The form of the prose: sections of sentences, lists and tables, without markup."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from titrate.messages import Message

# A message of the catalogue, or a text of the mappings, the patient or the EHR.
Text = Message | str


class Tone(StrEnum):
    """How a section stands out: what a reader must see first, and the three parts of the card."""

    PLAIN = ""
    LOUD = "loud"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading row; every row has as many cells as the heading."""

    heading: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part: sentences first, then a table, then a list."""

    title: Text
    sentences: tuple[Text, ...] = ()
    table: Table | None = None
    items: tuple[Text, ...] = ()
    tone: Tone = Tone.PLAIN

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.sentences or self.items or (self.table and self.table.rows))
