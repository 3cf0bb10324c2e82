"""The intake summary: which days, ratings and reports it uses, and their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.clinical.pictures import picture, record_of
from tests.clinical.thresholds.probe import Case, ago, pain, walks
from tests.courses.build import measured, mornings, on, trial
from titrate.clinical.insights.performance import Factor, capabilities, factors
from titrate.clinical.insights.symptom_behaviour import PainProfile, pain_profile
from titrate.clinical.values.readings import Measurement, Reading, SessionReported, TrialReported
from titrate.messages.insights import SessionNotTolerated, StoppedForSymptom


def not_final(reported: Measurement) -> Measurement:
    """The same reading, preliminary."""
    return replace(reported, stamp=replace(reported.stamp, preliminary=True))


def unsure(reported: TrialReported) -> TrialReported:
    """The same trial, preliminary."""
    return replace(reported, stamp=replace(reported.stamp, preliminary=True))


def profile(
    *days: Reading, walk_sessions: tuple[SessionReported, ...] = (), more: tuple[Reading, ...] = ()
) -> PainProfile:
    """Pain behaviour with these mornings, walks and other readings."""
    return pain_profile(picture(Case(days=days, sessions=walk_sessions, more=more)))


def spread(found: PainProfile) -> list[Decimal | None]:
    """The lowest and the highest of the mornings, and their difference."""
    return [found.lowest, found.highest, found.spread]


def test_mornings_of_the_last_14_days_count() -> None:
    """9 was 15 days ago, 1 is not final; the 14th day and today count."""
    days = (
        pain(15, 9),
        pain(14, 3),
        pain(8, 7),
        not_final(pain(6, 1)),
        not_final(pain(5, 10)),
        pain(0, 4),
    )
    assert spread(profile(*days)) == [3, 7, 4]
    assert spread(profile(pain(14, 3))) == [3, 3, 0]
    assert spread(profile(pain(15, 3))) == [None, None, None]


def test_ratings_at_other_times_of_these_days_have_a_mean() -> None:
    """(2 + 7) / 2; older and preliminary ratings are left out."""
    reported = [measured("pain-other", v, on(ago(d))) for d, v in ((15, 10), (14, 2), (3, 7))]
    assert profile(more=(*reported, not_final(measured("pain-other", 0, on(ago(2)))))).other_times == Decimal("4.5")
    assert profile(more=(reported[0],)).other_times is None


def walk(days: int, before: int | None, peak: int | None) -> SessionReported:
    """A walk the given number of days ago."""
    values = [None if v is None else Decimal(v) for v in (before, peak)]
    return replace(walks((days,))[0], pain_before=values[0], pain_peak=values[1])


def test_the_rise_is_of_sessions_with_both_ratings() -> None:
    """(1 + 4) / 2; 15 days ago is too old, and one rating of a pair is not enough."""
    walk_sessions = (walk(15, 0, 9), walk(14, 2, 3), walk(9, None, 9), walk(7, 1, None), walk(5, 1, 5))
    assert profile(walk_sessions=walk_sessions).rise == Decimal("2.5")
    assert profile(walk_sessions=(walk(15, 0, 9), walk(9, None, 9))).rise is None


def test_a_session_has_settled_where_the_next_morning_is_as_usual() -> None:
    """Usual pain 2: mornings of 2, 3 and 1 after walks; the last has no rating, the first is too old."""
    nights = {8: 3, 6: 1, 3: None}
    days = [r for d in range(40, 0, -1) for r in mornings(ago(d), [nights.get(d, 2)], fatigue=3)]
    walk_sessions = tuple(walks((15, 14, 9, 7, 4)))
    found = profile(*days, walk_sessions=walk_sessions)
    assert found.usual == 2
    assert (found.settled, found.followed) == (2, 3)


def scores(found: PainProfile) -> list[Decimal | None]:
    """The four scores of one rating each."""
    return [found.now, found.average, found.worst, found.sensitisation]


def test_newest_scores_count() -> None:
    """Now, average, worst, and sensitisation; None where unknown."""
    names = ("pain-now", "pain-average", "pain-worst", "csi")
    reported = [measured(name, 3 + n, on(ago(4))) for n, name in enumerate(names)]
    old = [measured(name, 9, on(ago(9))) for name in names]
    assert scores(profile(more=(*old, *reported))) == [3, 4, 5, 6]
    assert scores(profile()) == [None] * 4


def test_trials_are_the_newest_final_ones_of_the_library_by_name() -> None:
    """By domain and name; preliminary trials and exercises outside the library are left out."""
    tried = [
        trial("walking", ago(9), 20, "min"),
        trial("walking", ago(3), 12, "min"),
        unsure(trial("walking", ago(2), 30, "min")),
        trial("cycling", ago(4), 8, "min"),
        unsure(trial("leg-press", ago(4), 8, "{repetitions}")),
        trial("juggling", ago(4), 8, "min"),
    ]
    found = capabilities(record_of(Case(more=tuple(tried))))
    assert [(c.what, int(c.value), c.day) for c in found] == [
        ("trial.cycling", 8, ago(4)),
        ("trial.walking", 12, ago(3)),
    ]


def reported(*walk_sessions: SessionReported, more: tuple[Reading, ...] = ()) -> tuple[Factor, ...]:
    """Limiting and provoking factors."""
    return factors(picture(Case(sessions=walk_sessions, more=more)))


def stopped(days: int, reason: str = "completed", quality: str | None = None) -> SessionReported:
    """A walk that was stopped for this reason."""
    return replace(walks((days,))[0], stop_reason=reason, pain_quality=quality)


@pytest.mark.parametrize("reason", ["pain", "fatigue", "breathless", "dizzy", "chest-symptom"])
def test_a_symptom_that_stops_a_session_is_a_factor(reason: str) -> None:
    """Lack of time and other reasons do not count."""
    assert Factor("walking", StoppedForSymptom(symptom=reason), 1, ago(3)) in reported(stopped(3, reason))
    assert not [f for f in reported(stopped(3, "time"), stopped(5, "completed")) if str(f.factor).startswith("stopped")]


def test_pain_of_another_kind_is_a_factor() -> None:
    """Usual pain does not count, and neither does an absent report."""
    found = reported(stopped(7, quality="sharp"), stopped(5, quality="usual"), stopped(3))
    assert [str(f.factor) for f in found if str(f.factor).endswith(" pain")] == ["sharp pain"]


@pytest.mark.parametrize(("symptom", "expected"), [("pain", ["limited by pain"]), ("none", []), (None, [])])
def test_a_symptom_that_limits_a_trial_is_a_factor(symptom: str | None, expected: list[str]) -> None:
    """With its exercise and day."""
    tried = replace(trial("cycling", ago(4), 8, "min"), limiting_symptom=symptom)
    found = reported(more=(tried,))
    assert [str(f.factor) for f in found if f.exercise == "cycling"] == expected


def test_factors_are_sorted_by_frequency_and_name() -> None:
    """Each with its own count and last day."""
    tried = [replace(trial(e, ago(9), 8, "min"), limiting_symptom="pain") for e in ("rowing", "cycling")]
    walk_sessions = (stopped(9, "dizzy"), stopped(7, "pain"), stopped(5, "pain"), stopped(3, quality="sharp"))
    found = [f for f in reported(*walk_sessions, more=tuple(tried)) if f.factor != SessionNotTolerated()]
    assert [(f.exercise, str(f.factor), f.times, f.last) for f in found] == [
        ("walking", "stopped for pain", 2, ago(5)), ("cycling", "limited by pain", 1, ago(9)),
        ("rowing", "limited by pain", 1, ago(9)), ("walking", "sharp pain", 1, ago(3)),
        ("walking", "stopped for dizzy", 1, ago(9)),
    ]  # fmt: skip


def test_a_session_that_was_not_tolerated_is_a_factor() -> None:
    """Named by its exercise."""
    hurt = replace(walks((3,))[0], pain_peak=Decimal(7))
    expected: tuple[str, str, int, date] = ("walking", "not tolerated", 1, ago(3))
    assert [(f.exercise, str(f.factor), f.times, f.last) for f in reported(walks((5,))[0], hurt)] == [expected]
