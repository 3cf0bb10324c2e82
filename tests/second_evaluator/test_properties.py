"""Invariants of the rules on random courses (section F)."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.courses.drafts import Draft, course
from tests.courses.examples import Course
from tests.courses.reach import reached
from tests.courses.rulebook import rulebook
from tests.courses.strategies import drafts
from tests.courses.worse import left_out, with_readings, worse
from tests.second_evaluator.alarms import open_flags
from tests.second_evaluator.doses import key
from tests.second_evaluator.evaluate import OracleResult, evaluate
from tests.second_evaluator.facts import facts
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.rulebook import Urgency

BOOK = rulebook()
MANY = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def decide(values: Course) -> OracleResult:
    """The second evaluator on a course."""
    return evaluate(*values, BOOK)


def lighter_week_ends(values: Course, result: OracleResult) -> bool:
    """The one exception of B11.3: the reference dose comes back."""
    return values[1].phase is Phase.LIGHTER_WEEK and result.rule == "D9" and result.phase == "loading"


@MANY
@given(drafts())
def test_next_dose_is_bounded(draft: Draft) -> None:
    """F(iii): never above 1.20 x the dose in force; a lighter week ends at its reference dose at most."""
    values = course(draft)
    result = decide(values)
    for state in values[1].exercises:
        new, old = result.next[state.exercise], state.dose
        if new is None or old is None:
            continue
        if lighter_week_ends(values, result):
            assert key(new) <= max(key(state.reference), key(old))
        else:
            assert new.amount <= old.amount * 6 / 5
            assert (new.load or 0) <= (old.load or 0) * 6 / 5


@MANY
@given(drafts())
def test_flag_gives_no_dose(draft: Draft) -> None:
    """F(iv): an open flag that is not E2 leaves no dose."""
    values = course(draft)
    flags = open_flags(facts(*values, BOOK))
    result = decide(values)
    if any(urgency is not Urgency.E2 for urgency in flags.values()) and result.rule != "D0":
        assert result.rule == "D1"
        assert not any(result.next.values())


@MANY
@given(drafts())
def test_one_thing_rises(draft: Draft) -> None:
    """F(v): one exercise at most, and of that either the load or the amount."""
    values = course(draft)
    result = decide(values)
    if result.rule == "D6" or lighter_week_ends(values, result):
        return
    risen = [s for s in values[1].exercises if key(result.next[s.exercise]) > key(s.dose)]
    assert len(risen) <= 1
    for state in risen:
        new, old = result.next[state.exercise], state.dose
        assert new is not None
        assert old is None or new.load == old.load or new.amount <= old.amount


@MANY
@given(drafts(), st.randoms(use_true_random=False))
def test_order_of_readings_does_not_matter(draft: Draft, random: Random) -> None:
    """F(vi): the order of the readings does not change the result."""
    values = course(draft)
    readings = list(values[0].readings)
    random.shuffle(readings)
    assert decide(with_readings(values, readings)) == decide(values)


@MANY
@given(drafts(), st.integers(0, 10_000))
def test_worse_never_earns_more(draft: Draft, pick: int) -> None:
    """F(i), B11.34: one worse symptom of the last week raises no exercise's dose."""
    values = course(draft)
    changes = list(worse(values))
    words, changed = changes[pick % len(changes)]
    before, after = decide(values), decide(changed)
    for exercise, dose in after.earned.items():
        assert key(dose) <= key(before.earned[exercise]), f"{words}: {before.rule} to {after.rule}"


@MANY
@given(drafts(), st.integers(0, 10_000))
def test_missing_never_earns_more(draft: Draft, pick: int) -> None:
    """F(ii), B11.28: a value left out is never better than that value at its best."""
    change = left_out(course(draft), pick)
    if change is None:
        return
    words, without, best = change
    after, tops = decide(without), [decide(c) for c in best]
    for exercise, dose in after.earned.items():
        assert key(dose) <= max(key(t.earned[exercise]) for t in tops), f"{words}: {after.rule}"


def test_courses_reach_every_rule() -> None:
    """Random courses match every rule; otherwise they would prove nothing about it."""
    counts = reached(300)
    assert {f"D{n}" for n in range(1, 12)} <= set(counts)
    assert counts["a dose rises"] > 15
