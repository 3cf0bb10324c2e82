"""The next contact: how, by when and why. Each number below, at and above its limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

import pytest

from tests.clinical.insights.talking_point_cases import of
from tests.clinical.overviews import SINCE, TODAY, WALK, seen
from tests.courses.build import (
    answered,
    mornings,
    on,
    patient_readings,
    plan,
    screen,
    session,
    state,
)
from tests.courses.examples import e1, e5
from titrate.clinical.insights.follow_up import FollowUp
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Reading, Reporter


def contact(more: Sequence[Reading] = (), **other: object) -> FollowUp:
    """The next contact after two uneventful weeks, with a plan in force since `since` in `phase`."""
    since = other.get("since", SINCE)
    phase = other.get("phase", Phase.LOADING)
    approved = other.get("approved", since)
    assert isinstance(since, date)
    assert isinstance(phase, Phase)
    dose = other.get("dose", WALK)
    in_force = plan(phase, since, [state("walking", dose, 3, SINCE)], approved=approved)  # type: ignore[arg-type]
    readings = [*mornings(date(2024, 12, 30), [2] * 14, fatigue=3), *screen(date(2025, 1, 11)), *more]
    readings += [session("walking", date(2025, 1, day), WALK, (2, 3), 3) for day in (6, 8, 10)]
    found = seen(patient_readings(readings), in_force, on(TODAY, time(13))).talking_points.follow_up
    assert found is not None
    return found


def talk(day: date, how: str = "telehealth") -> Reading:
    """A contact that a clinician recorded."""
    return answered("contact", how, on(day), Reporter.PRACTITIONER)


@pytest.mark.parametrize(("days", "due"), [(27, 7), (28, 14), (40, 14)])
def test_contacts_are_weekly_for_28_days_and_then_every_14(days: int, due: int) -> None:
    """Counted from the last contact."""
    since, last = TODAY - timedelta(days=days), date(2025, 1, 10)
    found = contact([talk(last)], since=since, approved=SINCE)
    assert (found.mode, found.due, found.overdue) == ("telehealth", last + timedelta(days=due), False)


@pytest.mark.parametrize(("day", "overdue"), [(date(2025, 1, 6), False), (date(2025, 1, 5), True)])
def test_a_contact_is_overdue_the_day_after_it_was_due(day: date, overdue: bool) -> None:
    """13 January is the seventh day after the 6th."""
    assert contact([talk(day)]).overdue is overdue


def test_without_a_contact_the_approval_counts() -> None:
    """Seven days after 4 January."""
    found = contact()
    assert (found.due, found.last) == (date(2025, 1, 11), None)


def test_before_any_dose_the_patient_is_seen_in_person() -> None:
    """E1 has no plan yet: due today."""
    found = of(e1()).follow_up
    assert found is not None
    assert (found.mode, found.due, found.overdue) == ("in person", e1()[2].date(), False)


@pytest.mark.parametrize(("days", "how"), [(27, "telehealth"), (28, "in person"), (29, "in person")])
def test_limits_that_run_out_bring_a_visit_forward(days: int, how: str) -> None:
    """Approved `days` ago and valid for 42: from 28 days on they end before the next call in 14 days."""
    approved = TODAY - timedelta(days=days)
    found = contact([talk(TODAY)], since=date(2024, 11, 1), approved=approved)
    assert found.mode == how
    assert found.due == min(TODAY + timedelta(days=14), approved + timedelta(days=42))


def test_in_maintenance_every_42_days_in_person() -> None:
    """Counted from the last contact."""
    found = contact([talk(date(2025, 1, 10))], phase=Phase.MAINTENANCE, approved=date(2025, 1, 12))
    assert (found.mode, found.due) == ("in person", date(2025, 1, 10) + timedelta(days=42))


@pytest.mark.parametrize(
    ("last", "how", "due"),
    [
        (None, "telehealth", date(2025, 3, 14)), (date(2025, 3, 10), "telehealth", date(2025, 3, 14)),
        (date(2025, 3, 12), "telehealth", date(2025, 3, 18)),
    ],
)  # fmt: skip
def test_e5_is_called_after_48_hours_and_on_day_7(last: date | None, how: str, due: date) -> None:
    """The flare began on 11 March and the decision is on the 12th; a call before it began does not count."""
    found = of(e5(), *([talk(last)] if last else [])).follow_up
    assert found is not None
    assert (found.mode, found.due) == (how, due)


@pytest.mark.parametrize(
    ("last", "how", "due"),
    [
        (date(2025, 1, 7), "telehealth", date(2025, 1, 8)), (date(2025, 1, 8), "in person", date(2025, 1, 15)),
        (date(2025, 1, 12), "in person", date(2025, 1, 15)),
    ],
)  # fmt: skip
def test_a_flare_that_goes_on_is_seen_in_person_on_day_14(last: date, how: str, due: date) -> None:
    """It began on 1 January: a call by the 8th, a visit by the 15th."""
    readings = [
        *mornings(date(2024, 12, 30), [2, 2, *[6] * 12], fatigue=3),
        *screen(date(2025, 1, 11)),
        talk(last),
    ]
    in_force = plan(Phase.FLARE, date(2025, 1, 2), [state("walking", WALK, 3, date(2025, 1, 2))])
    found = seen(patient_readings(readings), in_force, on(TODAY, time(13))).talking_points.follow_up
    assert found is not None
    assert (found.mode, found.due) == (how, due)


def test_a_flare_that_does_not_settle_is_seen_every_week() -> None:
    """It began on 22 December and day 14 was 5 January; seen on the 6th, next on the 13th."""
    readings = [*mornings(date(2024, 12, 20), [2, 2, *[6] * 22], fatigue=3), *screen(date(2025, 1, 11))]
    in_force = plan(Phase.FLARE, date(2024, 12, 23), [state("walking", WALK, 3, date(2024, 12, 23))])
    reported = [*readings, talk(date(2025, 1, 6), "in-person")]
    found = seen(patient_readings(reported), in_force, on(TODAY, time(13))).talking_points.follow_up
    assert found is not None
    assert (found.mode, found.due) == ("in person", date(2025, 1, 13))


def test_a_red_flag_is_due_today() -> None:
    """In person."""
    found = contact([answered("rf01", True, on(date(2025, 1, 12)))])
    assert (found.mode, found.due) == ("in person", TODAY)
