"""H01: each of the 27 flags, at each urgency, in each phase, and with any other finding at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.courses.build import answered, on, stamp
from tests.courses.examples import Course, e1, e2, e3, e4, e5
from tests.courses.strategies import courses
from tests.hazards.deciding import book, decided, doses, height, progressing, with_more
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.decision import OpenFlag, Outcome
from titrate.clinical.values.plan import NO_PLAN, OpenDraftState, Phase
from titrate.clinical.values.readings import Clearance, Reporter, Source
from titrate.clinical.values.rulebook import Urgency

FLAGS = sorted(book().flags)
URGENCIES = [Urgency.E0, Urgency.E1, Urgency.B, Urgency.E2]


def flagged(course: Course, flag: str, urgency: Urgency) -> Evaluation:
    """The course with this flag open at this urgency, since some hours before the decision."""
    source = Source("Observation/an-earlier-decision")
    return decided(course, OpenFlag(flag, urgency, course[2] - timedelta(hours=5), source))


def is_stopped(result: Evaluation) -> bool:
    """D1, no dose of any exercise, and no contradiction in the prescription."""
    written = () if result.prescription is None else result.prescription.exercises
    named = (result.decision.rule, result.decision.outcome) == ("D1", Outcome.STOP_ESCALATE)
    return named and not any(doses(result).values()) and not any(one.dose for one in written)


@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.value)
@pytest.mark.parametrize("urgency", URGENCIES, ids=lambda urgency: urgency.value)
@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_in_each_phase_at_each_urgency(flag: str, urgency: Urgency, phase: Phase) -> None:
    """E0, E1 and B: D1 and no dose. E2 alone: it does not cause D1, and no exercise rises."""
    patient_readings, plan, at = progressing()
    result = flagged((patient_readings, replace(plan, phase=phase), at), flag, urgency)
    assert [(f.flag, f.urgency) for f in result.flags] == [(flag, urgency)]
    if urgency is not Urgency.E2:
        assert is_stopped(result)
        assert result.decision.phase is (Phase.DISCHARGED if phase is Phase.DISCHARGED else Phase.STOPPED)
        return
    if phase not in (Phase.STOPPED, Phase.DISCHARGED):
        assert result.decision.rule in ("D2", "D3", "D4", "D5")
    assert all(height(c.next) <= height(c.current) for c in result.decision.doses)


def _draft_waits(course: Course) -> Course:
    patient_readings, plan, at = course
    return (
        patient_readings,
        replace(plan, drafts=(OpenDraftState("CarePlan/draft", "v2", at - timedelta(days=2), False),)),
        at,
    )


def _in(phase: Phase, **other: object) -> Callable[[], Course]:
    def course() -> Course:
        patient_readings, plan, at = e2()
        states = tuple(replace(s, reference=s.dose, before_flare=s.dose, before_deload=s.dose) for s in plan.exercises)
        return patient_readings, replace(plan, phase=phase, exercises=states, **other), at  # type: ignore[arg-type]

    return course


def _long_silent() -> Course:
    patient_readings, plan, at = e2()
    return patient_readings, plan, at + timedelta(days=40)


MOMENTS: Mapping[str, Callable[[], Course]] = {
    "a-baseline-is-due": e1,
    "a-step-is-due": e2,
    "a-hold": e3,
    "a-deload-is-due": e4,
    "a-flare-goes-on": e5,
    "a-draft-waits": lambda: _draft_waits(e2()),
    "in-a-lighter-week": _in(Phase.LIGHTER_WEEK),
    "a-lighter-week-is-due": _in(Phase.LOADING, loading_since=on(e2()[2].date()).date() - timedelta(days=22)),
    "on-the-way-back": _in(Phase.RETURN),
    "after-a-deload": _in(Phase.DELOAD),
    "in-maintenance": _in(Phase.MAINTENANCE),
    "nothing-heard-for-weeks": _long_silent,
    "no-plan": lambda: (e2()[0], NO_PLAN, e2()[2]),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_whatever_is_due(flag: str, moment: str) -> None:
    """A due change that lowers, restores, begins or raises a dose does not precede the flag."""
    for urgency in URGENCIES[:-1]:
        assert is_stopped(flagged(MOMENTS[moment](), flag, urgency)), urgency


@pytest.mark.parametrize("flag", FLAGS)
def test_an_answer_of_yes_is_as_urgent_as_its_row(flag: str) -> None:
    """By the screen alone, from any reporter: the row's urgency, D1 for E0, E1 and B, and D5 for E2."""
    course = progressing()
    for who in Reporter:
        stated = answered(flag, True, course[2] - timedelta(minutes=1), who)
        result = decided(with_more(course, [stated]))
        assert [f.urgency for f in result.flags] == [book().flags[flag].urgency]
        assert result.decision.rule == ("D5" if book().flags[flag].urgency is Urgency.E2 else "D1")


CLEARANCES = {
    "by-a-practitioner-afterwards": (Reporter.PRACTITIONER, 1, False, True),
    "by-a-practitioner-at-that-moment": (Reporter.PRACTITIONER, 0, False, True),
    "by-a-practitioner-before": (Reporter.PRACTITIONER, -1, False, False),
    "by-the-patient": (Reporter.PATIENT, 1, False, False),
    "by-a-device": (Reporter.DEVICE, 1, False, False),
    "by-nobody-known": (Reporter.UNKNOWN, 1, False, False),
    "preliminary": (Reporter.PRACTITIONER, 1, True, False),
}


@pytest.mark.parametrize("case", CLEARANCES)
@pytest.mark.parametrize("flag", FLAGS)
def test_only_a_clinicians_clearance_closes_a_flag(flag: str, case: str) -> None:
    """By author, time and status; a clearance of another flag closes none."""
    who, hours, soft, closes = CLEARANCES[case]
    course = progressing()
    opened = course[2] - timedelta(days=30, hours=3)
    waits = {"rf10": 672, "rf15": 48, "rf17": 24}.get(flag, 0)
    when = opened + timedelta(hours=waits + hours)
    signed = replace(stamp("cleared", when, by=who), preliminary=soft)
    other = FLAGS[FLAGS.index(flag) - 1]
    yes = answered(flag, True, opened)
    assert (decided(with_more(course, [yes, Clearance(flag, signed)])).flags == ()) is closes
    assert decided(with_more(course, [yes, Clearance(other, signed)])).flags != ()


@pytest.mark.timeout(0)
@given(courses(), st.sampled_from(FLAGS), st.sampled_from(URGENCIES))
def test_in_any_course(course: Course, flag: str, urgency: Urgency) -> None:
    """Also on random courses: a flag that stops leaves no dose, one that holds raises none."""
    result = flagged(course, flag, urgency)
    if result.decision.rule == "D0":
        assert result.prescription is None
    elif urgency is not Urgency.E2:
        assert is_stopped(result)
    else:
        assert all(height(c.next) <= height(c.current) for c in result.decision.doses if c.current is not None)
