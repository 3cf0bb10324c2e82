"""Whether an answer is a part, by its status and its Content-Range."""

from __future__ import annotations

import pytest

from tests.ehr.ehr_client import client
from tests.ehr.odd_server import Reply, resource, serving
from titrate.ehr.errors import PartialAnswer
from titrate.ehr.http import HttpResponse, is_partial


@pytest.mark.parametrize(
    ("status", "stated", "part"),
    [
        (200, None, False), (203, None, False), (206, None, True), (206, "items 0-9/10", True),
        (200, "items 0-9/10", False), (200, "items 0-8/10", True), (200, "items 1-9/10", True),
        (200, "bytes 0-99/4000", True), (200, "items 0-9/*", True), (200, "items */10", True), (200, "all", True),
        (200, " ", False),
    ],
)  # fmt: skip
def test_a_part(status: int, stated: str | None, part: bool) -> None:
    """A range counts as the whole only where it begins at 0 and reaches the end."""
    headers = {} if stated is None else {"content-range": stated}
    assert is_partial(HttpResponse(status, headers, b"")) is part


def test_a_part_of_one_resource_is_an_error() -> None:
    """By either way to read it."""
    usual = resource({"resourceType": "Patient", "id": "p"})
    with serving(lambda _request: Reply(206, usual.body, usual.headers)) as server:
        ehr = client(server.base_url)
        for read in (ehr.get, ehr.read):
            with pytest.raises(PartialAnswer):
                read("Patient/p", "read Patient")
