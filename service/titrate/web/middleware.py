"""Around every request: authentication, the deadline, one log line, metrics and security headers."""

from __future__ import annotations

import re
import secrets
import time
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from titrate.event_log import Event
from titrate.settings import is_loopback
from titrate.web.app_context import app_context, require_scope
from titrate.web.auth import Scope
from titrate.web.ehr_client import deadline_in
from titrate.web.errors import Problem, ProblemType

REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DEFAULT_PORTS = {"http": 80, "https": 443}
# A proxy on this computer that passes a request on adds one of them: the client may be anywhere.
PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Server", "X-Real-Ip")
KNOWN_METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
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


def install_middleware(app: Flask, public_endpoints: frozenset[str]) -> None:
    """Authenticate every request except those to `public_endpoints`, and log, count and protect every response."""

    @app.before_request
    def before() -> None:
        start_request()
        require_local_client()
        if request.endpoint not in public_endpoints:
            authenticate()

    app.after_request(finish_response)


def start_request() -> None:
    """Set the request id and the deadline; the client is not authenticated yet."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else f"r{secrets.token_hex(8)}"
    g.started = time.monotonic()
    g.deadline = deadline_in(app_context().settings.api_seconds)
    g.client = None
    g.problem = None


def require_local_client() -> None:
    """Raises Problem for a client that may be on another computer, unless the service authenticates its clients."""
    if app_context().authenticator.required:
        return
    local = is_loopback(request.remote_addr) and is_loopback(_host())
    if not local or any(header in request.headers for header in PROXY_HEADERS):
        raise Problem(ProblemType.NOT_FROM_HERE)


def authenticate() -> None:
    """Identify the client and require the scope `read`. Raises Problem for a request that is not permitted."""
    context = app_context()
    if request.method not in SAFE_METHODS and _is_cross_site():
        raise Problem(ProblemType.CROSS_SITE)
    g.client = context.authenticator.client(request.headers.get("Authorization"), context.clock)
    require_scope(Scope.READ)


def finish_response(response: Response) -> Response:
    """Add the headers, write the log line and count the request."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    response.headers["X-Request-Id"] = g.request_id
    seconds = time.monotonic() - g.started
    operation = request.endpoint or "none"
    _log_response(operation, response.status_code, seconds)
    metrics = app_context().metrics
    metrics.requests.labels(operation, _method(), response.status_code).inc()
    metrics.seconds.labels(operation).observe(seconds)
    return response


def request_code() -> str:
    """The request id as a short code, which the event log requires to begin with a letter."""
    return str(g.request_id) if g.request_id.startswith("r") else f"r:{g.request_id}"


def _log_response(operation: str, status: int, seconds: float) -> None:
    app_context().event_log.note(
        Event.ANSWERED,
        request=request_code(),
        client=g.client.name if g.client else "none",
        method=_method(),
        operation=operation,
        status=status,
        milliseconds=round(seconds * 1000),
        problem=g.problem or "none",
    )


def _method() -> str:
    """The HTTP method if it is a known one: a client can send any word."""
    return request.method if request.method in KNOWN_METHODS else "other"


def _host() -> str | None:
    """The host in the Host header. After DNS rebinding it is the name of the attacker's site."""
    try:
        return urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None


def _is_cross_site() -> bool:
    """Whether a browser sends the request for a page of another origin."""
    origin = request.headers.get("Origin")
    return origin is not None and _address(origin) != _address(request.host_url)


def _address(url: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port of an origin, with the default port where it has none; None if it is not an address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
