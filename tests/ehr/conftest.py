"""FHIR servers that the contract of this room is tried on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.sandbox.server import Sandbox


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The sandbox EHR, in this process."""
    with Sandbox() as sandbox:
        yield sandbox.base_url


@pytest.fixture(params=[
    "sandbox_url",
    pytest.param("hapi_url", marks=pytest.mark.hapi),
    pytest.param("hapi_lenient_url", marks=pytest.mark.hapi),
])
def server_url(request: pytest.FixtureRequest) -> str:
    """Each real server in turn; one that is not there is skipped with its reason."""
    return str(request.getfixturevalue(request.param))
