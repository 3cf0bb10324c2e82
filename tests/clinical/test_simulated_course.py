"""Whole courses in random order, with a decision on any day, and the invariants of each decision."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.clinical.engine_runs import BOOK, key, nexts
from tests.clinical.invariants import CHECKS
from tests.clinical.simulated_course import DAYS, SimulatedCourse
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement, Reporter
from titrate.clinical.values.rulebook import Urgency

# The maximum number of steps of a course; about half of them are decisions.
STEPS = 40
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata")
FLAGS = ("rf01", "rf03", "rf09", "rf15", "rf07", "rf23")


class WholeCourse(RuleBasedStateMachine):
    """Days of every kind, screens, clearances, limits, and decisions that may be approved."""

    seen: ClassVar[Counter[str]] = Counter()

    @initialize(zone=st.sampled_from(ZONES), screened=st.booleans())
    def begin(self, zone: str, screened: bool) -> None:
        """The first day of an approved plan."""
        self.course = SimulatedCourse(zone)
        if screened:
            self.course.answer(None)

    @rule(name=st.sampled_from(sorted(DAYS)), count=st.integers(1, 5))
    def some_days(self, name: str, count: int) -> None:
        """Consecutive days of one kind."""
        for _ in range(count):
            self.course.add_day(DAYS[name])

    @rule(times=st.integers(1, 3), every=st.sampled_from((7, 6, 3)), approves=st.booleans())
    def uneventful_weeks(self, times: int, every: int, approves: bool) -> None:
        """Uneventful weeks, with a screen and a decision every few days."""
        for _ in range(times):
            self.course.answer(None)
            for _ in range(every):
                self.course.add_day(DAYS["good"])
            self._decide(approves=approves)

    @rule(name=st.sampled_from(("flare", "bad morning", "hard", "sore", "nothing")), count=st.integers(2, 6))
    def bad_days(self, name: str, count: int) -> None:
        """Bad days, and a decision that is approved."""
        for _ in range(count):
            self.course.add_day(DAYS[name])
        self._decide(approves=True)

    @rule(flag=st.sampled_from((None,) * 24 + FLAGS))
    def screen(self, flag: str | None) -> None:
        """The safety screen is answered."""
        self.course.answer(flag)

    @rule(by=st.sampled_from((Reporter.PRACTITIONER,) * 3 + tuple(Reporter)))
    def clear(self, by: Reporter) -> None:
        """Report open flags as cleared, which only a practitioner can do, and restart a stopped plan."""
        for flag in tuple(self.course.opened):
            self.course.clear(flag, by)
        self.course.restart()

    @rule(part=st.sampled_from(("0.5", "0.9", "1.0", "1.1")))
    def limit(self, part: str) -> None:
        """A clinician limits walking near the dose in force."""
        dose = self.course.plan.exercises[0].dose if self.course.plan.exercises else None
        if dose is not None:
            self.course.limit("walking", dose.amount * Decimal(part))

    @rule()
    def trials(self) -> None:
        """New tolerance trials."""
        self.course.add_trials()

    @rule(approves=st.booleans())
    def decide(self, approves: bool) -> None:
        """A decision that the clinician may approve."""
        self._decide(approves=approves)

    def _decide(self, *, approves: bool) -> None:
        course, rises, opened = self.course.course(), list(self.course.rises), dict(self.course.opened)
        result = self.course.decide(approves=approves)
        self.seen[result.decision.rule] += 1
        found = [wrong for check in CHECKS for wrong in check(course, result)]
        assert not found
        self._flags_stay(result, opened)
        self._rises_are_rare(result, rises)
        self._no_log_no_dose(result)
        self._nothing_rises_in_bad_days(result)

    def _flags_stay(self, result: Evaluation, opened: Mapping[str, object]) -> None:
        """A yes is open until a practitioner clears it, however much time passes."""
        assert {flag.flag for flag in result.flags} >= set(opened)
        if any(BOOK.flags[flag].urgency is not Urgency.E2 for flag in opened if flag != "rf08"):
            assert result.decision.rule == "D1"

    def _rises_are_rare(self, result: Evaluation, rises: Sequence[tuple[date, str]]) -> None:
        """D10 never raises within a week of an earlier rise. The end of a lighter week is not a rise (B11.3)."""
        least = timedelta(days=int(BOOK.numbers.min_days_at_dose))
        if result.decision.rule == "D10":
            assert all(self.course.today - day >= least for day, rule_id in rises if rule_id != "D9")

    def _no_log_no_dose(self, result: Evaluation) -> None:
        """After two weeks without a morning nothing is prescribed."""
        newest = max((r.stamp.day for r in self.course.readings if _is_morning(r)), default=None)
        silent = newest is not None and (self.course.today - newest).days >= int(BOOK.numbers.expiry_days)
        if silent:
            assert not any(nexts(result.decision).values())

    def _nothing_rises_in_bad_days(self, result: Evaluation) -> None:
        """Not in a flare, a deload or a stopped plan, nor with two bad mornings of the last three."""
        bad = [r for r in self.course.readings if _is_morning(r) and isinstance(r, Measurement) and r.value >= 5]
        lately = {r.stamp.day for r in bad if (self.course.today - r.stamp.day).days < 3}
        if result.decision.phase in (Phase.FLARE, Phase.DELOAD, Phase.STOPPED) or len(lately) > 1:
            assert all(key(d.next) <= key(d.current) for d in result.decision.doses if d.current)


def _is_morning(reading: object) -> bool:
    return isinstance(reading, Measurement) and reading.what == "pain-morning" and not reading.stamp.preliminary


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_any_course_stays_safe() -> None:
    """Enough courses for the profile's number of decisions; every rule decides some of them."""
    WholeCourse.seen.clear()
    lives = max(settings().max_examples // 15, 1)
    run_state_machine_as_test(WholeCourse, settings=settings(max_examples=lives, stateful_step_count=STEPS))
    sys.stdout.write(f"\n{sum(WholeCourse.seen.values())} decisions in {lives} lives: {dict(WholeCourse.seen)}\n")
    assert sum(WholeCourse.seen.values()) >= settings().max_examples
    assert set(WholeCourse.seen) >= {f"D{number}" for number in range(1, 12)}


def test_a_flare_after_less_load_and_more_repetitions_is_answered() -> None:
    """Part of the dose before the flare can have less load and more repetitions than the dose in force."""
    course = WholeCourse()
    course.begin(zone="Europe/London", screened=False)
    for _ in range(2):
        course.bad_days(name="flare", count=2)
    course.some_days(name="bad morning", count=2)
    course.some_days(name="sore", count=5)
    course.uneventful_weeks(times=2, every=3, approves=True)
    course.some_days(name="bad morning", count=1)
    course.uneventful_weeks(times=1, every=7, approves=False)
    course.decide(approves=True)
    course.bad_days(name="bad morning", count=5)
    assert course.course.plan.phase is Phase.FLARE
