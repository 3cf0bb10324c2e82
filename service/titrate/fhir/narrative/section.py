"""Sections of sentences, lists and tables: as XHTML of a FHIR Narrative with its banner, HTML page or plain text.

No scripts and no external resources, and all text is escaped. In a Narrative, no styles or links either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from titrate.fhir.elements import Json, Resource, part
from titrate.messages import Message

# A message of the catalogue, or a text of the mappings, the patient or the EHR.
Text = Message | str
NAMESPACE = "http://www.w3.org/1999/xhtml"
# Characters that XML 1.0 forbids even when escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Colour is redundant: each part of the card also names its colour and has its own border.
STYLE = """
html { font: 20px/1.5 system-ui, sans-serif; color: #111; background: #fff; }
body { max-width: 38em; margin: 1.5em auto; padding: 0 1em; }
h1 { font-size: 1.7em; line-height: 1.2; } h2 { font-size: 1.25em; margin: 1.4em 0 0.3em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #555; padding: 0.35em 0.5em; text-align: left; }
li { margin: 0.25em 0; }
.green, .amber, .red, .loud { padding: 0.1em 1em 0.6em; margin: 1em 0; break-inside: avoid; }
.green { border-left: 12px solid #1b7f3b; } .amber { border-left: 12px double #b26a00; }
.red, .loud { border: 3px solid #b00020; border-left-width: 12px; }
@media print { html { font-size: 16pt; } body { margin: 0; max-width: none; } }
"""


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


def html_page(sections: tuple[Section, ...], language: str = "en") -> str:
    """The page. The title of the first section is the title of the page."""
    shown = [section for section in sections if not section.empty]
    title = escaped(shown[0].title)
    body = "\n".join(_page_section(section, 1 if index == 0 else 2) for index, section in enumerate(shown))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _page_section(section: Section, level: int) -> str:
    mark = f' class="{section.tone}"' if section.tone else ""
    sentences = "".join(f"<p>{escaped(sentence)}</p>" for sentence in section.sentences)
    table = _page_table(section.table) if section.table and section.table.rows else ""
    items = "".join(f"<li>{escaped(item)}</li>" for item in section.items)
    listed = f"<ul>{items}</ul>" if items else ""
    return f"<section{mark}><h{level}>{escaped(section.title)}</h{level}>{sentences}{table}{listed}</section>"


def _page_table(table: Table) -> str:
    heading = "".join(f'<th scope="col">{escaped(cell)}</th>' for cell in table.heading)
    rows = "".join(_page_row(row) for row in table.rows)
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"


def _page_row(row: tuple[Text, ...]) -> str:
    first, *others = row
    cells = "".join(f"<td>{escaped(cell)}</td>" for cell in others)
    return f'<tr><th scope="row">{escaped(first)}</th>{cells}</tr>'


class BannerTitle(StrEnum):
    """The titles that a banner may have; a stored narrative keeps its title, so they never change."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    ON_HOLD = "ON HOLD"
    WITHDRAWN = "WITHDRAWN"
    COMPLETED = "COMPLETED"


_BANNER = re.compile(
    rf"<h2>\s*(?:{'|'.join(BannerTitle)})\s*</h2>\s*<p>\s*<b>[^<]*</b>\s*</p>(?:\s*<p>\s*<i>[^<]*</i>\s*</p>)*"
)


def with_banner(plan: Resource, title: str, sentence: Text, more: tuple[Text, ...] = ()) -> Json | None:
    """The plan's narrative with another banner: a title, a bold sentence, further sentences in italics.

    A narrative without a banner stays as it is. None where the plan has no narrative.
    """
    narrative = dict(part(plan, "text"))
    if not narrative:
        return None
    italics = "".join(f"<p><i>{escaped(line)}</i></p>" for line in more)
    banner = f"<h2>{title}</h2><p><b>{escaped(sentence)}</b></p>{italics}"
    return {**narrative, "div": _BANNER.sub(lambda _: banner, str(narrative.get("div", "")), count=1)}


def plain_text(sections: tuple[Section, ...]) -> str:
    """Sections as plain text, ending with a line break, without empty sections."""
    return "\n\n".join(_text_section(section) for section in sections if not section.empty) + "\n"


def _text_section(section: Section) -> str:
    title = str(section.title).upper() if section.tone is Tone.LOUD else str(section.title)
    table = _text_table(section.table) if section.table and section.table.rows else []
    items = [f"  - {_line(item)}" for item in section.items]
    return "\n".join([title, *(f"  {_line(sentence)}" for sentence in section.sentences), *table, *items])


def _text_table(table: Table) -> list[str]:
    rows = [tuple(map(_line, row)) for row in (table.heading, *table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.heading))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [f"  {line}".rstrip() for line in padded]


def _line(text: Text) -> str:
    """One line without control characters, which a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in str(text))
