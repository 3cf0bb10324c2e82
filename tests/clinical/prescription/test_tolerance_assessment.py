"""The tolerance assessment: its tiers at their limits, and its evidence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import Case, ago, pain, walks
from tests.courses.build import measured, mornings, on
from titrate.clinical.prescription.tolerance_assessment import assess
from titrate.clinical.values.readings import Reading, SessionReported
from titrate.messages import Message
from titrate.messages.record import NoSession

KINDS: dict[str, dict[str, object]] = {
    "T": {}, "M": {"rpe": Decimal(5)}, "X": {"pain_peak": Decimal(6)}, "N": {"pain_peak": None},
}  # fmt: skip


def did(*kinds: str) -> tuple[SessionReported, ...]:
    """Walks of these classes, newest last, two days apart."""
    days = range(2 * len(kinds) + 1, 1, -2)
    return tuple(replace(walks((d,))[0], **KINDS[k]) for d, k in zip(days, kinds, strict=True))  # type: ignore[arg-type]


def tier(sessions: tuple[SessionReported, ...], *lacking: Message, more: tuple[Reading, ...] = ()) -> str:
    """The tier for these sessions."""
    return assess(picture(Case(sessions=sessions, more=more)), lacking).tier


@pytest.mark.parametrize(
    ("kinds", "word"),
    [
        ("TTT", "good"), ("T", "good"), ("XTTT", "good"), ("MTTT", "good"), ("MTT", "moderate"), ("TTM", "moderate"),
        ("TMT", "moderate"), ("XTT", "moderate"), ("MMM", "moderate"), ("XTX", "low"), ("XXT", "low"),
        ("XXTT", "moderate"), ("XXTTT", "good"), ("XXX", "low"), ("", "unknown"), ("N", "unknown"), ("NTN", "good"),
        ("TTTN", "good"),
    ],
)  # fmt: skip
def test_the_last_three_evaluable_sessions(kinds: str, word: str) -> None:
    """Two that were not tolerated are low, one doubt is moderate."""
    assert tier(did(*kinds)) == word


def test_low_comes_before_unknown_and_a_flare_is_low() -> None:
    """Missing data hide no harm."""
    assert tier(did(*"TTT"), NoSession()) == "unknown"
    assert tier(did(*"XTX"), NoSession()) == "low"
    assert tier(did(*"TTT"), more=(pain(2, 6), pain(1, 6))) == "low"
    assert tier((), NoSession(), more=(pain(2, 6), pain(1, 6))) == "low"


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [("2", "2.5", "steady"), ("2", "2.6", "worse"), ("2.5", "2", "steady"), ("2.6", "2", "better"),
     ("2", "2", "steady"), ("4", "2", "better"), ("2", "4", "worse"), (None, "2", "unknown"), ("2", None, "unknown")],
)  # fmt: skip
def test_the_trend_is_of_two_weeks_of_mornings(before: str | None, now: str | None, word: str) -> None:
    """A mean that differs by more than half a point."""
    days = [*(mornings(ago(14), [before] * 7) if before else []), *(mornings(ago(7), [now] * 7) if now else [])]
    found = assess(picture(Case(days=tuple(days), sessions=())), ())
    assert found.trend == word
    assert [found.previous_mean, found.week_mean] == [None if v is None else Decimal(v) for v in (before, now)]
    assert found.mornings == (7 if now else 0)


def test_the_window_is_of_14_days_and_today_newest_first() -> None:
    """Sessions, pain and fatigue on the first day of the window count, those of the day before do not."""
    days = [measured(f"{what}-morning", 2, on(ago(d))) for d in (15, 14, 4) for what in ("pain", "fatigue")]
    planned = walks((15, 14, 3))
    found = assess(picture(Case(days=tuple(days), sessions=tuple(planned))), ())
    assert (found.window_start, found.window_end) == (ago(14), ago(0))
    on_it = [planned[1].stamp.source, days[2].stamp.source, days[3].stamp.source]
    edge = sorted(on_it, key=lambda s: s.reference, reverse=True)
    later = [days[4].stamp.source, days[5].stamp.source]
    assert found.sources == (planned[2].stamp.source, *later, *edge)


def test_missing_data_are_passed_on() -> None:
    """Unchanged."""
    assert assess(picture(Case()), (NoSession(),)).missing == (NoSession(),)
    assert assess(picture(Case()), ()).missing == ()
