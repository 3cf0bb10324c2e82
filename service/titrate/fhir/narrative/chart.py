"""The dose history as one SVG file: a panel for each exercise and one for morning pain. No colour alone.

The same values give the same bytes. A FHIR narrative must not contain SVG, so this is a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.insights.dose_history import CompletedSession, DoseHistory, ExerciseHistory
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.quantity import unit_name
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.section import escaped
from titrate.messages import Message
from titrate.messages import progress as texts

_ClassCount = type[texts.CountTolerated | texts.CountMarginal | texts.CountNotTolerated | texts.CountNotEvaluable]
WIDTH, LEFT, RIGHT, PANEL, TOP, GAP = 760, 70, 20, 150, 88, 56
PAIN_MAX = Decimal(10)
CLASS_COUNTS: Mapping[SessionClass, _ClassCount] = {
    SessionClass.T: texts.CountTolerated,
    SessionClass.M: texts.CountMarginal,
    SessionClass.X: texts.CountNotTolerated,
    SessionClass.N: texts.CountNotEvaluable,
}
STYLE = (
    "text{font:13px sans-serif;fill:#111}.t{font-weight:bold}.a{stroke:#777;stroke-width:1}"
    ".p{stroke:#999;stroke-width:4}"
    ".g{stroke:#1b5faa;stroke-width:2;stroke-dasharray:6 4}.l{stroke:#111;stroke-width:1.5;fill:none}"
    ".m{stroke:#111;stroke-width:1;stroke-dasharray:1 4}"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The place and scale of a panel: its upper edge, its days from left to right, and the value of its upper edge."""

    top: int
    first: date
    days: int
    most: Decimal

    @property
    def last(self) -> date:
        """The day at the right edge."""
        return self.first + timedelta(days=self.days)

    def x(self, day: date) -> int:
        """The x coordinate of a day."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days // self.days

    def y(self, value: Decimal) -> int:
        """The y coordinate of a value, in whole points."""
        return self.top + PANEL - int(PANEL * value / self.most)


def chart(history: DoseHistory, book: Rulebook) -> str:
    """The text of an SVG file with a title and a description that give the same information in words."""
    days = max((history.today - history.first).days, 1)
    panels = [*(_tracks(history, book, days)), _pain(history, days)]
    height = TOP + len(panels) * (PANEL + GAP)
    tracks = (_track_summary(track, book) for track in history.tracks)
    description = " ".join(map(str, (*tracks, _pain_summary(history), *_decisions(history))))
    title = texts.ChartTitleWithDays(first=history.first, last=history.today)
    marks, lines = texts.ChartLegendMarks(), texts.ChartLegendLines()
    body = "\n".join(line for panel in panels for line in panel)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}">\n<title id="title">{texts.ChartTitle()}</title>\n'
        f'<desc id="desc">{escaped(description)}</desc>\n<style>{STYLE}</style>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n'
        f'<text x="{LEFT}" y="20" class="t">{title}</text>\n'
        f'<text x="{LEFT}" y="38">{marks}</text>\n<text x="{LEFT}" y="55">{lines}</text>\n{body}\n</svg>\n'
    )


def _tracks(history: DoseHistory, book: Rulebook, days: int) -> Iterator[list[str]]:
    for index, track in enumerate(history.tracks):
        amounts = [v for s in track.sessions for v in (s.done, s.prescribed) if v is not None]
        most = max((*amounts, track.goal or Decimal(1), Decimal(1)))
        frame = Frame(TOP + index * (PANEL + GAP), history.first, days, most)
        title = texts.ChartPanelTitle(exercise=_name(track, book), unit=_unit(track))
        lines = [*_axes(frame, title)]
        if track.goal is not None:
            lines.append(_level(frame, track.goal, texts.ChartGoal(amount=track.goal.normalize())))
        lines += [shape for session in track.sessions for shape in _session(frame, session)]
        yield [*lines, *_milestones(history, frame)]


def _pain(history: DoseHistory, days: int) -> list[str]:
    frame = Frame(TOP + len(history.tracks) * (PANEL + GAP), history.first, days, PAIN_MAX)
    points = " ".join(f"{frame.x(day)},{frame.y(value)}" for day, value in history.pain)
    dots = [f'<circle cx="{frame.x(day)}" cy="{frame.y(value)}" r="2"/>' for day, value in history.pain]
    level = _level(frame, history.ceiling, texts.ChartLimit(limit=history.ceiling.normalize()))
    return [*_axes(frame, texts.ChartPainTitle()), level, f'<polyline class="l" points="{points}"/>', *dots]


def _axes(frame: Frame, title: Message) -> Iterator[str]:
    low, right = frame.top + PANEL, WIDTH - RIGHT
    yield f'<text x="{LEFT}" y="{frame.top - 8}" class="t">{escaped(title)}</text>'
    yield f'<line class="a" x1="{LEFT}" y1="{frame.top}" x2="{LEFT}" y2="{low}"/>'
    yield f'<line class="a" x1="{LEFT}" y1="{low}" x2="{right}" y2="{low}"/>'
    yield f'<text x="{LEFT - 8}" y="{frame.top + 5}" text-anchor="end">{plain_number(frame.most)}</text>'
    yield f'<text x="{LEFT - 8}" y="{low + 4}" text-anchor="end">0</text>'
    yield f'<text x="{LEFT}" y="{low + 16}">{frame.first}</text>'
    yield f'<text x="{right}" y="{low + 16}" text-anchor="end">{frame.last}</text>'


def _level(frame: Frame, value: Decimal, label: Message) -> str:
    y, right = frame.y(value), WIDTH - RIGHT
    line = f'<line class="g" x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}"/>'
    return f'{line}<text x="{right}" y="{y - 4}" text-anchor="end">{escaped(label)}</text>'


def _session(frame: Frame, session: CompletedSession) -> Iterator[str]:
    x, y = frame.x(session.day), frame.y(session.done)
    if session.prescribed is not None:
        planned = frame.y(session.prescribed)
        yield f'<line class="p" x1="{x - 11}" y1="{planned}" x2="{x + 11}" y2="{planned}"/>'
    yield _mark(x, y, session.session_class)


def _mark(x: int, y: int, session_class: SessionClass) -> str:
    if session_class is SessionClass.T:
        return f'<circle cx="{x}" cy="{y}" r="4.5"/>'
    if session_class is SessionClass.M:
        return f'<circle cx="{x}" cy="{y}" r="4.5" fill="#fff" stroke="#111" stroke-width="2"/>'
    if session_class is SessionClass.X:
        return f'<path d="M{x - 5} {y - 5}l10 10m0 -10l-10 10" stroke="#111" stroke-width="2.5"/>'
    return f'<circle cx="{x}" cy="{y}" r="1.5"/>'


def _milestones(history: DoseHistory, frame: Frame) -> Iterator[str]:
    """A dotted line on each day with a decision."""
    for day in sorted({m.day for m in history.milestones if history.first <= m.day <= history.today}):
        yield f'<line class="m" x1="{frame.x(day)}" y1="{frame.top}" x2="{frame.x(day)}" y2="{frame.top + PANEL}"/>'


def _name(track: ExerciseHistory, book: Rulebook) -> str:
    return book.exercises[track.exercise].display


def _unit(track: ExerciseHistory) -> str:
    return unit_name(track.unit)


def _track_summary(track: ExerciseHistory, book: Rulebook) -> Message:
    sessions, first, last = track.sessions, track.sessions[0], track.sessions[-1]
    counts = tuple(
        text(count=count)
        for session_class, text in CLASS_COUNTS.items()
        if (count := sum(s.session_class is session_class for s in sessions))
    )
    summary = texts.ChartTrack(
        exercise=_name(track, book),
        sessions=len(sessions),
        counts=counts,
        first=first.done.normalize(),
        unit=_unit(track),
        first_day=first.day,
        last=last.done.normalize(),
        last_day=last.day,
    )
    if track.goal is None:
        return texts.ChartSentence(track=summary)
    return texts.ChartSentenceWithGoal(track=summary, goal=track.goal.normalize())


def _pain_summary(history: DoseHistory) -> Message:
    if not history.pain:
        return texts.ChartNoPain()
    values = [value for _, value in history.pain]
    return texts.ChartPain(
        entries=len(values),
        low=min(values).normalize(),
        high=max(values).normalize(),
        last=values[-1].normalize(),
        limit=history.ceiling.normalize(),
    )


def _decisions(history: DoseHistory) -> Iterator[Message]:
    decisions = tuple(
        texts.ChartDecision(outcome=m.outcome, day=m.day)
        for m in history.milestones
        if history.first <= m.day <= history.today
    )
    if decisions:
        yield texts.ChartDecisions(decisions=decisions)
