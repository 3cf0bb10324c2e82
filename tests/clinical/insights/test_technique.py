"""Compensatory movements and tempo: what is listed, and that gate G10 fails on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.clinical.overviews import BOOK, WALK, calm
from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import Case, ago, gate, walks
from tests.courses.build import session
from titrate.clinical.insights.performance import techniques
from titrate.clinical.values.decision import Gate, Outcome
from titrate.clinical.values.readings import SessionReported


def last(**other: object) -> tuple[SessionReported, ...]:
    """Six tolerated walks with these changes to the last one."""
    *before, newest = walks((14, 12, 10, 7, 5, 3))
    return (*before, replace(newest, **other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "passes"),
    [
        ({}, True),
        ({"compensations": ("none",)}, True),
        ({"compensations": ("shrug",)}, False),
        ({"compensations": ("limp",), "form": "good"}, False),
        ({"tempo": "as-planned"}, True),
        ({"tempo": "slower"}, True),
        ({"tempo": "faster"}, False),
        ({"tempo": "unclear"}, False),
    ],
)
def test_g10_fails_on_a_compensation_or_a_hurried_tempo(other: dict[str, object], passes: bool) -> None:
    """Whatever the rating of form, also in aerobic exercise; an absent report is not a finding."""
    result = Case(sessions=last(**other)).run(BOOK)
    assert gate(result, "G10") is passes
    assert (result.decision.outcome is Outcome.PROGRESS) is passes


def test_the_reason_names_the_movement() -> None:
    """The trace contains it."""
    decision = Case(sessions=last(compensations=("shrug", "trunk-lean"))).run(BOOK).decision
    assert decision.candidates[0].gates["G10"] is Gate.FAIL
    assert any("compensatory movement (shrug, trunk-lean)" in str(entry.text) for entry in decision.trace)


def test_only_the_last_two_sessions_count() -> None:
    """An earlier compensation no longer matters."""
    first, *rest = walks((14, 12, 10, 7, 5, 3))
    assert gate(Case(sessions=(replace(first, compensations=("limp",)), *rest)).run(BOOK), "G10")


def test_techniques_are_counted_by_exercise() -> None:
    """Good form is not listed."""
    reported = [
        session(
            "row", date(2025, 1, day), WALK, (2, 3), 3, form="compensating", compensations=("shrug",), tempo="faster"
        )
        for day in (7, 9)
    ]
    calm_one = session("row", date(2025, 1, 11), WALK, (2, 3), 3, compensations=("none",), tempo="as-planned")
    found = calm([*reported, calm_one]).techniques
    assert [(str(t.what), t.times, t.last) for t in found] == [
        ("compensatory movement: shrug", 2, date(2025, 1, 9)),
        ("form compensating", 2, date(2025, 1, 9)),
        ("tempo faster", 2, date(2025, 1, 9)),
    ]


def listed_techniques(*reported: tuple[str, int, str]) -> list[tuple[str, str, int, date]]:
    """The techniques listed for sessions given as exercise, days ago, and form."""
    sessions = tuple(session(code, ago(day), WALK, (2, 3), 3, form=form) for code, day, form in reported)
    found = techniques(record_of(Case(sessions=sessions)))
    return [(t.exercise, str(t.what), t.times, t.last) for t in found]


def test_techniques_of_14_days_the_most_frequent_first() -> None:
    """Then by exercise and name, each with its last day; 15 days ago is too old, good form is not listed."""
    reported = [("row", 15, "lost"), ("row", 14, "lost"), ("walking", 9, "lost"), ("walking", 7, "lost")]
    reported += [("walking", 5, "good"), ("cycling", 4, "lost"), ("cycling", 3, "compensating")]
    assert listed_techniques(*reported) == [
        ("walking", "form lost", 2, ago(7)), ("cycling", "form compensating", 1, ago(3)),
        ("cycling", "form lost", 1, ago(4)), ("row", "form lost", 1, ago(14)),
    ]  # fmt: skip
