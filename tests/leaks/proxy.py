"""A proxy between the service and the EHR that passes requests on, or fails on some of them."""

from __future__ import annotations

import requests

from tests.ehr.odd_server import ReceivedRequest, Reply, Script

SECONDS = 30
KEPT = ("Content-Type", "Accept", "Prefer", "If-None-Exist")


def passing(base_url: str) -> Script:
    """A script that passes every request on to the EHR at `base_url`."""
    session = requests.Session()
    root = base_url.removesuffix("/fhir")

    def answer(request: ReceivedRequest) -> Reply:
        headers = {name: request.headers[name] for name in KEPT if name in request.headers}
        got = session.request(
            request.method, f"{root}{request.path}", data=request.body, headers=headers, timeout=SECONDS
        )
        return Reply(got.status_code, got.content, {"Content-Type": got.headers.get("Content-Type", "")})

    return answer


def failing(base_url: str, where: str, how: Reply) -> Script:
    """The same, with the response `how` to each request whose `METHOD path;` starts with `where`."""
    through = passing(base_url)
    return lambda request: how if f"{request.method} {request.path};".startswith(where) else through(request)
