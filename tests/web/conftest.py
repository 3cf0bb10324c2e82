"""Running services: one without an EHR, and one with the sandbox as its EHR."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.running import PATIENTS
from tests.web.service import Service, serving, serving_ward, settings
from titrate.json_codec import loads
from titrate.sandbox.server import Sandbox

GUESTS = ("e2-progress", "e3-hold", "red-flag", "under-18")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service without an EHR and without authentication."""
    with serving(settings(tmp_path_factory.mktemp("alone"))) as service:
        yield service


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    """An EHR with a few synthetic patients."""
    with Sandbox() as sandbox:
        sandbox.fill(loads((PATIENTS / guest / "bundle.json").read_bytes()) for guest in GUESTS)
        yield sandbox.base_url


@pytest.fixture(scope="module")
def service(sandbox_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose EHR is the sandbox, with every patient enrolled, used by a client that may write and approve."""
    with serving_ward(tmp_path_factory.mktemp("service"), fhir_url=sandbox_url, enrolled="all") as service:
        yield service
