"""Alerts for a thin diary, uneven days, mood and comments, at the limits of their windows (C13, C19, C47)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import picture, record_of
from tests.clinical.thresholds.probe import WALK, Case, ago, calm, pain, without
from tests.courses.build import measured, on, stamp, state
from titrate.clinical.insights.adherence import Cues, Pacing, cues, diary, pacing
from titrate.clinical.red_flags.safety import screen_safety
from titrate.clinical.values.readings import Comment, Measurement, Reading

# Two entries in the last fourteen days.
FEW = tuple(r for r in calm(40, 1) if r.stamp.day in (ago(3), ago(9)))


@pytest.mark.parametrize(
    ("started", "approved", "alert"),
    [(14, 2, True), (13, 40, False), (None, 14, True), (None, 13, False), (None, None, False), (14, None, True)],
)
def test_few_entries_since_the_plan_began(started: int | None, approved: int | None, alert: bool) -> None:
    """Only if the plan has run for all of the days, counted from its first day, else from its approval."""
    days = {"started": started, "approved": approved}
    plan = {name: None if day is None else ago(day) for name, day in days.items()}
    found = diary(picture(Case(days=FEW, plan=plan)))
    assert (found.entries, found.days, found.alert) == (2, 14, alert)


def test_no_alert_before_a_dose() -> None:
    """No alert without a dose, nor with a full diary."""
    waiting = Case(states=(state("walking", None, 3, None),), days=FEW, since=20)
    assert not diary(picture(waiting)).alert
    assert not diary(picture(Case(states=(state("walking", WALK, 3, ago(20)),), since=20))).alert


def early(reading: Measurement) -> Measurement:
    """The same, preliminary."""
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


def test_which_mornings_are_entries() -> None:
    """Final ratings from yesterday to fourteen days ago: neither today's nor that of fifteen days ago."""
    days = (*without(calm(40, 0), range(2, 14)), early(pain(3, 2)))
    assert diary(picture(Case(days=days))).entries == 2


def test_sixty_percent_is_enough() -> None:
    """ADHERENCE_ALERT is 0.60: nine of fourteen days exceed it, eight do not."""
    for entries, alert in ((9, False), (8, True)):
        days = without(calm(40, 1), range(entries + 1, 40))
        assert diary(picture(Case(days=tuple(days), since=20))).alert is alert


def stepping(steps: Mapping[int, int], *more: Measurement) -> Pacing:
    """Pacing with these steps a number of days ago."""
    reported = tuple(measured("steps", value, on(ago(day))) for day, value in steps.items())
    return pacing(picture(Case(more=(*reported, *more))))


FIVE = {1: 3000, 2: 2000, 3: 1000, 4: 4000, 14: 6000}


def test_which_days_are_paced() -> None:
    """Six thousand over three thousand is 2. Today, the fifteenth day before and preliminary counts are left out."""
    assert stepping(FIVE).index == 2
    assert stepping(FIVE | {0: 9000, 15: 9000}).index == 2
    assert stepping(FIVE, early(measured("steps", 9000, on(ago(5))))).index == 2


def test_the_highest_of_a_day_counts() -> None:
    """Two counts of a day are one day."""
    again = replace(measured("steps", 7500, on(ago(14))))
    assert stepping(FIVE, again).index == Decimal("2.5")


def test_days_without_a_step_have_no_middle() -> None:
    """There is no division by zero; without an overshoot pacing is even. A middle of one step counts."""
    assert stepping(dict.fromkeys(range(1, 6), 0)) == Pacing(None, None, False, 0)
    assert stepping(FIVE | {1: 1, 2: 1, 3: 1}).index == 6000


def cues_of(*more: Reading) -> Cues:
    """The cues of a patient with these reports."""
    record = record_of(Case(more=more))
    return cues(record, screen_safety(record))


def test_which_mood_is_of_the_week() -> None:
    """The mean of the final ratings of the last seven days."""
    reported = (measured("mood", 4, on(ago(3))), measured("mood", 7, on(ago(4))))
    assert cues_of(*reported).mood == Decimal("5.5")
    others = (measured("mood", 1, on(ago(9))), early(measured("mood", 1, on(ago(2)))))
    assert cues_of(*reported, *others).mood == Decimal("5.5")


def test_which_comments_are_shown() -> None:
    """From today to fourteen days ago, without answers to questions."""
    words = [Comment(f"day {n}", stamp("comment", on(ago(n)))) for n in (15, 14, 0)]
    requested = Comment("an answer", stamp("about", on(ago(1))), "work")
    found = cues_of(*words, requested)
    assert [text for _, text, _ in found.comments] == ["day 0", "day 14"]
