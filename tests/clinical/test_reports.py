"""Incomplete, late and duplicate reports, limits of one day, and work at its cap (B1, B11.6, B11.21, B11.23)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.clinical.phase_cases import two_weeks
from tests.clinical.pictures import BOOK, picture
from tests.clinical.thresholds.probe import AT, Case, ago, pain, walks
from tests.courses.build import limit, measured, minutes, on, session, sets, state
from titrate.clinical.insights.daily_activities import task_pacing
from titrate.clinical.rules.gates.context import GateResult, PatientGateContext, gate_context
from titrate.clinical.rules.gates.gate_table import GATES
from titrate.clinical.values.readings import Measurement, SessionReported, Source
from titrate.messages.sessions import SessionStopped

NOTHING_MISSING = PatientGateContext(missing=(), holds=(), last_increase=None)
PRESS = sets(3, 10, 40)


def early(reading: SessionReported) -> SessionReported:
    """The same, preliminary."""
    return replace(reading, stamp=replace(reading.stamp, preliminary=True))


def work(step: int, *days: int) -> GateResult:
    """Gate G9 of a step to these minutes three times a week, after walks of 20 minutes."""
    whole = picture(Case(sessions=tuple(walks(days)), since=40))
    return GATES["G9"](
        gate_context(
            whole,
            whole.record.plan.exercises[0],
            minutes(step),
            NOTHING_MISSING,
        )
    )


def test_work_at_the_cap_of_the_month() -> None:
    """Three times 26 is 78: 1.30 of 60, the mean of twelve walks in four weeks, and 0.98 of this week's 80."""
    days = (1, 3, 5, 6, 9, 11, 13, 16, 18, 20, 23, 26)
    assert (work(26, *days).entry.held, work(27, *days).entry.held) == (True, False)
    assert str(work(27, *days).entry.text) == "planned week divided by the mean week of the last 28 days"


def test_the_week_is_named_before_the_month() -> None:
    """One walk this week and one long ago: both caps are exceeded, and the week's is named."""
    found = work(22, 35, 3)
    assert (found.entry.held, str(found.entry.text)) == (False, "planned week divided by the work of the last 7 days")


def test_the_last_set_of_a_session_without_its_sets() -> None:
    """38 of 30 with twelve in the last of the dose's three sets: two do not count, and 36 of 30 is 1.20."""
    pressed = session("leg-press", ago(3), PRESS, (2, 3), 3, last_set=12, done=Decimal(38), sets=None)
    (found,) = picture(Case(states=(state("leg-press", PRESS, 2, ago(14)),), sessions=(pressed,))).sessions
    assert not any("overshoot" in str(reason) for reason in found.reasons)


def test_a_late_rating_that_is_not_final() -> None:
    """It makes no session recalled that has a final rating in time."""
    again = pain(2, 2)
    late = replace(again, stamp=replace(again.stamp, preliminary=True, entered=on(AT)))
    (found,) = picture(Case(sessions=tuple(walks((3,))), more=(late,))).sessions
    assert "entered late" not in found.reasons


def other(value: int, day: int) -> Measurement:
    """A second limit of the same day."""
    found = limit("pain-ceiling", value, ago(day))
    return replace(found, stamp=replace(found.stamp, source=Source(f"Observation/other-{day}", "1")))


def test_limits_that_differ_on_one_day() -> None:
    """Only of the newest day, whatever was set before."""
    two = (limit("pain-ceiling", 4, ago(5)), other(3, 5))
    old = limit("pain-ceiling", 5, ago(20))
    assert picture(Case(more=(old, *two))).limits.set_twice == ("pain-ceiling",)
    before = (limit("pain-ceiling", 4, ago(9)), other(3, 9))
    assert picture(Case(more=(*before, limit("pain-ceiling", 4, ago(5))))).limits.set_twice == ()


def test_two_reports_of_one_walk() -> None:
    """The lowest final amount counts; a report without an amount is ignored."""
    walk = walks((3,))[0]
    two = (replace(walk, done=Decimal(19)), replace(walk, done=None))
    assert [s.done for s in picture(Case(sessions=two)).sessions] == [Decimal(19)]
    soft = [early(replace(walk, done=Decimal(n))) for n in (19, 18)]
    for reported in (soft, soft[::-1]):
        found = picture(Case(sessions=tuple(reported))).sessions
        assert [(s.done, s.preliminary) for s in found] == [(Decimal(18), True)]


def test_stopped_for_fatigue() -> None:
    """Less than planned is marginal, with its reason."""
    (found,) = picture(Case(sessions=(replace(walks((3,))[0], stop_reason="fatigue"),))).sessions
    assert (found.session_class.value, found.reasons) == ("M", (SessionStopped(reason="fatigue"),))


def test_chunks_of_a_task() -> None:
    """Without a goal in minutes there is no number of parts."""
    task = next(iter(BOOK.guidance.tasks))
    reported = measured(f"tolerated-{task}", 10, on(ago(3)))
    for proposal, split in (((), False), ((0,), False), ((1,), True)):
        more = (reported, *(measured(f"wanted-{task}", value, on(ago(3))) for value in proposal))
        (plan,) = task_pacing(picture(Case(more=more, sessions=two_weeks())))
        assert (plan.parts is not None, plan.proposal is not None) == (split, split)
