"""Sections as one HTML page for print and screen: large type, no scripts, no external resources, all text escaped."""

from __future__ import annotations

from titrate.fhir.narrative.section import Section, Table, Text
from titrate.fhir.narrative.xhtml import escaped

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


def html_page(sections: tuple[Section, ...], language: str = "en") -> str:
    """The page. The title of the first section is the title of the page."""
    shown = [section for section in sections if not section.empty]
    title = escaped(shown[0].title)
    body = "\n".join(_part(section, 1 if index == 0 else 2) for index, section in enumerate(shown))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _part(section: Section, level: int) -> str:
    mark = f' class="{section.tone}"' if section.tone else ""
    sentences = "".join(f"<p>{escaped(sentence)}</p>" for sentence in section.sentences)
    table = _table(section.table) if section.table and section.table.rows else ""
    items = "".join(f"<li>{escaped(item)}</li>" for item in section.items)
    listed = f"<ul>{items}</ul>" if items else ""
    return f"<section{mark}><h{level}>{escaped(section.title)}</h{level}>{sentences}{table}{listed}</section>"


def _table(table: Table) -> str:
    heading = "".join(f'<th scope="col">{escaped(cell)}</th>' for cell in table.heading)
    rows = "".join(_row(row) for row in table.rows)
    return f"<table><thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: tuple[Text, ...]) -> str:
    first, *others = row
    cells = "".join(f"<td>{escaped(cell)}</td>" for cell in others)
    return f'<tr><th scope="row">{escaped(first)}</th>{cells}</tr>'
