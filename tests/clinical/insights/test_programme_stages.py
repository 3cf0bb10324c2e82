"""Stages of a programme (C48): each kind of gate below, at and above its limit, and diagnoses of a programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.clinical.pictures import picture
from tests.clinical.thresholds.probe import Case, ago, walks
from tests.courses.build import measured, on, session, sets, stamp, state
from titrate.clinical.insights.pathway_progress import StageStatus, current_stage, programmes_for_diagnoses
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.education_content import NO_PATHWAY, ExitGate, Pathway, Stage
from titrate.clinical.values.plan import NO_PLAN, Phase
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, Measurement, Reading, SessionReported

QUESTIONS = ExitGate("a clinician confirms it")


def pathway(*gates: ExitGate, conditions: tuple[str, ...] = ()) -> Pathway:
    """A programme of two stages with these gates on the first."""
    stages = (Stage("First", "", "", gates), Stage("Second", "", "", (QUESTIONS,)))
    return replace(NO_PATHWAY, entry=("for whom",), conditions=conditions, stages=stages if gates else ())


def stage(gate: ExitGate, found: ClinicalPicture) -> StageStatus:
    """The current stage."""
    status = current_stage(found, pathway(gate))
    assert status is not None
    return status


def met(gate: ExitGate, *more: Reading) -> bool | None:
    """Whether the gate is met, which starts the second stage; None if unknown."""
    status = stage(gate, picture(Case(more=more)))
    assert status.stages == 2
    assert status.number == 2 or status.gates[0].met is not True
    return True if status.number == 2 else status.gates[0].met


def scored(value: str, days: int = 5) -> Measurement:
    """A test the given number of days ago."""
    return measured("timed-up-and-go", value, on(ago(days)))


@pytest.mark.parametrize(
    ("least", "most", "value", "expected"),
    [
        ("10", None, "9.9", False), ("10", None, "10", True), ("10", None, "11", True), (None, "12", "11", True),
        (None, "12", "12", True), (None, "12", "12.1", False), ("10", "12", "11", True), ("10", "12", "9", False),
        ("10", "12", "13", False), (None, None, "5", True),
    ],
)  # fmt: skip
def test_a_score_between_its_limits(least: str | None, most: str | None, value: str, expected: bool) -> None:
    """Both limits are included; the newest score counts."""
    bounds = [None if bound is None else Decimal(bound) for bound in (least, most)]
    gate = ExitGate("a test", measure="timed-up-and-go", at_least=bounds[0], at_most=bounds[1])
    assert met(gate, scored("99", 9), scored(value)) is expected
    assert met(gate) is None


@pytest.mark.parametrize(
    ("requested", "value", "expected"), [(2, 1, False), (2, 2, True), (None, 0, True), (None, 1, True)]
)
def test_a_step_of_a_ladder(requested: int | None, value: int, expected: bool) -> None:
    """A gate that names no step is met by any step."""
    gate = ExitGate("a ladder", ladder="stairs", step=requested)
    assert met(gate, measured("ladder-step-stairs", value, on(ago(3)))) is expected
    assert met(gate) is None


WALKING, STANDING = state("walking", Case().dose, 3, ago(14)), state("sit-to-stand", sets(2, 8), 2, ago(14))


def hurt(*days: int) -> list[SessionReported]:
    """Walks with a peak above the ceiling."""
    return walks(days, pain_peak=Decimal(6))


def rose(days: Sequence[int], peak: int = 3) -> list[SessionReported]:
    """Sit to stand the given number of days ago."""
    return [session("sit-to-stand", ago(d), sets(2, 8), (2, peak), 3) for d in days]


@pytest.mark.parametrize(
    ("walk_sessions", "stances", "expected"),
    [
        (walks((7, 5, 3)), rose((6, 4, 2)), True), (walks((7, 5)), rose((6, 4, 2)), False),
        (walks((7, 5, 3)), rose((6, 4)), False), (walks((7, 5, 3)), rose((6, 4, 2), 6), False),
        ([*walks((7, 5)), *hurt(3)], rose((6, 4, 2)), False),
        ([*hurt(7), *walks((5, 3))], rose((6, 4, 2)), False),
        ([*hurt(9), *walks((7, 5, 3))], rose((6, 4, 2)), True),
    ],
    ids=["all", "two walks", "two of the other", "the other not", "the last not", "the first not", "one before not"],
)  # fmt: skip
def test_three_in_a_row_of_every_exercise(
    walk_sessions: list[SessionReported], stances: list[SessionReported], expected: bool
) -> None:
    """The last three sessions of each were tolerated; earlier ones do not count."""
    case = Case(states=(WALKING, STANDING), sessions=(*walk_sessions, *stances))
    status = stage(ExitGate("sessions", tolerated=3), picture(case))
    assert (status.number == 2) is expected
    if not expected:
        assert status.gates[0].met is False


def test_a_gate_of_sessions_is_unknown_without_a_dose() -> None:
    """Neither met nor missed."""
    found = picture(Case(states=(replace(WALKING, dose=None),)))
    status = stage(ExitGate("sessions", tolerated=3), found)
    assert (status.number, status.gates[0].met) == (1, None)


def test_a_programme_without_stages_has_none() -> None:
    """It has no stage number either."""
    assert current_stage(picture(Case()), pathway()) is None


def test_the_last_stage_is_kept_in_maintenance_and_when_all_gates_are_met() -> None:
    """No stage follows it."""
    done = pathway(ExitGate("a ladder", ladder="stairs"))
    done = replace(done, stages=(done.stages[0], replace(done.stages[1], exit=())))
    begun = picture(Case(more=(measured("ladder-step-stairs", 1, on(ago(3))),)))
    assert [status.number for status in (current_stage(begun, done),) if status] == [2]
    kept = picture(Case(phase=Phase.MAINTENANCE))
    assert stage(QUESTIONS, kept).number == 2


def test_entry_criteria_appear_until_a_plan_is_in_force() -> None:
    """The plan in force answers them."""
    found = picture(Case())
    assert stage(QUESTIONS, found).entry == ()
    without = replace(found, record=replace(found.record, plan=NO_PLAN))
    assert stage(QUESTIONS, without).entry == ("for whom",)


def diagnosed(*concepts: str) -> ClinicalPicture:
    """A patient with these conditions, listed in this order."""
    listed = [Diagnosis(DiagnosisKind.CONDITION, c, c, stamp(c, on(ago(100 - n)))) for n, c in enumerate(concepts)]
    return picture(Case(more=tuple(listed)))


def test_diagnoses_and_programmes_are_sorted_by_name() -> None:
    """Each once, whatever the order of the list."""
    made = pathway(QUESTIONS, conditions=("neck-pain", "knee-osteoarthritis", "hip-pain"))
    found = diagnosed("neck-pain", "knee-osteoarthritis", "neck-pain")
    status = current_stage(found, made)
    assert status is not None
    assert status.fits == ("knee-osteoarthritis", "neck-pain")
    book = found.record.rulebook
    known = replace(book, guidance=replace(book.guidance, pathways={"z": made, "own": made, "a": made, "m": pathway()}))
    found = replace(found, record=replace(found.record, rulebook=known))
    assert programmes_for_diagnoses(found, "own") == ("a", "z")
