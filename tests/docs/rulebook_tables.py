"""The tables of docs/rulebook.md from the mappings: numbers with a range, and the hazard log.

`python -m tests.docs.rulebook_tables docs/rulebook.md` writes them between the marks of the page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from titrate.rulebook import ParsedFiles, read_mappings
from titrate.rulebook.hazards import Hazard, Risk, read_hazards

_MARK = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, tables: ParsedFiles, log: tuple[Hazard, ...]) -> str:
    """The page with its tables as the mappings say."""
    made = {"ranges": _ranges(tables), "hazards": _hazards(log), "controls": _controls(log)}
    return _MARK.sub(lambda mark: mark[1] + made[mark[2]] + mark[3], page)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def _ranges(tables: ParsedFiles) -> str:
    rows = (
        (
            f"`{name}`",
            row["meaning"],
            str(row["value"]),
            f"{row['low']} to {row['high']}",
            row.get("careful", "-"),
            row["grade"],
        )
        for name, row in tables.rows("constants.toml").items()
        if "low" in row
    )
    return _table(("number", "what it decides", "value", "range", "careful is", "grade"), rows)


def _hazards(log: tuple[Hazard, ...]) -> str:
    rows = (
        (one.name, one.title, one.cause, one.harm, _risk(one.initial), _risk(one.residual), one.status) for one in log
    )
    return _table(("id", "hazard", "cause", "harm", "before", "after", "status"), rows)


def _risk(risk: Risk) -> str:
    return f"{risk.severity}, {risk.likelihood}: {risk.score}"


def _controls(log: tuple[Hazard, ...]) -> str:
    rows = (
        (one.name, control.what, _listed(control.code), _listed(control.tests))
        for one in log
        for control in one.controls
    )
    return _table(("id", "what is done", "where", "test"), rows)


def _listed(names: tuple[str, ...]) -> str:
    return "<br>".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    shown = filled(target.read_text(encoding="utf-8"), read_mappings().tables, read_hazards())
    target.write_text(shown, encoding="utf-8")
