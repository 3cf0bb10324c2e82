"""One sandbox EHR for all tests of whole runs, behind a proxy that a test can make fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.between import Between, between
from tests.app.crowd import COUNT, KILLED
from tests.app.ehr_process import running


@pytest.fixture(scope="package")
def ehr() -> Iterator[str]:
    """Address of the EHR. Each kind of patients in it belongs to one test."""
    with running(crowd=COUNT, killed=KILLED, pair=12) as url:
        yield url


@pytest.fixture(scope="package")
def way(ehr: str) -> Iterator[Between]:
    """The proxy between Titrate and the EHR."""
    with between(ehr) as started:
        yield started
