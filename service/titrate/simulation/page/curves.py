"""Dose curves as small drawings, one per archetype, with the numbers in a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from titrate.simulation.metrics import CourseMetrics
from titrate.simulation.page.html import number, table, words

WIDTH, HEIGHT = 360, 170
LEFT, RIGHT, TOP, BOTTOM = 38, 8, 8, 24
MARKS = (0, 4, 8, 13, 20, 26)


def curves(patients: Sequence[CourseMetrics]) -> str:
    """The curves of one archetype: a thin line per patient and a thick one for the median."""
    weeks = len(patients[0].series) - 1
    top = max((amount for one in patients for amount in one.series if amount is not None), default=Decimal(1))
    top = max(Decimal(5), (top / 5).to_integral_value(rounding="ROUND_CEILING") * 5)
    title = f"{patients[0].archetype.title}: minutes of walking a session, week by week"
    lines = "".join(f'<path class="one" d="{_path(one.series, top)}"/>' for one in patients)
    middle = f'<path class="middle" d="{_path(_middle(patients), top)}"/>'
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words(title)}">'
        f"<title>{words(title)}</title>"
        f"{_axes(weeks, top)}{lines}{middle}</svg><figcaption>{_medians(patients)}</figcaption></figure>\n"
    )


def _middle(patients: Sequence[CourseMetrics]) -> list[Decimal | None]:
    """The weekly median over patients with a dose."""
    weeks = zip(*(one.series for one in patients), strict=True)
    return [Decimal(median(known)) if (known := [v for v in week if v is not None]) else None for week in weeks]


def _path(series: Sequence[Decimal | None], top: Decimal) -> str:
    """Steps from week to week, with a gap for weeks without a dose."""
    parts, drawn = [], False
    for week, amount in enumerate(series):
        if amount is None:
            drawn = False
            continue
        x, y = _x(week, len(series) - 1), _y(amount, top)
        parts.append(f"{'H' + number(x) + 'V' + number(y) if drawn else 'M' + number(x) + ' ' + number(y)}")
        drawn = True
    return "".join(parts)


def _x(week: int, weeks: int) -> Decimal:
    return LEFT + Decimal(WIDTH - LEFT - RIGHT) * week / max(1, weeks)


def _y(amount: Decimal, top: Decimal) -> Decimal:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * amount / top


def _axes(weeks: int, top: Decimal) -> str:
    rows = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{number(_y(top * part / 4, top))}" '
        f'y2="{number(_y(top * part / 4, top))}"/>'
        f'<text x="{LEFT - 5}" y="{number(_y(top * part / 4, top) + 4)}" class="end">{number(top * part / 4)}</text>'
        for part in (0, 2, 4)
    )
    marks = "".join(
        f'<text x="{number(_x(week, weeks))}" y="{HEIGHT - 7}" class="mid">{week}</text>'
        for week in MARKS
        if week <= weeks
    )
    return rows + marks


def _medians(patients: Sequence[CourseMetrics]) -> str:
    middle = _middle(patients)
    marks = [week for week in MARKS if week < len(middle)]
    dosed = [sum(1 for one in patients if one.series[week] is not None) for week in marks]
    rows = [
        ["Median, min", *(number(middle[week]) for week in marks)],
        ["With a dose", *(f"{count}/{len(patients)}" for count in dosed)],
    ]
    return table(("Week", *(str(week) for week in marks)), rows, "The same in numbers", "small")
