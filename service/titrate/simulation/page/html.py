"""Parts of HTML: escaped text, tables with headings, formatted numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape


def words(value: object) -> str:
    """Escaped text."""
    return escape(str(value), quote=True)


def number(value: Decimal | int | None, places: int = 1) -> str:
    """A number without trailing zeros; a dash for None."""
    if value is None:
        return "–"
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(value: Decimal | None) -> str:
    """A whole number of percent with its sign."""
    if value is None:
        return "–"
    text = number(value, 0)
    return f"+{text} %" if value > 0 and text != "0" else f"{text.replace('-', '−')} %"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str, kind: str = "") -> str:
    """A table with a caption; the first cell of each row is its heading. Cells are HTML already."""
    top = "".join(f'<th scope="col">{words(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>\n' for row in rows
    )
    name = f' class="{kind}"' if kind else ""
    return (
        f'<div class="wide"><table{name}><caption>{words(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )
