"""The contract tests run against another server, as the page for integrators describes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.project.sources import ROOT
from titrate.sandbox.server import Sandbox


@pytest.mark.slow
def test_the_contract_runs_on_the_server_that_is_named() -> None:
    """On that server alone: nothing is skipped although no other server is there."""
    chosen = "tests/ehr/test_contract.py::test_a_plan_is_written_and_read_back"
    with Sandbox() as sandbox:
        environment = {
            "PATH": "/usr/bin:/bin",
            "TITRATE_TEST_FHIR_URL": f"{sandbox.base_url}/",
            "TITRATE_REQUIRE_ALL": "1",
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", chosen]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=100
        )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
