"""Medical clearance before the first dose: for whom it is asked, and what settles it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import time

import pytest

from service.clinical.engine import Result
from service.clinical.participation import ACTIVE, CLEARED, LASTING
from service.clinical.plan import NO_PLAN
from service.clinical.readings import Diagnosed, Reading, Reporter
from service.mappings import load_with_lookup
from tests.clinical.thresholds.probe import AT, Case, ago, calm, on_course
from tests.courses.build import answered, heard, on, screen, stamp, trial

BOOK, LOOKUP = load_with_lookup()


def listed(concept: str, kind: str = "condition", days: int = 900) -> Diagnosed:
    """A diagnosis from before."""
    return Diagnosed(kind, concept, concept, stamp(concept, on(ago(days))))


def start(*more: Reading, trials: Iterable[int] = (5, 3, 1)) -> Result:
    """Someone without a plan, with trials and a full screen."""
    tried = [trial("walking", ago(day), 20, "min") for day in trials]
    return on_course(BOOK, (heard((*calm(), *screen(AT), *tried, *more)), NO_PLAN, on(AT, time(13))))


def cleared(value: bool = True, days: int = 2, by: Reporter = Reporter.PRACTITIONER, soft: bool = False) -> Reading:
    """A clinician's word about exercise."""
    said = answered(CLEARED, value, on(ago(days)), by)
    return replace(said, stamp=replace(said.stamp, preliminary=soft))


@pytest.mark.parametrize("concept", sorted({*LASTING, *ACTIVE} - {"aortic-stenosis", "decompensated-heart-failure"}))
def test_known_disease_waits_for_a_clearance(concept: str) -> None:
    """D5 and no dose, and the draft asks for the clearance; with it the start doses come."""
    waits = start(listed(concept))
    assert waits.decision.rule == "D5"
    assert not any(d.next for d in waits.decision.doses)
    assert waits.decision.asks == (f"medical clearance before the start: {concept} is listed",)
    assert start(listed(concept), cleared()).decision.rule == "D6"


@pytest.mark.parametrize("concept", sorted({*LASTING, *ACTIVE}))
def test_each_disease_is_a_group_of_the_mappings(concept: str) -> None:
    """A name that the mappings do not have would ask nobody."""
    assert concept in {group.name for group in LOOKUP.conditions}


def test_what_is_over() -> None:
    """A past heart attack still asks; a past diabetes does not, and neither does high blood pressure."""
    assert start(listed("myocardial-infarction", "past-condition")).decision.rule == "D5"
    assert start(listed("diabetes", "past-condition")).decision.rule == "D6"
    assert start(listed("hypertension")).decision.rule == "D6"


def test_what_does_not_settle_it() -> None:
    """A no, a later no, a preliminary yes, and a yes from before the disease."""
    disease = listed("ischaemic-heart-disease", days=10)
    assert start(disease, cleared(value=False)).decision.rule == "D5"
    assert start(disease, cleared(days=3), cleared(value=False, days=2)).decision.rule == "D5"
    assert start(disease, cleared(soft=True)).decision.rule == "D5"
    assert start(disease, cleared(days=11)).decision.rule == "D5"
    assert start(disease, cleared(days=10)).decision.rule == "D6"


def test_a_plan_that_has_begun_is_not_asked() -> None:
    """With a dose in force the same disease holds nothing."""
    assert Case(more=(listed("ischaemic-heart-disease"),)).run(BOOK).decision.rule == "D10"
