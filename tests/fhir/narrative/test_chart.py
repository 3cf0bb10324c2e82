"""The chart of the dose history: complete XML, the numbers in words as well, and the same bytes each time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.cli.running import PATIENTS, moment, titrate
from tests.fhir.example import RULEBOOK, WALK
from titrate.clinical.insights.dose_history import CompletedSession, DoseHistory, ExerciseHistory
from titrate.clinical.values.decision import SessionClass
from titrate.fhir.narrative.chart import chart

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2025, 1, 6)


def way(
    *sessions: CompletedSession, goal: str | None = None, pain: tuple[tuple[date, Decimal], ...] = ()
) -> DoseHistory:
    """A dose history with one exercise."""
    track = ExerciseHistory(WALK, "min", sessions, None if goal is None else Decimal(goal))
    return DoseHistory((track,), pain, Decimal(5), (), date(2025, 1, 13))


def done(day: int, amount: str, session_class: SessionClass = SessionClass.T) -> CompletedSession:
    """A session of January; 15 minutes were prescribed."""
    return CompletedSession(date(2025, 1, day), Decimal(amount), Decimal(15), session_class)


def drawn(found: DoseHistory) -> ET.Element:
    """The picture, parsed."""
    return ET.fromstring(chart(found, RULEBOOK))  # noqa: S314 (text of the service)


def test_the_description_covers_what_it_shows() -> None:
    """Title and description for readers who cannot see it, referenced by the image itself."""
    found = drawn(way(done(6, "15"), done(8, "12", SessionClass.X), goal="20", pain=((DAY, Decimal(2)),)))
    assert found.get("role") == "img"
    assert found.get("aria-labelledby") == "title desc"
    description = found.findtext(f"{SVG}desc")
    assert description == (
        "Walking: 2 sessions, 1 tolerated, 1 not tolerated; first 15 min on 2025-01-06, last 12 on 2025-01-08, goal "
        "20. Morning pain: 1 entry from 2 to 2, the last 2; limit 5."
    )


def test_classes_have_shapes_of_their_own() -> None:
    """A dot, a ring, a cross and a small dot: colour is not needed to tell them apart."""
    pictures = {session_class: chart(way(done(6, "15", session_class)), RULEBOOK) for session_class in SessionClass}
    assert len(set(pictures.values())) == 4
    assert "l10 10m0 -10l-10 10" in pictures[SessionClass.X]
    assert 'fill="#fff" stroke="#111"' in pictures[SessionClass.M]


def test_more_is_drawn_higher_and_later_further_right() -> None:
    """Two sessions: the larger one is higher, the later one further right."""
    found = drawn(way(done(6, "5"), done(10, "15")))
    (x1, y1), (x2, y2) = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in found.iter(f"{SVG}circle")]
    assert x1 < x2
    assert y1 > y2


def test_nothing_is_drawn_outside_the_picture() -> None:
    """A goal above every session sets the scale."""
    found = drawn(way(done(6, "5"), done(13, "15"), goal="40"))
    width, height = float(found.get("width", 0)), float(found.get("height", 0))
    places = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in found.iter(f"{SVG}circle")]
    assert places
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


def test_without_any_record_the_chart_is_valid() -> None:
    """One day, no session, no entry."""
    empty = DoseHistory((), (), Decimal(5), (), date(2025, 1, 13))
    assert "no entries" in str(drawn(empty).findtext(f"{SVG}desc"))


def test_the_command_draws_the_same_chart_twice(tmp_path: Path) -> None:
    """Into a file next to the usual output, and alone to standard output."""
    file, target = str(PATIENTS / "function-before-pain" / "bundle.json"), tmp_path / "way.svg"
    words = ("plan", "--bundle", file, "--at", moment("function-before-pain"), "--chart")
    first, alone = titrate(*words, str(target)), titrate(*words, "-")
    assert first.code == alone.code == 0
    assert "D10, progress" in first.out
    assert target.read_text(encoding="utf-8") == alone.out
    assert "goal 20" in alone.out


def test_a_file_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    """The message names the file and contains no patient data."""
    file = str(PATIENTS / "e2-progress" / "bundle.json")
    gone = tmp_path / "nowhere" / "way.svg"
    assert titrate("plan", "--bundle", file, "--at", moment("e2-progress"), "--chart", str(gone)).code == 2
