"""Readings for talking points change no decision and no dose, and offers never exceed the plan (hazard H33)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clinical.overviews import BOOK
from tests.courses.build import answered, measured
from tests.courses.examples import Course, e1, e2, e3, e4, e5
from titrate.clinical.evaluate import evaluate
from titrate.clinical.insights.clinician_overview import clinician_overview
from titrate.clinical.values.readings import Reading, Reporter

COURSES = {"E1": e1, "E2": e2, "E3": e3, "E4": e4, "E5": e5}
GUIDANCE = BOOK.guidance
FEARED = [name for name, one in GUIDANCE.ladders.items() if one.kind.value == "task"]

days = st.integers(0, 30)
fears = st.builds(
    lambda name, value, day: ("fear-" + name, value, day), st.sampled_from(FEARED), st.integers(0, 100), days
)  # fmt: skip
steps = st.builds(
    lambda name, value, day: ("ladder-step-" + name, value, day),
    st.sampled_from(sorted(GUIDANCE.ladders)), st.integers(0, 5), days,
)  # fmt: skip
minutes = st.builds(
    lambda kind, name, value, day: (f"{kind}-{name}", value, day),
    st.sampled_from(["tolerated", "wanted"]), st.sampled_from(sorted(GUIDANCE.tasks)), st.integers(0, 240), days,
)  # fmt: skip
talks = st.builds(
    lambda name, value, day: ("understood-" + name, value, day),
    st.sampled_from(sorted(GUIDANCE.modules)), st.booleans(), days,
)  # fmt: skip
contacts = st.builds(lambda how, day: ("contact", how, day), st.sampled_from(["in-person", "telehealth"]), days)
reported = st.lists(st.one_of(fears, steps, minutes, talks, contacts), max_size=12)


def reading(course: Course, what: str, value: int | bool | str, ago: int) -> Reading:
    """One reading for the talking points, a number of days before the decision."""
    when = course[2] - timedelta(days=ago)
    by = Reporter.PATIENT if what.startswith(("fear", "tolerated", "wanted")) else Reporter.PRACTITIONER
    if isinstance(value, int) and not isinstance(value, bool):
        return measured(what, value, when, by)
    return answered(what, value, when, by)


# An eighth of the profile: five courses and a dozen records each leave little to find.
FEWER = settings(max_examples=max(settings().max_examples // 8, 100))


@FEWER
@given(name=st.sampled_from(sorted(COURSES)), more=reported)
def test_readings_for_talking_points_decide_nothing(name: str, more: list[tuple[str, int | bool | str, int]]) -> None:
    """Decision, trace and prescription are the same with and without them."""
    patient, in_force, at = course = COURSES[name]()
    readings = [reading(course, *one) for one in more]
    bare = evaluate(patient, in_force, BOOK, at)
    full = evaluate(replace(patient, readings=(*patient.readings, *readings)), in_force, BOOK, at)
    assert full.decision == bare.decision
    assert full.prescription == bare.prescription
    assert full.flags == bare.flags


@FEWER
@given(name=st.sampled_from(sorted(COURSES)), more=reported)
def test_talking_points_stay_within_their_bounds(name: str, more: list[tuple[str, int | bool | str, int]]) -> None:
    """At most one task at a time, chunks below the tolerated amount, existing steps, an offer within the plan."""
    patient, in_force, at = course = COURSES[name]()
    readings = [reading(course, *one) for one in more]
    result = evaluate(replace(patient, readings=(*patient.readings, *readings)), in_force, BOOK, at)
    guide = clinician_overview(result.picture, result.decision, BOOK.programmes["knee-pain"]).talking_points
    assert sum(c.chosen for c in guide.ladders) <= 1
    assert all(not (c.ready and c.blocked_by) for c in guide.ladders)
    assert all(0 <= c.step <= len(c.ladder.steps) for c in guide.ladders)
    assert all(0 < plan.chunk < plan.tolerated and plan.rest > 0 for plan in guide.task_pacing)
    if guide.restart is not None:
        decided = next(d.next for d in result.decision.doses if d.exercise == guide.restart.exercise)
        assert decided is not None
        assert guide.restart.dose.amount <= decided.amount
        assert (guide.restart.dose.load or Decimal(0)) <= (decided.load or Decimal(0))
    assert len(guide.topics) == len(GUIDANCE.pathways["knee-pain"].modules)
