"""A proxy on a real socket between Titrate and the sandbox: passes everything on, except what a test spoils."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from tests.ehr.odd_server import ReceivedRequest, Reply, serving

# Given the request and the way to the EHR: the answer that Titrate gets.
Spoiler = Callable[[ReceivedRequest, Callable[[ReceivedRequest], Reply]], Reply]
SECONDS = 60
KEPT = ("content-type", "location", "etag", "last-modified")


def untouched(asked: ReceivedRequest, pass_on: Callable[[ReceivedRequest], Reply]) -> Reply:
    """Spoil nothing."""
    return pass_on(asked)


@dataclass
class Between:
    """The proxy: its address, what it does to requests (may be changed at any time), and what it was asked."""

    base_url: str
    asked: list[ReceivedRequest]
    spoiler: Spoiler = untouched

    @property
    def transactions(self) -> int:
        """How many transactions were sent."""
        return sum(is_transaction(one) for one in self.asked)


def is_transaction(asked: ReceivedRequest) -> bool:
    """Whether it is a Bundle sent to the base address."""
    return asked.method == "POST" and asked.path.rstrip("/") == "/fhir"


@contextmanager
def between(ehr_url: str) -> Iterator[Between]:
    """A proxy before the EHR at `ehr_url`."""
    sessions = threading.local()
    made: list[Between] = []

    def pass_on(one: ReceivedRequest) -> Reply:
        session = sessions.__dict__.setdefault("session", requests.Session())
        headers = {name: value for name, value in one.headers.items() if name.lower() not in ("host", "content-length")}
        body = one.body.replace(made[0].base_url.encode(), ehr_url.encode())
        url = ehr_url + one.path.removeprefix("/fhir")
        answer = session.request(one.method, url, data=body or None, headers=headers, timeout=SECONDS)
        kept = {name: value for name, value in answer.headers.items() if name.lower() in KEPT}
        ours = made[0].base_url
        kept = {name: value.replace(ehr_url, ours) for name, value in kept.items()}
        return Reply(answer.status_code, answer.content.replace(ehr_url.encode(), ours.encode()), kept)

    with serving(lambda one: made[0].spoiler(one, pass_on)) as server:
        made.append(Between(server.base_url, server.requests))
        yield made[0]
