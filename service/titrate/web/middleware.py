"""Around every request: who asks, how long it may take, what is logged and counted, and security headers."""

from __future__ import annotations

import re
import secrets
import time
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from titrate.event_log import Event
from titrate.settings import LOOPBACK
from titrate.web.app_context import app_context, need
from titrate.web.auth import ANYBODY, Scope
from titrate.web.ehr_client import deadline
from titrate.web.errors import Problem

REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def guard(app: Flask, open_endpoints: frozenset[str]) -> None:
    """Let nothing in that may not be, and write down what was answered."""

    @app.before_request
    def before() -> None:
        begin()
        if request.endpoint not in open_endpoints:
            admit()

    app.after_request(after)


def begin() -> None:
    """A number for the request, the time that it may take, and nobody in particular who asks."""
    given = request.headers.get("X-Request-Id", "")
    g.request = given if REQUEST_ID.fullmatch(given) else f"r{secrets.token_hex(8)}"
    g.begun = time.monotonic()
    g.deadline = deadline(app_context().settings.api_seconds)
    g.client = None
    g.problem = None


def admit() -> None:
    """Find out who asks. Raises Problem for whoever may not."""
    access = app_context().access
    if not access.required and not (_is_loopback(request.remote_addr) and _is_loopback(_host())):
        raise Problem("not-from-here")
    if request.method not in SAFE_METHODS and _from_another_site():
        raise Problem("cross-site")
    g.client = access.client(request.headers.get("Authorization"), app_context().clock)
    need(Scope.READ)


def after(response: Response) -> Response:
    """Headers, one log line, and the counts."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers["X-Request-Id"] = g.request
    seconds = time.monotonic() - g.begun
    _note(response.status_code, seconds)
    operation = request.endpoint or "none"
    app_context().metrics.requests.labels(operation, _method(), response.status_code).inc()
    app_context().metrics.seconds.labels(operation).observe(seconds)
    return response


def _note(status: int, seconds: float) -> None:
    client = g.client or ANYBODY
    app_context().journal.note(
        Event.ANSWERED,
        request=g.request if g.request.startswith("r") else f"r:{g.request}",
        client=client.name if g.client else "none",
        method=_method(),
        operation=request.endpoint or "none",
        status=status,
        milliseconds=round(seconds * 1000),
        problem=g.problem or "none",
    )


def _method() -> str:
    """The method, if it is one that HTTP knows: it is whatever the client wrote."""
    return request.method if request.method in {*SAFE_METHODS, "POST", "PUT", "PATCH", "DELETE"} else "other"


def _host() -> str | None:
    """The name in the Host header. A page of the internet that found its way here would bring its own."""
    return urlsplit(f"//{request.host}").hostname


def _is_loopback(name: str | None) -> bool:
    return name in LOOPBACK or (name or "").startswith("127.")


def _from_another_site() -> bool:
    """Whether a browser sends this for a page that is not ours."""
    origin = request.headers.get("Origin")
    return origin is not None and origin != request.host_url.rstrip("/")
