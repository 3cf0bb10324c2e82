"""New medicines: a renewal opens no flag, and in doubt a medicine is new (RF25)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import BOOK
from tests.clinical.thresholds.probe import AT, Case, ago, flags
from tests.courses.build import on, patient_readings, stamp
from titrate.clinical.evaluate import evaluate
from titrate.clinical.values.plan import NO_PLAN
from titrate.clinical.values.readings import Medication

NEW = "rf25 E2"


def taken(group: str, days: int, daily: int | None = None, *, dated: bool = True, **other: object) -> Medication:
    """A medicine that was listed a number of days ago."""
    reported = replace(stamp(f"{group}-{days}", on(ago(days))), dated=dated)
    dose = None if daily is None else Decimal(daily)
    return replace(Medication(group, group, True, reported, names=("code", group), daily=dose), **other)  # type: ignore[arg-type]


def opened(*medicines: Medication) -> str:
    """The flags on a programme that began 14 days ago."""
    return flags(Case(more=medicines, screened=1).run(BOOK))


def test_a_renewed_anticoagulant_is_not_new() -> None:
    """Listed before the programme with the same code or ingredient, even if that order is completed."""
    now, then = taken("anticoagulant", 5), taken("anticoagulant", 700, active=False)
    assert opened(now) == NEW
    assert opened(now, then) == ""
    assert opened(now, replace(then, names=("another",))) == NEW
    assert opened(now, replace(then, names=("another", "anticoagulant"))) == ""
    assert opened(now, replace(then, group="opioid")) == NEW
    assert opened(now, replace(then, halted=True)) == NEW
    assert opened(now, then, taken("anticoagulant", 9, active=False, halted=True)) == NEW


def test_two_entries_during_the_programme_are_both_new() -> None:
    """Without a date they may be new."""
    assert opened(taken("anticoagulant", 5), taken("anticoagulant", 14)) == NEW
    assert opened(taken("anticoagulant", 5), taken("anticoagulant", 15)) == ""
    assert opened(taken("anticoagulant", 0, dated=False), taken("anticoagulant", 700)) == NEW
    assert opened(taken("anticoagulant", 5), taken("anticoagulant", 0, dated=False)) == NEW
    assert opened(taken("anticoagulant", 5), taken("anticoagulant", 5)) == NEW


def test_without_a_programme_days_count() -> None:
    """Four weeks: an earlier entry makes a later one a renewal."""

    def shown(*medicines: Medication) -> str:
        return flags(evaluate(patient_readings(medicines), NO_PLAN, BOOK, on(AT)))

    assert shown(taken("anticoagulant", 5), taken("anticoagulant", 28)) == NEW
    assert shown(taken("anticoagulant", 5), taken("anticoagulant", 29)) == ""


@pytest.mark.parametrize("group", ["opioid", "sedative", "steroid"])
def test_a_higher_dose_is_new(group: str) -> None:
    """A daily dose that did not rise opens no flag; a higher or unknown one does."""
    then = taken(group, 100, 20)
    assert opened(taken(group, 5, 20), then) == ""
    assert opened(taken(group, 5, 10), then) == ""
    assert opened(taken(group, 5, 21), then) == NEW
    assert opened(taken(group, 5), then) == NEW
    assert opened(taken(group, 5, 20), taken(group, 100)) == NEW
    assert opened(taken(group, 5, 20), replace(then, active=False)) == NEW
    assert opened(taken(group, 5, 20), then, taken(group, 100, 10)) == NEW
    assert opened(taken(group, 5, 20), then, taken(group, 50, 10)) == NEW
    assert opened(taken(group, 5, 10), then, taken(group, 50, 10)) == ""


def test_each_course_of_a_fluoroquinolone_is_new() -> None:
    """The risk to tendons is the same with every course."""
    assert opened(taken("fluoroquinolone", 5, 500), taken("fluoroquinolone", 300, 500)) == NEW
