"""An HTTP server on a real socket that misbehaves as its script demands and records the requests it receives."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FHIR_JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as the server received it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One response. `cut` announces more bytes than it sends; `hang_up` sends nothing; `wait` delays the response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    hang_up: bool = False
    wait: threading.Event | None = None


Script = Callable[[ReceivedRequest], Reply]


def resource(content: Mapping[str, Any], status: int = 200, **headers: str) -> Reply:
    """A FHIR response. A keyword such as `retry_after` becomes the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(content).encode(), {"Content-Type": FHIR_JSON, **named})


def page(*resources: Mapping[str, Any], following: str | None = None) -> Reply:
    """One page of a search."""
    link = [{"relation": "next", "url": following}] if following else []
    entries = [{"resource": one, "search": {"mode": "match"}} for one in resources]
    return resource({"resourceType": "Bundle", "type": "searchset", "link": link, "entry": entries})


def outcome(status: int, code: str, **headers: str) -> Reply:
    """A FHIR error whose free text must never be repeated."""
    issue = {"severity": "error", "code": code, "diagnostics": "Ms Secret", "expression": ["CarePlan.status"]}
    return resource({"resourceType": "OperationOutcome", "issue": [issue]}, status, **headers)


def in_turn(*replies: Reply) -> Script:
    """Send each reply once, then repeat the last one."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@dataclass(frozen=True, slots=True)
class OddServer:
    """The server's base URL and the requests that it has received."""

    base_url: str
    requests: list[ReceivedRequest]


@contextlib.contextmanager
def serving(script: Script) -> Iterator[OddServer]:
    """Serve `script` on loopback while the block runs."""
    requests: list[ReceivedRequest] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet, or each answer waits 40 ms for an acknowledgement

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = ReceivedRequest(self.command, self.path, dict(self.headers.items()), body)
            requests.append(request)
            self._reply(script(request))

        def _reply(self, reply: Reply) -> None:
            if reply.wait is not None:
                reply.wait.wait(10)
            self.close_connection = reply.cut or reply.hang_up
            if reply.hang_up:
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (100 if reply.cut else 0)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002
            return

        do_GET = do_POST = do_PUT = _handle  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield OddServer(f"http://127.0.0.1:{server.server_port}/fhir", requests)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
