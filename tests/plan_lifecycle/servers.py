"""The servers on which plans live in tests: the sandbox always, HAPI where it is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.values import practitioner
from tests.plan_lifecycle.hospital import Hospital
from titrate.sandbox.server import Sandbox


@pytest.fixture(scope="session")
def sandbox_hospital() -> Iterator[Hospital]:
    """The sandbox EHR in this process, with the clinician in it."""
    with Sandbox() as sandbox:
        hospital = Hospital(sandbox.base_url)
        hospital.put([practitioner()])
        yield hospital


@pytest.fixture(scope="session")
def hapi_hospital(hapi_url: str) -> Hospital:
    """A strict HAPI server, with the clinician in it."""
    hospital = Hospital(hapi_url)
    hospital.put([practitioner()])
    return hospital


@pytest.fixture(params=["sandbox_hospital", pytest.param("hapi_hospital", marks=pytest.mark.hapi)])
def hospital(request: pytest.FixtureRequest) -> Hospital:
    """Each of the two in turn."""
    found: Hospital = request.getfixturevalue(request.param)
    return found
