"""Sections as the XHTML that a FHIR Narrative allows: no scripts, styles or links, and every text escaped."""

from __future__ import annotations

import re
from html import escape

from titrate.fhir.narrative.section import Section, Table

NAMESPACE = "http://www.w3.org/1999/xhtml"

# XML 1.0 has no place for these, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def div(sections: tuple[Section, ...]) -> str:
    """The narrative's `div`."""
    body = "".join(_section(section) for section in sections if not section.empty)
    return f'<div xmlns="{NAMESPACE}">{body}</div>'


def _section(section: Section) -> str:
    sentences = "".join(_sentence(sentence, loud=section.loud) for sentence in section.sentences)
    table = _table(section.table) if section.table and section.table.rows else ""
    items = "".join(f"<li>{escaped(item)}</li>" for item in section.items)
    listed = f"<ul>{items}</ul>" if items else ""
    return f"<h2>{escaped(section.title)}</h2>{sentences}{table}{listed}"


def _sentence(sentence: str, *, loud: bool) -> str:
    return f"<p><b>{escaped(sentence)}</b></p>" if loud else f"<p>{escaped(sentence)}</p>"


def _table(table: Table) -> str:
    heading = "".join(f"<th>{escaped(cell)}</th>" for cell in table.heading)
    rows = "".join("<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"


def escaped(words: str) -> str:
    """One text as it may stand between tags."""
    return escape(_FORBIDDEN.sub(" ", words))
