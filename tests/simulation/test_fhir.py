"""What invented people report is FHIR as docs/inputs.md describes it, and all of it is read."""

from __future__ import annotations

import pytest

from tests.simulation.people import KINDS, lived, rules
from tests.validation.validator import Validator
from titrate.fhir.read import read_patient
from titrate.simulation.in_memory_ehr import bundle_of

WEEKS = 3
WAYS = (1, 2)  # Observations from an app, and forms


@pytest.mark.parametrize("number", WAYS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "bad-devices"])
def test_every_report_is_read(kind: str, number: int) -> None:
    """Nothing is refused: what the rules do not see in these courses, the people did not say."""
    course, shared = lived(kind, number, WEEKS), rules()
    at = course.person.clock(course.days[-1].date, 23)
    found = read_patient(tuple(course.chart.held.values()), shared.rulebook, shared.lookup, shared.site, at)
    assert [(one.source.reference, one.what, one.reason) for one in found.refusals] == []


@pytest.mark.validator
@pytest.mark.parametrize("kind", ["responder", "post-surgical"])
@pytest.mark.parametrize("number", WAYS)
def test_a_chart_has_no_error_in_the_reference_validator(kind: str, number: int, validator: Validator) -> None:
    """HL7's engine finds no error in what people reported and in what was written for them."""
    assert validator.errors(bundle_of(lived(kind, number, WEEKS).chart)) == ()
