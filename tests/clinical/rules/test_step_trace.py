"""The next step and its bounds, as shown in the trace (B2, B6, B11.22; gates G11 and G13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.clinical.phase_cases import in_phase, two_weeks
from tests.clinical.pictures import picture, walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import Case, ago, walks
from tests.courses.build import answered, minutes, on, session, sets, stamp, state
from titrate.clinical.rules.candidates import dose_within_caps
from titrate.clinical.rules.gates.context import GateResult, PatientGateContext, gate_context
from titrate.clinical.rules.gates.gate_table import GATES
from titrate.clinical.values.decision import Decision, Gate, TraceEntry
from titrate.clinical.values.plan import Dose, ExerciseState, Phase, UpperBound
from titrate.clinical.values.readings import Clearance, Reporter, SessionReported
from titrate.rulebook import load

NOTHING_MISSING = PatientGateContext(missing=(), holds=(), last_increase=None)
BOOK = load()
PRESS = sets(3, 10, 40)


def presses(*days: int, dose: Dose = PRESS, last_set: int = 10) -> tuple[SessionReported, ...]:
    """Tolerated leg presses the given number of days ago."""
    return tuple(session("leg-press", ago(d), dose, (2, 3), 3, last_set=last_set) for d in days)


def decided(case: Case) -> Decision:
    """The decision of a case."""
    return case.run(BOOK).decision


BOUND = UpperBound("leg-press", sets(3, 9, 35), "CarePlan/2")
CAPPED: list[tuple[Dose, Dose]] = [
    (sets(3, 9, 30), sets(3, 9, 30)),  # a lower load stays
    (sets(3, 9, 40), sets(3, 9, 35)),
    (sets(3, 9), sets(3, 9)),  # a missing load stays missing
]


@pytest.mark.parametrize(("dose", "left"), CAPPED)
def test_a_bound_is_no_dose(dose: Dose, left: Dose) -> None:
    """A dose below a bound is not raised to it."""
    whole = picture(Case(states=(walking(), state("leg-press", dose, 2, ago(14))), plan={"bounds": (BOUND,)}))
    assert dose_within_caps(whole, "leg-press", dose) == left


def test_a_dose_at_its_bound_stays() -> None:
    """Even if it is not a round number."""
    odd = minutes("20.5")
    whole = picture(Case(plan={"bounds": (UpperBound("walking", odd, "CarePlan/2"),)}))
    assert dose_within_caps(whole, "walking", odd) == odd


def test_a_bound_keeps_the_range_of_the_exercise() -> None:
    """Two sets of eight under a bound of ten: the plan's own range from 4 keeps both sets, another does not."""
    applies = state("sit-to-stand", sets(2, 8), 2, ago(14), range_low=4)
    bound = {"bounds": (UpperBound("sit-to-stand", sets(2, 4), "CarePlan/2"),)}
    for other in (walking(), walking(range_low=8)):
        whole = picture(Case(states=(other, applies), plan=bound))
        assert dose_within_caps(whole, "sit-to-stand", sets(2, 8)) == sets(2, 4)


BOTH = Case(states=(walking(goal_linked=True), state("leg-press", PRESS, 2, ago(14))),
            sessions=(*walks((14, 12, 10, 7, 5, 3)), *presses(12, 10, 6, 4, 2)))  # fmt: skip


def steps(case: Case) -> dict[str | None, TraceEntry]:
    """The trace entry for the next step of each exercise."""
    return {e.exercise: e for e in decided(case).trace if e.rule == "B2"}


def test_the_name_of_a_step() -> None:
    """A step in amount, one in load, and no step."""
    stated = steps(BOTH)
    assert str(stated["walking"].text) == "one step up, rounded down, but at least one unit"
    assert str(stated["leg-press"].text) == "one load step up, with repetitions back at the bottom of the range"
    two = minutes(2)
    tiny = Case(states=(state("walking", two, 3, ago(14)),), sessions=tuple(walks((14, 12, 10, 7, 5, 3), two)))
    assert (str(steps(tiny)["walking"].text)[:24], steps(tiny)["walking"].held) == ("no step: the smallest on", False)


def why_none(exercise: str, dose: Dose, **plan: object) -> tuple[str, str | None, str | None]:
    """The trace entry of an exercise without a next step."""
    found = steps(Case(states=(state(exercise, dose, 2, ago(14)),), sessions=(), plan=plan))[exercise]
    assert found.held is False
    return str(found.text), found.value, found.limit


def test_why_there_is_no_step() -> None:
    """The smallest step as a part of the dose, the top of the range, or a bound with its author."""
    short = "no step: the smallest one, 3 on top of 12 repetitions, is 0.25 times the dose; the most allowed is 0.20"
    assert why_none("sit-to-stand", sets(3, 4)) == (short, "0.25", "0.20")
    third = "no step: the smallest one, 0.5 on top of 1.5 min, is 0.34 times the dose; the most allowed is 0.20"
    assert why_none("walking", minutes("1.5")) == (third, "0.34", "0.20")
    full = sets(2, BOOK.exercises["sit-to-stand"].range_high or 0)
    assert why_none("sit-to-stand", full) == (
        "no step: already at the top of the range; the clinician decides how to go on",
        None,
        None,
    )
    text, value, limit = why_none("leg-press", PRESS, bounds=(replace(BOUND, dose=sets(3, 12, 41)),))
    assert (value, limit) == ("42", "41")
    assert text == "the next step, 42 kg, is above the limit of 41 kg set by another author's plan, CarePlan/2"


def test_only_what_is_eligible_is_deferred() -> None:
    """The press lacks its two extra repetitions: it is not eligible, and therefore not deferred."""
    found = decided(BOTH)
    assert [(c.exercise, c.eligible, c.deferred) for c in found.candidates] == [
        ("walking", True, False), ("leg-press", False, False),
    ]  # fmt: skip
    assert texts(found.reasons) == ("every gate is met for walking",)


def test_a_second_bout_is_for_what_has_a_dose_and_no_sets() -> None:
    """B11.22: sets at the top of their range get none, and neither does an exercise without a dose."""
    light = sets(3, 12, 10)
    waiting = state("cycling", None, 5, None)
    press = state("leg-press", light, 5, ago(14))
    case = Case(states=(walking(), press, waiting), more=(answered("stressor", "major", on(ago(0))),),
                sessions=(*walks((14, 12, 10, 7, 5, 3)), *presses(12, 10, 6, 4, 2, dose=light)))  # fmt: skip
    found = decided(case)
    assert found.rule == "D11"
    assert [a for a in texts(found.asks) if "second bout" in a] == []


def requested(name: str, case: Case, exercise: ExerciseState | None = None) -> GateResult:
    """One gate of a case, of its first exercise by default."""
    whole = picture(case)
    return GATES[name](
        gate_context(
            whole,
            exercise or whole.record.plan.exercises[0],
            None,
            NOTHING_MISSING,
        )
    )


def test_a_start_with_a_load_needs_no_more_repetitions() -> None:
    """G11 is for a dose in force: before it there is no last set."""
    waiting = state("leg-press", None, 2, None)
    assert requested("G11", Case(states=(waiting,))).gate is Gate.NOT_APPLICABLE


@pytest.mark.parametrize("target", [None, 10])
def test_the_goal_of_a_dose_without_sets(target: int | None) -> None:
    """Fourteen repetitions at once: two more are sixteen, although the target is lower."""
    dose = replace(sets(1, 14, 40), sets=None)
    press = state("leg-press", dose, 2, ago(14), target=target)
    assert requested("G11", Case(states=(press,), sessions=presses(6, 3, dose=dose, last_set=16))).entry.limit == "16"


def test_g13_names_what_was_too_hard() -> None:
    """Within the caps, or each value above its cap."""
    assert str(requested("G13", Case(sessions=two_weeks())).entry.text) == "exertion within its cap"
    hard = requested("G13", Case(sessions=two_weeks(rpe=None, talk_test="equivocal")))
    assert str(hard.entry.text) == "exertion above its cap or not recorded; talk test not comfortable"


def test_a_weak_spine_is_named_where_it_bends() -> None:
    """RF26: the trace has it only for an exercise that bends the spine under load."""
    known = answered("rf26", True, on(ago(20)))
    clearance = Clearance("rf26", replace(stamp("cleared", on(ago(10))), reporter=Reporter.PRACTITIONER))
    carry = state("lift-and-carry", minutes(5), 2, ago(14))
    for states, held in (((walking(),), []), ((walking(), carry), [True])):
        found = decided(Case(states=states, more=(known, clearance), screened=1))
        assert [e.held for e in found.trace if e.rule == "RF26"] == held


def test_other_sets_of_the_same_amount_are_no_change() -> None:
    """After a lighter week 3 x 8 would be restored where a clinician set 2 x 12: no exercise is named."""
    press = state("leg-press", sets(2, 12, 40), 2, ago(7), reference=sets(3, 8, 40))
    over = in_phase(Phase.LIGHTER_WEEK, 7)
    flag, pressed = answered("rf25", True, on(ago(0))), presses(6, 3, dose=sets(2, 12, 40))
    case = replace(over, states=(press,), sessions=pressed, more=(flag,))
    assert "D9 LIGHTER_WEEK" in decided(case).suppressed
