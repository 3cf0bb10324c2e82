"""Every written resource is valid for the reference validator: R4, and US Core 6.1.0 where it is claimed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.example import AT, SITE, proposal
from tests.fhir.write.test_round_trip import EVERYTHING
from tests.fhir.write.test_transaction import RUNS
from titrate.fhir.write import PlanProposal, alert, compose, record


@pytest.mark.validator
@pytest.mark.parametrize("run", [*RUNS.values(), proposal(prescription=EVERYTHING)], ids=[*RUNS, "everything"])
def test_no_errors(validator: Any, run: PlanProposal) -> None:
    """Draft, record and alert have no error."""
    for made in (compose, record, alert):
        bundle = made(run, SITE, AT)
        if "entry" in bundle:
            assert validator.errors(bundle) == ()
