"""Sections as the XHTML that a FHIR Narrative allows: no scripts, styles or links, and all text escaped."""

from __future__ import annotations

import re
from html import escape

from titrate.fhir.narrative.section import Section, Table, Text, Tone

NAMESPACE = "http://www.w3.org/1999/xhtml"

# Characters that XML 1.0 forbids even when escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def div(sections: tuple[Section, ...]) -> str:
    """The `div` of a Narrative."""
    body = "".join(_section(section) for section in sections if not section.empty)
    return f'<div xmlns="{NAMESPACE}">{body}</div>'


def _section(section: Section) -> str:
    sentences = "".join(_sentence(sentence, loud=section.tone is Tone.LOUD) for sentence in section.sentences)
    table = _table(section.table) if section.table and section.table.rows else ""
    items = "".join(f"<li>{escaped(item)}</li>" for item in section.items)
    listed = f"<ul>{items}</ul>" if items else ""
    return f"<h2>{escaped(section.title)}</h2>{sentences}{table}{listed}"


def _sentence(sentence: Text, *, loud: bool) -> str:
    return f"<p><b>{escaped(sentence)}</b></p>" if loud else f"<p>{escaped(sentence)}</p>"


def _table(table: Table) -> str:
    heading = "".join(f"<th>{escaped(cell)}</th>" for cell in table.heading)
    rows = "".join("<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"


def escaped(text: Text) -> str:
    """A text with markup escaped, for use between tags."""
    return escape(_FORBIDDEN.sub(" ", str(text)))
