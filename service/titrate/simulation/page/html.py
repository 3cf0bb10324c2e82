"""Parts of HTML: the style sheet, escaped text, tables with headings, formatted numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import escape

STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 12px 24px 40px; max-width: 1240px; color: #1c2733; background: #fff;
  font: 15px/1.45 system-ui, 'DejaVu Sans', sans-serif; }
h1 { font-size: 24px; margin: 8px 0 4px; color: #0b4f6c; }
h2 { font-size: 19px; margin: 28px 0 6px; color: #0b4f6c; border-top: 1px solid #c3ccd5; padding-top: 14px; }
h3 { font-size: 16px; margin: 16px 0 4px; }
p { margin: 4px 0 8px; max-width: 90ch; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0 14px; font-size: 13.5px; }
caption { text-align: left; padding: 2px 0 5px; color: #3a4754; max-width: 100ch; }
th, td { border: 1px solid #c3ccd5; padding: 3px 7px; text-align: right; vertical-align: top; }
thead th { background: #eef3f7; vertical-align: bottom; } tbody th { text-align: left; font-weight: 600; }
.checks th, .checks td:nth-child(2), .findings th, .weeks th, .findings td, .weeks td { text-align: left; }
.weeks tbody th { text-align: right; }
.weeks td:nth-child(2), .weeks td:nth-child(3) { white-space: nowrap; }
.small { font-size: 12.5px; margin: 2px 0; } .small caption { display: none; }
.strip { font-size: 12px; } .strip td { padding: 1px; text-align: center; }
.strip th { padding: 1px 4px; font-weight: 400; }
.w { display: inline-block; min-width: 17px; padding: 1px 2px; border-radius: 3px; text-align: center; color: #111; }
.w.B { background: #d9d9e8; } .w.P { background: #a9dfb0; } .w.H { background: #f2f2f2; }
.w.I { background: #e3e3e3; }
.w.V { background: #f6e3a1; } .w.E { background: #dcecf8; } .w.L { background: #bfe1f6; } .w.F { background: #f5b7a8; }
.w.R { background: #d6efc2; }
.w.D { background: #f3c98b; } .w.G { background: #e2cdf0; } .w.S { background: #5b1a1a; color: #fff; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13.5px; }
.good { color: #0a5c2b; } .bad { color: #a40000; }
.big { font-size: 18px; margin: 6px 0 10px; }
figure { margin: 6px 0; display: flex; flex-wrap: wrap; gap: 14px; align-items: center; }
svg { width: 420px; max-width: 100%; height: auto; border: 1px solid #dde3e9; background: #fff; }
svg text { font: 11px system-ui, 'DejaVu Sans', sans-serif; fill: #3a4754; } .end { text-anchor: end; }
.mid { text-anchor: middle; }
.grid { stroke: #dde3e9; } path { fill: none; } .one { stroke: #6f8fa6; stroke-width: 1; opacity: .75; }
.middle { stroke: #0b4f6c; stroke-width: 2.6; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 14px; }
a { color: #0b4f6c; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } nav { display: none; }
h2 { break-before: auto; }
  table { font-size: 9.5px; } tr, figure { break-inside: avoid; } .wide { overflow: visible; }
.w { border: 1px solid #999; } }
"""


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
