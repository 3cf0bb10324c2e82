"""One sandbox EHR for all tests of whole runs, behind a proxy that a test can make fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.crowd import COUNT, KILLED
from tests.app.ehr_process import running
from tests.app.faulty_proxy import FaultyProxy, faulty_proxy


@pytest.fixture(scope="package")
def ehr() -> Iterator[str]:
    """Address of the EHR. Each kind of patient in it belongs to one test."""
    with running(crowd=COUNT, killed=KILLED, pair=12) as url:
        yield url


@pytest.fixture(scope="package")
def proxy(ehr: str) -> Iterator[FaultyProxy]:
    """The proxy between Titrate and the EHR."""
    with faulty_proxy(ehr) as started:
        yield started
