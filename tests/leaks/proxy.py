"""A server between the service and the EHR: passes on what it is asked, and fails where it is told to."""

from __future__ import annotations

import requests

from tests.ehr.odd_server import ReceivedRequest, Reply, Script

SECONDS = 30
KEPT = ("Content-Type", "Accept", "Prefer", "If-None-Exist")


def passing(base_url: str) -> Script:
    """Everything goes through to the EHR at `base_url`."""
    session = requests.Session()
    root = base_url.removesuffix("/fhir")

    def answer(asked: ReceivedRequest) -> Reply:
        headers = {name: asked.headers[name] for name in KEPT if name in asked.headers}
        got = session.request(asked.method, f"{root}{asked.path}", data=asked.body, headers=headers, timeout=SECONDS)
        return Reply(got.status_code, got.content, {"Content-Type": got.headers.get("Content-Type", "")})

    return answer


def failing(base_url: str, where: str, how: Reply) -> Script:
    """The same, but `how` whenever `METHOD path;` starts with `where`; a semicolon there ends the path."""
    through = passing(base_url)
    return lambda asked: how if f"{asked.method} {asked.path};".startswith(where) else through(asked)
