"""The way so far as one SVG: a panel an exercise and one of morning pain. Shapes and words, not colours alone.

The same values give the same bytes. A FHIR narrative may not hold SVG, so this is a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.insights.dose_history import CompletedSession, DoseHistory, ExerciseHistory
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.xhtml import escaped

WIDTH, LEFT, RIGHT, PANEL, TOP, GAP = 760, 70, 20, 150, 88, 56
PAIN_MAX = Decimal(10)
UNITS = {"{repetitions}": "repetitions"}
CLASSES = {
    SessionClass.T: "tolerated", SessionClass.M: "marginal", SessionClass.X: "not tolerated",
    SessionClass.N: "not evaluable",
}  # fmt: skip
LEGEND = (
    "Filled dot: tolerated. Ring: marginal. Cross: not tolerated. Small dot: not evaluable.",
    "Bar: planned. Dashed line: goal or pain limit. Dotted line: a decision.",
)
STYLE = (
    "text{font:13px sans-serif;fill:#111}.t{font-weight:bold}.a{stroke:#777;stroke-width:1}"
    ".p{stroke:#999;stroke-width:4}"
    ".g{stroke:#1b5faa;stroke-width:2;stroke-dasharray:6 4}.l{stroke:#111;stroke-width:1.5;fill:none}"
    ".m{stroke:#111;stroke-width:1;stroke-dasharray:1 4}"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a panel lies: its upper edge, the days from left to right, and the value of its upper edge."""

    top: int
    first: date
    days: int
    most: Decimal

    @property
    def last(self) -> date:
        """The day at the right edge."""
        return self.first + timedelta(days=self.days)

    def x(self, day: date) -> int:
        """The place of a day."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days // self.days

    def y(self, value: Decimal) -> int:
        """The place of a value, to whole points."""
        return self.top + PANEL - int(PANEL * value / self.most)


def chart(found: DoseHistory, book: Rulebook) -> str:
    """The picture as text of an SVG file, with a title and a description that say the same in words."""
    days = max((found.today - found.first).days, 1)
    panels = [*(_tracks(found, book, days)), _pain(found, days)]
    height = TOP + len(panels) * (PANEL + GAP)
    parts = (*(_told(track, book) for track in found.tracks), _pain_told(found), _decided(found))
    said = " ".join(part for part in parts if part)
    body = "\n".join(line for panel in panels for line in panel)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}">\n<title id="title">The way so far</title>\n'
        f'<desc id="desc">{escaped(said)}</desc>\n<style>{STYLE}</style>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n'
        f'<text x="{LEFT}" y="20" class="t">The way so far, {found.first} to {found.today}</text>\n'
        f'<text x="{LEFT}" y="38">{LEGEND[0]}</text>\n<text x="{LEFT}" y="55">{LEGEND[1]}</text>\n{body}\n</svg>\n'
    )


def _tracks(found: DoseHistory, book: Rulebook, days: int) -> Iterator[list[str]]:
    for index, track in enumerate(found.tracks):
        amounts = [v for s in track.sessions for v in (s.done, s.prescribed) if v is not None]
        most = max((*amounts, track.goal or Decimal(1), Decimal(1)))
        frame = Frame(TOP + index * (PANEL + GAP), found.first, days, most)
        unit = UNITS.get(track.unit, track.unit)
        lines = [*_axes(frame, f"{_name(track, book)}, {unit} a session")]
        if track.goal is not None:
            lines.append(_level(frame, track.goal, f"goal {plain_number(track.goal)}"))
        lines += [shape for session in track.sessions for shape in _session(frame, session)]
        yield [*lines, *_milestones(found, frame)]


def _pain(found: DoseHistory, days: int) -> list[str]:
    frame = Frame(TOP + len(found.tracks) * (PANEL + GAP), found.first, days, PAIN_MAX)
    points = " ".join(f"{frame.x(day)},{frame.y(value)}" for day, value in found.pain)
    dots = [f'<circle cx="{frame.x(day)}" cy="{frame.y(value)}" r="2"/>' for day, value in found.pain]
    level = _level(frame, found.ceiling, f"limit {plain_number(found.ceiling)}")
    return [*_axes(frame, "Morning pain, 0 to 10"), level, f'<polyline class="l" points="{points}"/>', *dots]


def _axes(frame: Frame, title: str) -> Iterator[str]:
    low, right = frame.top + PANEL, WIDTH - RIGHT
    yield f'<text x="{LEFT}" y="{frame.top - 8}" class="t">{escaped(title)}</text>'
    yield f'<line class="a" x1="{LEFT}" y1="{frame.top}" x2="{LEFT}" y2="{low}"/>'
    yield f'<line class="a" x1="{LEFT}" y1="{low}" x2="{right}" y2="{low}"/>'
    yield f'<text x="{LEFT - 8}" y="{frame.top + 5}" text-anchor="end">{plain_number(frame.most)}</text>'
    yield f'<text x="{LEFT - 8}" y="{low + 4}" text-anchor="end">0</text>'
    yield f'<text x="{LEFT}" y="{low + 16}">{frame.first}</text>'
    yield f'<text x="{right}" y="{low + 16}" text-anchor="end">{frame.last}</text>'


def _level(frame: Frame, value: Decimal, words: str) -> str:
    y, right = frame.y(value), WIDTH - RIGHT
    line = f'<line class="g" x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}"/>'
    return f'{line}<text x="{right}" y="{y - 4}" text-anchor="end">{escaped(words)}</text>'


def _session(frame: Frame, session: CompletedSession) -> Iterator[str]:
    x, y = frame.x(session.day), frame.y(session.done)
    if session.prescribed is not None:
        asked = frame.y(session.prescribed)
        yield f'<line class="p" x1="{x - 11}" y1="{asked}" x2="{x + 11}" y2="{asked}"/>'
    yield _mark(x, y, session.klass)


def _mark(x: int, y: int, klass: SessionClass) -> str:
    if klass is SessionClass.T:
        return f'<circle cx="{x}" cy="{y}" r="4.5"/>'
    if klass is SessionClass.M:
        return f'<circle cx="{x}" cy="{y}" r="4.5" fill="#fff" stroke="#111" stroke-width="2"/>'
    if klass is SessionClass.X:
        return f'<path d="M{x - 5} {y - 5}l10 10m0 -10l-10 10" stroke="#111" stroke-width="2.5"/>'
    return f'<circle cx="{x}" cy="{y}" r="1.5"/>'


def _milestones(found: DoseHistory, frame: Frame) -> Iterator[str]:
    """A dotted line on each day on which something was decided."""
    for day in sorted({m.day for m in found.milestones if found.first <= m.day <= found.today}):
        yield f'<line class="m" x1="{frame.x(day)}" y1="{frame.top}" x2="{frame.x(day)}" y2="{frame.top + PANEL}"/>'


def _name(track: ExerciseHistory, book: Rulebook) -> str:
    return book.exercises[track.exercise].display


def _told(track: ExerciseHistory, book: Rulebook) -> str:
    first, last = track.sessions[0], track.sessions[-1]
    unit = UNITS.get(track.unit, track.unit)
    counts = ", ".join(
        f"{count} {words}" for klass, words in CLASSES.items()
        if (count := sum(s.klass is klass for s in track.sessions))
    )  # fmt: skip
    goal = "" if track.goal is None else f", goal {plain_number(track.goal)}"
    return (
        f"{_name(track, book)}: {len(track.sessions)} sessions, {counts}; first {plain_number(first.done)} {unit} on "
        f"{first.day}, last {plain_number(last.done)} on {last.day}{goal}."
    )


def _pain_told(found: DoseHistory) -> str:
    if not found.pain:
        return "Morning pain: no entries."
    values = [value for _, value in found.pain]
    return (
        f"Morning pain: {len(values)} entries from {plain_number(min(values))} to {plain_number(max(values))}, "
        f"the last {plain_number(values[-1])}; limit {plain_number(found.ceiling)}."
    )


def _decided(found: DoseHistory) -> str:
    shown = [f"{m.outcome} on {m.day}" for m in found.milestones if found.first <= m.day <= found.today]
    return f"Decided: {', '.join(shown)}." if shown else ""
