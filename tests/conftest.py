"""Fixtures for external servers and FHIR packages; a test is skipped with a reason when one is absent.

With TITRATE_REQUIRE_ALL set, as in .ci/run, a skip is a failure. With TITRATE_TEST_FHIR_URL set, the contract tests run
against that server only.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.validation.validator import Validator, running
from titrate.sandbox.server import Sandbox

pytest_plugins = ["tests.plan_lifecycle.servers", "tests.ledger.databases"]

ROOT = Path(__file__).parents[1]
US_CORE = "us_core_610.tgz"
# The Physical Activity guide is built on the older US Core, and an engine takes one version of a package only.
ACTIVITY = ("us_core_311.tgz", "hl7.fhir.us.physical-activity-1.0.1.tgz")

# The EHRs of the contract tests: one in this process, the others by address.
SERVERS = (
    "sandbox_url",
    pytest.param("hapi_url", marks=pytest.mark.hapi),
    pytest.param("hapi_lenient_url", marks=pytest.mark.hapi),
)


def _setting(name: str, need: str) -> str:
    value = os.environ.get(name)
    if not value:
        pytest.skip(f"{name} is not set: it names {need} (docs/contributors.md)")
    return value


@pytest.fixture(scope="session")
def hapi_url() -> str:
    """Base URL of a HAPI FHIR server that rejects resources with validation errors."""
    return _setting("TITRATE_TEST_HAPI_URL", "a strict HAPI FHIR server")


@pytest.fixture(scope="session")
def hapi_lenient_url() -> str:
    """Base URL of a HAPI FHIR server with default settings, which accepts almost anything."""
    return _setting("TITRATE_TEST_HAPI_LENIENT_URL", "a lenient HAPI FHIR server")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of a PostgreSQL server in which tests may create databases."""
    return _setting("TITRATE_TEST_POSTGRES_URL", "a PostgreSQL in which databases may be made")


@pytest.fixture(scope="session")
def site_url() -> str:
    """Base URL of another test server, which replaces all others."""
    return _setting("TITRATE_TEST_FHIR_URL", "a FHIR server for tests").rstrip("/")


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The sandbox EHR in this process, empty at the start."""
    with Sandbox() as sandbox:
        yield sandbox.base_url


@pytest.fixture
def server_url(request: pytest.FixtureRequest) -> str:
    """Each server of the contract tests in turn; an absent one is skipped with a reason."""
    return str(request.getfixturevalue(request.param))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize contract tests by server."""
    if "server_url" in metafunc.fixturenames:
        own = os.environ.get("TITRATE_TEST_FHIR_URL")
        metafunc.parametrize("server_url", ["site_url"] if own else SERVERS, indirect=True)


@pytest.fixture(scope="session")
def fhir_packages() -> Path:
    """The folder that holds FHIR packages and the Synthea sample."""
    return Path(_setting("TITRATE_FHIR_PACKAGES", "a folder of FHIR packages"))


@pytest.fixture(scope="session")
def validator_jar() -> Path:
    """The validation engine, as tests/tools/fhir-validator builds it."""
    return Path(_setting("TITRATE_VALIDATOR_JAR", "the jar that tests/tools/fhir-validator/build makes"))


@pytest.fixture(scope="session")
def validator(validator_jar: Path, fhir_packages: Path) -> Iterator[Validator]:
    """The engine for R4 and US Core 6.1.0."""
    with running(validator_jar, [fhir_packages / US_CORE]) as engine:
        yield engine


@pytest.fixture(scope="session")
def activity_validator(validator_jar: Path, fhir_packages: Path) -> Iterator[Validator]:
    """The engine for R4 and the Physical Activity guide 1.0.1."""
    with running(validator_jar, [fhir_packages / name for name in ACTIVITY]) as engine:
        yield engine


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure when everything is required; an expected failure is not a skip."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("TITRATE_REQUIRE_ALL"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"TITRATE_REQUIRE_ALL is set, so nothing may be skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Check the report of each phase of each test."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Check modules that are skipped as a whole."""
    report = yield
    _refuse_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print for each absent server how many tests were skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in sorted(Counter(str(report.longrepr[2]) for report in skipped).items()):
        terminalreporter.write_line(f"{count} {reason}")
