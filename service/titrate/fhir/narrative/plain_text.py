"""Sections as plain text, for a terminal or a message."""

from __future__ import annotations

from titrate.fhir.narrative.clinician_sections import clinician_sections
from titrate.fhir.narrative.section import Section, Table, Text, Tone
from titrate.fhir.plan_proposal import PlanProposal


def explain(proposal: PlanProposal, *, drafted: bool = True) -> str:
    """The plan and its reasons as plain text, ending with a line break; `drafted` as for `clinician_sections`."""
    return plain_text(clinician_sections(proposal, drafted=drafted))


def plain_text(sections: tuple[Section, ...]) -> str:
    """Sections as plain text, ending with a line break, without empty sections."""
    return "\n\n".join(_section(section) for section in sections if not section.empty) + "\n"


def _section(section: Section) -> str:
    title = str(section.title).upper() if section.tone is Tone.LOUD else str(section.title)
    table = _table(section.table) if section.table and section.table.rows else []
    items = [f"  - {_line(item)}" for item in section.items]
    return "\n".join([title, *(f"  {_line(sentence)}" for sentence in section.sentences), *table, *items])


def _table(table: Table) -> list[str]:
    rows = [tuple(map(_line, row)) for row in (table.heading, *table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.heading))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [f"  {line}".rstrip() for line in padded]


def _line(text: Text) -> str:
    """One line without control characters, which a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in str(text))
