"""A cohort on a terminal, and as a table of a page."""

from __future__ import annotations

from dataclasses import astuple, fields

from titrate.simulation.judge import CHECKS
from titrate.simulation.metrics import Counts, Row, rows
from titrate.simulation.page.html import number, signed
from titrate.simulation.page.report_page import ReportContent

COUNTS = tuple(field.name for field in fields(Counts))
HEAD = ("kind", "people", "first", "last", "change", *COUNTS, "goal", "weeks to goal", "unsafe")


def cells(row: Row) -> tuple[str, ...]:
    """One kind of person, as the heads say."""
    return (
        row.archetype.name,
        str(row.people),
        number(row.first),
        number(row.last),
        signed(row.change),
        *map(str, astuple(row.counts)),
        f"{row.reached}/{row.people}",
        number(row.goal_weeks, 0),
        str(row.unsafe),
    )


def markdown(told: ReportContent) -> str:
    """The table by kind of person."""
    lines = [HEAD, ("---",) * len(HEAD), *(cells(row) for row in rows(told.people))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def in_words(told: ReportContent) -> str:
    """What a terminal shows: the table, the sum of the judge, and every unsafe step."""
    lines = [HEAD, *(cells(row) for row in rows(told.people))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    shown = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    unsafe = [one for one in told.findings if one.unsafe]
    checks = sum(1 for check in CHECKS if check.unsafe)
    judged = sum(told.judged[check.name] for check in CHECKS if check.unsafe)
    return "\n".join(
        [
            *shown,
            "",
            f"{len(unsafe)} unsafe steps found by {checks} checks in {judged} judgements.",
            *(f"  {one.person}, day {one.number}, {one.rule}: {one.check}: {one.words}" for one in unsafe),
        ]
    )
