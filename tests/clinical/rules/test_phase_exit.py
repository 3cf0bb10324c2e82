"""What must happen before a lower dose ends, as shown in the trace: deload, lighter week, flare (B11.5, .11, .17)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.phase_cases import bad_on
from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import Case, ago, calm, walks
from tests.courses.build import answered, minutes, on, session, sets, state
from titrate.clinical.rules.phase_exit import phase_exit_entries
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Dose, Phase
from titrate.rulebook import load

LOW = minutes(16)
DELOADED = Case(states=(state("walking", LOW, 3, ago(8)),), phase=Phase.DELOAD, since=8)


def ends(case: Case) -> list[TraceEntry]:
    """What the decision waits for."""
    return [e for e in case.run(load()).decision.trace if e.rule in ("B11.5", "B11.11", "B11.17")]


def reported(case: Case) -> list[tuple[str | None, str | None, str | None, bool]]:
    """Exercise, value, limit, and whether it is reached."""
    return [(e.exercise, e.value, e.limit, e.held) for e in ends(case)]


def test_loading_waits_for_nothing() -> None:
    """A plan that continues or rises has no such condition."""
    assert ends(Case()) == []


def test_a_deload_begins_with_no_session() -> None:
    """D3 lowers today: three sessions of each exercise at the lower dose are needed; earlier ones do not count."""
    states = (state("walking", minutes(20), 3, ago(14)), state("leg-press", sets(3, 10, 40), 2, ago(14)))
    found = reported(Case(states=states, sessions=bad_on(5, 3)))
    assert found == [("walking", "0", "3", False), ("leg-press", "0", "3", False)]


@pytest.mark.parametrize(("days", "done"), [((), "0"), ((4,), "1"), ((6, 4), "2")])
def test_a_deload_counts_on(days: tuple[int, ...], done: str) -> None:
    """Only sessions at the current dose with complete answers."""
    report = replace(DELOADED, sessions=(*walks((12, 10), minutes(20)), *walks(days, LOW)))
    assert reported(report) == [("walking", done, "3", False)]


def test_a_finished_deload_waits_for_nothing() -> None:
    """With the third session loading begins again."""
    assert ends(replace(DELOADED, sessions=tuple(walks((6, 4, 2), LOW)))) == []


def test_a_deload_that_is_lowered_again_begins_anew() -> None:
    """Two sessions at 16 minutes were not tolerated: there is none yet at 12."""
    bad = tuple(walks((5, 3), LOW, pain_peak=Decimal(6)))
    assert reported(replace(DELOADED, sessions=bad)) == [("walking", "0", "3", False)]


def test_a_lighter_week_tells_its_days() -> None:
    """None on the day it is decided; while it goes on rule D9 says them."""
    assert reported(Case(plan={"loading_since": ago(21)})) == [(None, "0", "7", False)]
    light = (state("walking", minutes(12), 3, ago(4), reference=minutes(20)),)
    going_on = Case(states=light, sessions=tuple(walks((6, 4, 2))), phase=Phase.LIGHTER_WEEK, since=4)
    assert reported(going_on) == []
    days = [e for e in going_on.run(load()).decision.trace if e.rule == "D9"]
    assert [(str(e.text), e.value, e.limit) for e in days] == [("days of the lighter week", "4", "7")]


def test_a_flare_gives_the_morning_pain_that_ends_it() -> None:
    """Usual pain 2: two mornings of at most 3. Without usual pain it is unknown."""
    tick = answered("flare-self-report", True, on(ago(1)))
    assert [(e.value, e.unit, e.held) for e in ends(Case(more=(tick,)))] == [("3", "{score}", False)]
    assert ends(Case(days=tuple(calm(2)), more=(tick,), plan={"usual_pain": None})) == []


PRESS = sets(2, 8, 40)
TWO = (state("walking", LOW, 3, ago(8)), state("leg-press", PRESS, 2, ago(8)))


def test_each_exercise_waits_for_its_own_sessions() -> None:
    """Three walks suffice for walking, one press does not for the press; without a dose nothing is awaited."""
    pressed = session("leg-press", ago(5), PRESS, (2, 3), 3, last_set=8)
    found = picture(Case(states=TWO, sessions=(*walks((6, 4, 2), LOW), pressed), phase=Phase.DELOAD, since=8))
    given: dict[str, Dose | None] = {"walking": LOW, "leg-press": PRESS}
    rows = [(e.exercise, e.value, e.held) for e in phase_exit_entries(found, Phase.DELOAD, given)]
    assert rows == [("walking", "3", True), ("leg-press", "1", False)]
    (only,) = phase_exit_entries(found, Phase.DELOAD, given | {"walking": None})
    assert only.exercise == "leg-press"


def test_sessions_from_before_the_deload_are_none_of_it() -> None:
    """Even if today's lower dose equals the dose in force."""
    (found,) = phase_exit_entries(picture(Case()), Phase.DELOAD, {"walking": minutes(20)})
    assert (found.value, found.held) == ("0", False)
