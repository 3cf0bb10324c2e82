"""The servers for plan lifecycles: always the sandbox, and HAPI if it is available."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.values import practitioner
from tests.plan_lifecycle.ehr_server import EhrServer
from titrate.sandbox.server import Sandbox


@pytest.fixture(scope="session")
def sandbox_ehr() -> Iterator[EhrServer]:
    """The sandbox EHR in this process, with the clinician."""
    with Sandbox() as sandbox:
        ehr_server = EhrServer(sandbox.base_url)
        ehr_server.put([practitioner()])
        yield ehr_server


@pytest.fixture(scope="session")
def hapi_ehr(hapi_url: str) -> EhrServer:
    """A strict HAPI server, with the clinician."""
    ehr_server = EhrServer(hapi_url)
    ehr_server.put([practitioner()])
    return ehr_server


@pytest.fixture(params=["sandbox_ehr", pytest.param("hapi_ehr", marks=pytest.mark.hapi)])
def ehr_server(request: pytest.FixtureRequest) -> EhrServer:
    """Each of the two in turn."""
    found: EhrServer = request.getfixturevalue(request.param)
    return found
