"""The EHRs of the contract: the sandbox in this process, and HAPI FHIR strict and as it comes, by their addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.sandbox.server import Sandbox
from service.sync.corridor import Rules
from tests.contract.people import rules as shipped


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The sandbox EHR, empty at the start."""
    with Sandbox() as sandbox:
        yield sandbox.base_url


@pytest.fixture(
    params=[
        "sandbox_url",
        pytest.param("hapi_url", marks=pytest.mark.hapi),
        pytest.param("hapi_lenient_url", marks=pytest.mark.hapi),
    ]
)
def server_url(request: pytest.FixtureRequest) -> str:
    """Each server in turn; one that is not there is skipped with its reason."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rulebook that ships."""
    return shipped()
