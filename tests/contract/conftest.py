"""What tests of the contract share. Its servers come from tests/conftest.py."""

from __future__ import annotations

import pytest

from service.sync.corridor import Rules
from tests.contract.people import rules as shipped


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rulebook that ships."""
    return shipped()
