"""When a diary with few entries is told to its reader (C13, C19)."""

from __future__ import annotations

import pytest

from service.clinical.consistency import diary
from tests.clinical.situations import situation
from tests.clinical.thresholds.probe import WALK, Case, ago, calm
from tests.courses.build import state

# Two entries in the last fourteen days.
FEW = tuple(r for r in calm(40, 1) if r.stamp.day in (ago(3), ago(9)))


@pytest.mark.parametrize(
    ("started", "approved", "alert"),
    [(14, 2, True), (13, 40, False), (None, 14, True), (None, 13, False), (None, None, False), (14, None, True)],
)
def test_few_entries_since_the_plan_began(started: int | None, approved: int | None, alert: bool) -> None:
    """There is an alert only where a plan has stood for all of the days; its first day counts, else its approval."""
    days = {"started": started, "approved": approved}
    plan = {name: None if day is None else ago(day) for name, day in days.items()}
    found = diary(situation(Case(days=FEW, plan=plan)))
    assert (found.entries, found.days, found.alert) == (2, 14, alert)


def test_nobody_waits_for_entries_before_a_dose() -> None:
    """Without a dose there is no alert, and with a full diary neither."""
    waiting = Case(states=(state("walking", None, 3, None),), days=FEW, since=20)
    assert not diary(situation(waiting)).alert
    assert not diary(situation(Case(states=(state("walking", WALK, 3, ago(20)),), since=20))).alert
