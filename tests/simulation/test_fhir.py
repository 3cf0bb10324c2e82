"""The reports of simulated patients are FHIR as docs/inputs.md describes it, and the service reads all of them."""

from __future__ import annotations

import pytest

from tests.simulation.courses import KINDS, rules, simulated_course
from tests.validation.validator import Validator
from titrate.fhir.read import read_patient
from titrate.simulation.in_memory_ehr import bundle_of

WEEKS = 3
NUMBERS = (1, 2)  # the first patient sends Observations, the second forms


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "bad-devices"])
def test_every_report_is_read(kind: str, number: int) -> None:
    """Nothing is refused, so that the rules know everything that was reported."""
    course, shared = simulated_course(kind, number, WEEKS), rules()
    at = course.patient.clock(course.days[-1].date, 23)
    found = read_patient(tuple(course.chart.held.values()), shared.rulebook, shared.lookup, shared.site, at)
    assert [(one.source.reference, one.what, one.reason) for one in found.refusals] == []


@pytest.mark.validator
@pytest.mark.parametrize("kind", ["responder", "post-surgical"])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_chart_has_no_error_in_the_reference_validator(kind: str, number: int, validator: Validator) -> None:
    """HL7's engine finds no error in the reports and in the plans written for them."""
    assert validator.errors(bundle_of(simulated_course(kind, number, WEEKS).chart)) == ()
