"""Which reports are of one bout, and the session that they make together (B13.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from tests.clinical.thresholds.probe import WALK, Case, ago, gate, walks
from tests.courses.build import limit, state
from tests.courses.rulebook import rulebook
from titrate.clinical.values.merged_sessions import bouts_of, merged_sessions, with_heart_rates
from titrate.clinical.values.readings import Measurement, ReadingSource, SessionReported, Source

START = datetime.fromisoformat("2025-01-17T10:00:00+00:00")
NEAR = timedelta(minutes=5)
APP, WATCH = ("https://app.example/id", "1"), ("https://watch.example/id", "1")


def report(start: float, length: float | None = 20, **other: Any) -> SessionReported:
    """A walk that starts the given number of minutes after 10:00; without a length an instant."""
    stamp = {name: other.pop(name) for name in ("identifiers", "preliminary", "entered") if name in other}
    when = START + timedelta(minutes=start)
    until = None if length is None else when + timedelta(minutes=length)
    source = Source(f"Observation/{start}-{other.pop('source', 'app')}")
    return SessionReported("walking", ReadingSource(source, when, until, **stamp), **other)


def count(*reports: SessionReported) -> int:
    """The number of bouts, the same in any order."""
    (found,) = {len(bouts_of(order, NEAR)) for order in permutations(reports)}
    return found


def parts_of(session: SessionReported, *names: str) -> tuple[Any, ...]:
    """Fields of a session by name."""
    return tuple(getattr(session, name) for name in names)


def one(*reports: SessionReported) -> SessionReported:
    """The one session that the reports make."""
    (bout,) = bouts_of(reports, NEAR)
    (session,) = merged_sessions(bout, "min")
    return session


@pytest.mark.parametrize(
    ("reports", "bouts"),
    [
        ((report(0), report(0, source="watch")), 1),
        ((report(0), report(7 / 60), report(14 / 60)), 1),
        ((report(0), report(19)), 1), ((report(0), report(20)), 2), ((report(0), report(21)), 2),
        ((report(0, 60), report(10, 5), report(50, 5)), 1),
        ((report(0, None), report(4, None)), 1), ((report(0, None), report(5, None)), 1),
        ((report(0, None), report(5 + 1 / 60, None)), 2),
        ((report(0, None), report(4, None), report(8, None)), 1), ((report(0, None), report(8, None)), 2),
        ((report(0, 2), report(3, 2)), 1), ((report(0, 2), report(6, 2)), 2),
        ((report(0, 20), report(10, None)), 1), ((report(0, 20), report(20, None)), 1),
        ((report(0, 20), report(20.5, None)), 2),
    ],
)  # fmt: skip
def test_periods_and_starts(reports: tuple[SessionReported, ...], bouts: int) -> None:
    """Overlapping periods, or starts five minutes apart, are one; so is what a third report connects."""
    assert count(*reports) == bouts


def test_another_exercise_is_another_session() -> None:
    """At the same time, too."""
    assert count(report(0), replace(report(0), exercise="cycling")) == 2


@pytest.mark.parametrize(
    ("first", "second", "bouts"),
    [
        ({"sets": 1}, {"sets": 1}, 2), ({"sets": 1}, {}, 1), ({"sets": 3}, {"sets": 3}, 2),
        ({"identifiers": (APP,)}, {"identifiers": (("https://app.example/id", "2"),)}, 2),
        ({"identifiers": (APP,)}, {"identifiers": (APP,)}, 1), ({"identifiers": (APP,)}, {"identifiers": (WATCH,)}, 1),
        ({"identifiers": (APP,)}, {}, 1),
    ],
)  # fmt: skip
def test_separate_bouts(first: dict[str, Any], second: dict[str, Any], bouts: int) -> None:
    """Sets one by one, and bouts of one source with identifiers of their own: two minutes and a pause of one."""
    assert count(report(0, 2, **first), report(3, 2, **second)) == bouts


@pytest.mark.parametrize(("sets", "bouts"), [(1, 2), (3, 1)])
def test_sets_without_a_period(sets: int, bouts: int) -> None:
    """Single sets have a time each; three sets at two moments are one report sent twice."""
    assert count(report(0, None, sets=sets), report(3, None, sets=sets)) == bouts


def test_overlapping_bouts_are_never_separate() -> None:
    """No one does two bouts of one exercise at once, whatever the identifiers say."""
    other = report(1, 2, sets=1, identifiers=(("https://app.example/id", "2"),))
    assert count(report(0, 2, sets=1, identifiers=(APP,)), other) == 1
    instants = [report(0, None, identifiers=(pair,)) for pair in (APP, ("https://app.example/id", "2"))]
    assert count(*instants) == 1


def test_a_report_with_a_date_only() -> None:
    """It may be of any bout of that date, and is not a bout by itself; the time of the other counts."""
    dated = ReadingSource(Source("Observation/date"), datetime.fromisoformat("2025-01-17T00:00:00+00:00"), timed=False)
    whole_day = SessionReported("walking", dated, done=Decimal(10))
    assert count(whole_day, report(0), replace(report(24 * 60), done=Decimal(20))) == 2
    session = one(whole_day, report(0))
    assert (session.stamp.when, session.stamp.end, session.stamp.timed) == (START, START + timedelta(minutes=20), True)


def test_credit_takes_the_least_and_harm_the_greatest() -> None:
    """Amount done and the last set count low; pain, exertion, load, heart rate and answers count high."""
    low = report(0, done=Decimal(19), pain_peak=Decimal(2), rpe=Decimal(3), load=Decimal(5), last_set=9, form="good",
                 talk_test="comfortable", stop_reason="completed", pain_quality="usual", tempo="slower",
                 compensations=("none",), heart_rate=Decimal(90), pain_before=Decimal(1), unit="min")  # fmt: skip
    high = report(1, done=Decimal(20), pain_peak=Decimal(3), rpe=Decimal(4), load=Decimal(6), last_set=10, form="lost",
                  talk_test="equivocal", stop_reason="chest-symptom", pain_quality="sharp", tempo="faster",
                  compensations=("shrug",), heart_rate=Decimal(99), pain_before=Decimal(2), unit="min")  # fmt: skip
    for session in (one(low, high), one(high, low)):
        assert parts_of(session, "done", "done_at_most", "last_set") == (19, 20, 9)
        assert parts_of(session, "pain_before", "pain_peak", "rpe") == (2, 3, 4)
        assert parts_of(session, "load", "heart_rate") == (6, 99)
        assert parts_of(session, "form", "talk_test", "stop_reason") == ("lost", "equivocal", "chest-symptom")
        assert parts_of(session, "pain_quality", "tempo", "compensations") == ("sharp", "faster", ("shrug",))
        assert (session.stamp.when, session.stamp.end) == (START, START + timedelta(minutes=21))
        assert {session.stamp.source, *(session.also or ())} == {low.stamp.source, high.stamp.source}


def test_a_watch_and_a_diary_complete_each_other() -> None:
    """What only one of them knows is kept."""
    watch = report(0, done=Decimal(15), unit="min", heart_rate=Decimal(110), source="watch")
    diary = report(2, pain_peak=Decimal(3), rpe=Decimal(4), done=Decimal(15), unit="min", source="diary")
    session = one(watch, diary)
    assert parts_of(session, "done", "done_at_most", "heart_rate") == (15, None, 110)
    assert parts_of(session, "pain_peak", "rpe") == (3, 4)


def test_amounts_in_several_units() -> None:
    """The unit of the exercise counts, whichever report came first."""
    metres, minutes = report(0, done=Decimal(900), unit="m"), report(1, done=Decimal(15), unit="min")
    for session in (one(metres, minutes), one(minutes, metres)):
        assert parts_of(session, "done", "unit") == (15, "min")


def test_a_preliminary_report_completes_nothing() -> None:
    """It stays beside the final session, at the same time, and may only make its class worse."""
    final, early = report(0, done=Decimal(15)), report(1, pain_peak=Decimal(9), preliminary=True)
    (bout,) = bouts_of((final, early), NEAR)
    session, beside = merged_sessions(bout, "min")
    assert (session.pain_peak, session.stamp.preliminary, beside.stamp.preliminary) == (None, False, True)
    assert (session.stamp.when, session.stamp.end) == (beside.stamp.when, beside.stamp.end)


@pytest.mark.parametrize(
    ("whole", "entered"), [({"pain_peak": Decimal(3), "rpe": Decimal(4)}, 1), ({"pain_peak": Decimal(3)}, 90)]
)
def test_when_it_was_entered(whole: dict[str, Any], entered: int) -> None:
    """By the first report that states what a session is judged by; else by the last."""
    diary = report(0, done=Decimal(15), entered=START + timedelta(hours=1), **whole)
    watch = report(1, done=Decimal(15), entered=START + timedelta(hours=90))
    assert one(diary, watch).stamp.entered == START + timedelta(hours=entered)


def copies(day: date, starts: tuple[int, ...]) -> tuple[SessionReported, ...]:
    """The walk of a day, reported at several times of it, by seconds after the first."""
    (walk,) = walks(((ago(0) - day).days,))
    stamps = [replace(walk.stamp, source=Source(f"Observation/{day}-{at}"),
                      when=walk.stamp.when + timedelta(seconds=at), until=walk.stamp.end + timedelta(seconds=at))
              for at in starts]  # fmt: skip
    return tuple(replace(walk, stamp=stamp) for stamp in stamps)


HOUR = 3600


@pytest.mark.parametrize(
    ("sessions", "passes"),
    [
        (copies(ago(3), (0, 7, 14)), False),
        (copies(ago(3), (0, 2 * HOUR, 4 * HOUR)), False),
        ((*copies(ago(5), (0,)), *copies(ago(3), (0, 2 * HOUR))), True),
        ((*copies(ago(5), (0,)), *copies(ago(3), (0, 2 * HOUR, 4 * HOUR))), True),
        ((*(replace(s, pain_peak=Decimal(9)) for s in copies(ago(5), (0,))),
          *copies(ago(3), (0, 2 * HOUR, 4 * HOUR))), False),
    ],
    ids=["three copies", "three of one date", "two dates", "one date and the newest before", "that one not tolerated"],
)  # fmt: skip
def test_a_rise_needs_sessions_on_two_dates(sessions: tuple[SessionReported, ...], passes: bool) -> None:
    """Three sessions of one date are judged with the newest of an earlier date (B12.2)."""
    states = (state("walking", WALK, 3, ago(14)),)
    assert gate(Case(states=states, sessions=sessions).run(rulebook()), "G4") is passes


def pulse(at: float, value: int, length: float | None = None) -> Measurement:
    """A heart rate that was measured the given number of minutes after 10:00."""
    when = START + timedelta(minutes=at)
    until = None if length is None else when + timedelta(minutes=length)
    return Measurement("heart-rate", Decimal(value), ReadingSource(Source(f"Observation/hr-{at}"), when, until))


@pytest.mark.parametrize(
    ("rates", "own", "highest"),
    [
        ((), 110, 110), ((), None, None), ((pulse(0, 150),), None, 150), ((pulse(20, 150),), None, 150),
        ((pulse(-1, 150),), None, None), ((pulse(20.5, 150),), None, None), ((pulse(10, 150),), 110, 150),
        ((pulse(10, 100),), 110, 110), ((pulse(5, 120), pulse(15, 140)), None, 140),
        ((pulse(15, 140, 5),), None, 140), ((pulse(15, 140, 6),), None, None),
    ],
)  # fmt: skip
def test_heart_rates_within_the_period(rates: tuple[Measurement, ...], own: int | None, highest: int | None) -> None:
    """Its component, or any measurement from its start to its end, both included: the highest (B13.3)."""
    session = report(0, heart_rate=None if own is None else Decimal(own))
    assert with_heart_rates(session, rates).heart_rate == highest


def test_without_a_period_only_the_component_counts() -> None:
    """A moment holds no measurement."""
    assert with_heart_rates(report(0, None), [pulse(0, 150)]).heart_rate is None


@pytest.mark.parametrize(("value", "passes"), [(120, True), (121, False)])
def test_a_heart_rate_apart_counts_for_g13(value: int, passes: bool) -> None:
    """As a watch sends it: above the clinician's limit nothing rises, whatever the report of the session says."""
    (walk,) = walks((3,))
    rate = Measurement("heart-rate", Decimal(value), replace(walk.stamp, until=None), exercising=True)
    case = Case(more=(rate, limit("heart-rate-limit", 120, ago(9))))
    assert gate(case.run(rulebook()), "G13") is passes


def test_a_heart_rate_apart_contradicts_the_exertion() -> None:
    """Very easy at a rate of 200 cannot both be true."""
    easy = replace(walks((3,))[0], rpe=Decimal(1))
    rate = Measurement("heart-rate", Decimal(200), replace(easy.stamp, until=None), exercising=True)
    assert Case(sessions=(easy,), more=(rate,)).run(rulebook()).assessment.conflicts != ()
