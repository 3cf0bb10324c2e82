"""A proxy on a real socket between Titrate and the sandbox, which a test can make faulty."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from tests.ehr.odd_server import ReceivedRequest, Reply, serving

Forward = Callable[[ReceivedRequest], Reply]
# Takes a request and the function that forwards it to the EHR; returns the reply to Titrate.
Behaviour = Callable[[ReceivedRequest, Forward], Reply]
SECONDS = 60
FORWARDED_HEADERS = ("content-type", "location", "etag", "last-modified")


def faultless(request: ReceivedRequest, forward: Forward) -> Reply:
    """Forward everything."""
    return forward(request)


@dataclass
class FaultyProxy:
    """The proxy: its address, the requests it received, and its behaviour, which a test may change at any time."""

    base_url: str
    requests: list[ReceivedRequest]
    behaviour: Behaviour = faultless

    @property
    def transactions(self) -> int:
        """Number of transactions received."""
        return sum(is_transaction(request) for request in self.requests)


def is_transaction(request: ReceivedRequest) -> bool:
    """Whether the request posts a Bundle to the base address."""
    return request.method == "POST" and request.path.rstrip("/") == "/fhir"


@contextmanager
def faulty_proxy(ehr_url: str) -> Iterator[FaultyProxy]:
    """A proxy for the EHR at `ehr_url`. Addresses in bodies and headers are those of the proxy."""
    sessions = threading.local()
    proxies: list[FaultyProxy] = []

    def forward(request: ReceivedRequest) -> Reply:
        session = sessions.__dict__.setdefault("session", requests.Session())
        proxy_url, dropped = proxies[0].base_url, ("host", "content-length")
        headers = {name: value for name, value in request.headers.items() if name.lower() not in dropped}
        body = request.body.replace(proxy_url.encode(), ehr_url.encode())
        url = ehr_url + request.path.removeprefix("/fhir")
        response = session.request(request.method, url, data=body or None, headers=headers, timeout=SECONDS)
        reply_headers = {
            name: value.replace(ehr_url, proxy_url)
            for name, value in response.headers.items()
            if name.lower() in FORWARDED_HEADERS
        }
        content = response.content.replace(ehr_url.encode(), proxy_url.encode())
        return Reply(response.status_code, content, reply_headers)

    with serving(lambda request: proxies[0].behaviour(request, forward)) as server:
        proxies.append(FaultyProxy(server.base_url, server.requests))
        yield proxies[0]
