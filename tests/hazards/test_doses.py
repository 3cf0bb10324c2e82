"""H03, H04, H09, H10, H13, H17: missing data, jumps, stalls, rate-limiting medicines, limits, work above the plan."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from tests.courses.build import measured, on, stamp
from tests.courses.drafts import Draft, course
from tests.courses.examples import e1, e3
from tests.courses.strategies import drafts
from tests.hazards.deciding import decided, doses, earned, height, progressing, with_more, with_only, with_sessions
from titrate.clinical.insights.heart_rate_zone import heart_rate_zone
from titrate.clinical.values.decision import Outcome, SessionClass
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import DoseLimit, Medication, Reporter, SessionReported

FEW = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
FIELDS = sorted(
    {field.name for field in fields(SessionReported)} - {"exercise", "stamp", "unit", "heart_rate", "pain_quality"}
)


def test_a_missing_report_never_raises_a_dose() -> None:
    """Each report of a course that progresses, left out in turn: no exercise gets more."""
    whole = progressing()
    before = earned(decided(whole))
    for index in range(len(whole[0].readings)):
        kept = [r for place, r in enumerate(whole[0].readings) if place != index]
        after = earned(decided(with_only(whole, kept)))
        assert all(height(after[name]) <= height(before[name]) for name in before), whole[0].readings[index]


@pytest.mark.parametrize("name", FIELDS)
def test_a_missing_part_of_a_session_never_raises_a_dose(name: str) -> None:
    """A missing part is not read as zero: a session without it earns no more."""
    whole = progressing()
    before, after = earned(decided(whole)), earned(decided(with_sessions(whole, "walking", **{name: None})))
    assert all(height(after[one]) <= height(before[one]) for one in before)


@FEW
@given(drafts())
def test_no_dose_jumps(draft: Draft) -> None:
    """With any reports at most a fifth above the dose in force; a lighter week ends at its reference dose."""
    patient_readings, plan, at = course(draft)
    result = decided((patient_readings, plan, at))
    states = {state.exercise: state for state in plan.exercises}
    for change in result.decision.doses:
        state = states.get(change.exercise)
        if state is None or state.dose is None or change.next is None:
            continue
        ends = plan.phase is Phase.LIGHTER_WEEK and result.decision.phase is Phase.LOADING
        bound = state.reference if ends and state.reference else state.dose
        assert change.next.amount <= max(bound.amount, state.dose.amount * Decimal("1.20"))
        assert (change.next.load or 0) <= max(bound.load or 0, (state.dose.load or 0) * Decimal("1.20"))


@pytest.mark.parametrize(("limit", "expected"), [(14, 14), (15, 15), (16, 16), (18, 16)])
def test_a_limit_is_never_exceeded(limit: int, expected: int) -> None:
    """A clinician's limit below, at and above the step: the dose is the lower of the two."""
    whole = progressing()
    stated = DoseLimit("walking", Decimal(limit), "min", stamp("limit", on(whole[2].date()), by=Reporter.PRACTITIONER))
    dose = doses(decided(with_more(whole, [stated])))["walking"]
    assert dose is not None
    assert dose.amount == expected


@pytest.mark.parametrize(("done", "letter"), [("18.0", SessionClass.T), ("18.15", SessionClass.M)])
def test_more_than_planned_earns_nothing(done: str, letter: SessionClass) -> None:
    """1.20 of the dose is tolerated; 1.21 of it is marginal and earns no step."""
    result = decided(with_sessions(progressing(), "walking", done=Decimal(done)))
    found = [s.session_class for s in result.assessment.sessions if s.exercise == "walking"]
    assert found == [letter] * 3
    walking = next(c for c in result.decision.doses if c.exercise == "walking")
    assert letter is SessionClass.T or height(walking.next) <= height(walking.current)


def test_a_plan_without_a_step_asks_for_a_review_in_time() -> None:
    """H09: 28 days without a rise ask for a clinician; 27 do not."""
    patient_readings, plan, at = e3()
    for days, requested in ((27, False), (28, True)):
        since = at.date().fromordinal(at.date().toordinal() - days)
        states = tuple(replace(s, dose_since=since, last_raised=since) for s in plan.exercises)
        older = replace(plan, exercises=states, started=since, approved=since)
        assert decided((patient_readings, older, at)).decision.review is requested


def test_a_baseline_needs_its_trials() -> None:
    """Without trials no exercise starts: a dose is never guessed."""
    patient_readings, plan, at = e1()
    assert decided((patient_readings, plan, at)).decision.outcome is Outcome.BASELINE
    kept = [r for r in patient_readings.readings if type(r).__name__ != "TrialReported"]
    assert not any(doses(decided(with_only((patient_readings, plan, at), kept))).values())


@pytest.mark.parametrize("medicine", ["beta-blocker", "rate-limiting-calcium-channel-blocker", "ivabradine"])
def test_no_heart_rate_zone_with_a_rate_limiting_medicine(medicine: str) -> None:
    """H10: the zone is gone, and no limit or cap in beats a minute is left."""
    day = progressing()[2].date()
    resting = with_more(progressing(), [measured("heart-rate", 70, on(day))])
    assert heart_rate_zone(decided(resting).picture, Phase.LOADING, stopped=False).high is not None
    result = decided(with_more(resting, [Medication(medicine, medicine, True, stamp("medicine", on(day)))]))
    guide = heart_rate_zone(result.picture, Phase.LOADING, stopped=False)
    assert (guide.low, guide.high) == (None, None)
    assert guide.suppressed
    assert result.prescription is not None
    assert "heart-rate-limit" not in {limit.name for limit in result.prescription.limits}
    assert [
        cap for exercise in result.prescription.exercises for cap in exercise.caps if "heart rate" in str(cap)
    ] == []
