"""What tests of the contract share. Its servers come from tests/conftest.py."""

from __future__ import annotations

import pytest

from tests.contract.people import rules as shipped
from titrate.app.pipeline import PlanningRules


@pytest.fixture(scope="session")
def rules() -> PlanningRules:
    """The rulebook that ships."""
    return shipped()
