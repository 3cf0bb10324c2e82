"""Medical clearance before the first dose: who needs it, and what makes it unnecessary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import time

import pytest

from tests.clinical.pictures import record_of, walking
from tests.clinical.sentences import texts
from tests.clinical.thresholds.probe import AT, Case, ago, calm, on_course
from tests.courses.build import answered, measured, on, patient_readings, screen, stamp, trial
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.red_flags.medical_clearance import (
    ACTIVE_CONDITIONS,
    CLEARANCE_QUESTION,
    LASTING_CONDITIONS,
    uncleared_diagnoses,
)
from titrate.clinical.values.plan import NO_PLAN
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, Measurement, Reading, Reporter
from titrate.rulebook import load_with_lookup

BOOK, LOOKUP = load_with_lookup()


def listed(concept: str, kind: DiagnosisKind = DiagnosisKind.CONDITION, days: int = 900) -> Diagnosis:
    """A diagnosis from before the programme."""
    return Diagnosis(kind, concept, concept, stamp(concept, on(ago(days))))


def start(*more: Reading, trials: Iterable[int] = (5, 3, 1)) -> Evaluation:
    """A patient without a plan, with trials and a full screen."""
    tried = [trial("walking", ago(day), 20, "min") for day in trials]
    return on_course(BOOK, (patient_readings((*calm(), *screen(AT), *tried, *more)), NO_PLAN, on(AT, time(13))))


def cleared(value: bool = True, days: int = 2, by: Reporter = Reporter.PRACTITIONER, soft: bool = False) -> Reading:
    """A clinician's clearance for exercise."""
    stated = answered(CLEARANCE_QUESTION, value, on(ago(days)), by)
    return replace(stated, stamp=replace(stated.stamp, preliminary=soft))


@pytest.mark.parametrize(
    "concept", sorted({*LASTING_CONDITIONS, *ACTIVE_CONDITIONS} - {"aortic-stenosis", "decompensated-heart-failure"})
)
def test_known_disease_waits_for_a_clearance(concept: str) -> None:
    """D5 and no dose, and the draft asks for the clearance; with it the start doses are prescribed."""
    waits = start(listed(concept))
    assert waits.decision.rule == "D5"
    assert not any(d.next for d in waits.decision.doses)
    assert texts(waits.decision.asks) == (f"medical clearance needed before the start: {concept} is listed",)
    assert start(listed(concept), cleared()).decision.rule == "D6"


@pytest.mark.parametrize("concept", sorted({*LASTING_CONDITIONS, *ACTIVE_CONDITIONS}))
def test_each_disease_is_a_group_of_the_mappings(concept: str) -> None:
    """A name outside the mappings would match no patient."""
    assert concept in {group.name for group in LOOKUP.conditions}


def test_past_diseases() -> None:
    """A past heart attack still needs clearance; past diabetes and high blood pressure do not."""
    assert start(listed("myocardial-infarction", DiagnosisKind.PAST_CONDITION)).decision.rule == "D5"
    assert start(listed("diabetes", DiagnosisKind.PAST_CONDITION)).decision.rule == "D6"
    assert start(listed("hypertension")).decision.rule == "D6"


def test_answers_that_are_no_clearance() -> None:
    """A no, a later no, a preliminary yes, and a yes from before the disease."""
    disease = listed("ischaemic-heart-disease", days=10)
    assert start(disease, cleared(value=False)).decision.rule == "D5"
    assert start(disease, cleared(days=3), cleared(value=False, days=2)).decision.rule == "D5"
    assert start(disease, cleared(soft=True)).decision.rule == "D5"
    assert start(disease, cleared(days=11)).decision.rule == "D5"
    assert start(disease, cleared(days=10)).decision.rule == "D6"


def test_a_plan_that_has_begun_needs_no_clearance() -> None:
    """With a dose in force the same disease holds nothing."""
    assert Case(more=(listed("ischaemic-heart-disease"),)).run(BOOK).decision.rule == "D10"


def asks(*more: Reading, dose: bool = False, begun: bool = False) -> list[str | None]:
    """The diagnoses that a first dose waits for."""
    states = (walking() if dose else replace(walking(), dose=None),)
    case = Case(states=states, more=more, plan={"started": ago(14) if begun else None})
    return [d.concept for d in uncleared_diagnoses(record_of(case))]


@pytest.mark.parametrize("concept", sorted(LASTING_CONDITIONS))
def test_past_heart_disease_needs_clearance_too(concept: str) -> None:
    """The underlying disease persists; a procedure or a family history does not count."""
    assert asks(listed(concept, DiagnosisKind.PAST_CONDITION)) == [concept]
    assert asks(listed(concept, DiagnosisKind.PROCEDURE)) == []


@pytest.mark.parametrize(("dose", "begun", "waits"), [(False, False, True), (True, False, False), (False, True, False)])
def test_a_dose_in_force_or_a_begun_plan_is_enough(dose: bool, begun: bool, waits: bool) -> None:
    """Either one."""
    assert bool(asks(listed("stroke"), dose=dose, begun=begun)) is waits


def test_any_clearance_counts_for_a_disease_without_a_date() -> None:
    """The order is unknown; the newest final clearance counts, with its day."""
    undated = listed("stroke", days=1)
    undated = replace(undated, stamp=replace(undated.stamp, dated=False))
    assert asks(undated) == ["stroke"]
    assert asks(undated, cleared(days=9)) == []
    assert asks(listed("stroke", days=5), cleared(days=9)) == ["stroke"]
    assert asks(listed("stroke", days=5), cleared(days=9), cleared(days=4)) == []
    assert asks(listed("stroke", days=5), cleared(days=9), cleared(days=4, soft=True)) == ["stroke"]


def active(days: int | None = 3, minutes: int | None = 30, reported: int = 5) -> list[Measurement]:
    """Regular exercise: days a week and minutes a day, reported a number of days ago."""
    given = (("exercise-days", days), ("exercise-minutes", minutes))
    return [measured(what, value, on(ago(reported))) for what, value in given if value is not None]


@pytest.mark.parametrize(
    ("reported", "waits"),
    [
        (active(), False), (active(7, 60), False), (active(days=2), True), (active(minutes=29), True),
        (active(days=None), True), (active(minutes=None), True), ([], True),
    ],
    ids=["enough", "more", "too few days", "too short", "days unknown", "minutes unknown", "unknown"],
)  # fmt: skip
def test_regular_exercise_needs_no_clearance(reported: list[Measurement], waits: bool) -> None:
    """Three days of 30 minutes; both numbers are required."""
    assert bool(asks(listed("stroke"), *reported)) is waits


def test_a_lower_number_that_is_not_final_counts() -> None:
    """In doubt clearance is needed; a higher preliminary number does not help."""
    (days, minutes), (fewer, _), (more, _) = active(), active(days=2, reported=2), active(days=5, reported=2)
    for one, waits in ((fewer, True), (more, False)):
        soft = replace(one, stamp=replace(one.stamp, preliminary=True))
        assert bool(asks(listed("stroke"), days, minutes, soft)) is waits
    (few, _) = active(days=2)
    soft = replace(more, stamp=replace(more.stamp, preliminary=True))
    assert asks(listed("stroke"), few, minutes, soft) == ["stroke"]
