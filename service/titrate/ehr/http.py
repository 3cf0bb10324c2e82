"""One HTTP exchange with the EHR: a call goes out, an answer comes back or is lost. Nothing is tried twice here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from requests.auth import AuthBase
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout, RequestException, SSLError
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.errors import ResponseTooLarge

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request. `what` names it in errors without ids; `repeatable` says that doing it twice is doing it once."""

    method: str
    url: str
    what: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response that came whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class ConnectionLost(Exception):
    """No whole answer came. `sent` is false only when the request cannot have reached the server."""

    def __init__(self, reason: str, *, sent: bool, again: bool = True) -> None:
        self.reason = reason
        self.sent = sent
        self.again = again
        super().__init__(reason)


class Bearer(AuthBase):
    """Our token and nobody else's: requests would otherwise look for credentials in the user's netrc file."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def send(session: requests.Session, call: HttpRequest, policy: ClientPolicy, token: str | None = None) -> HttpResponse:
    """Send `call` once. Raises Lost without the address in it, and TooMuch for a body over the cap."""
    try:
        with session.request(
            call.method,
            call.url,
            data=call.body,
            headers=dict(call.headers),
            auth=Bearer(token),
            stream=True,
            allow_redirects=False,
            timeout=(policy.connect_timeout, policy.read_timeout),
        ) as response:
            body = _body(response, call.what, policy.max_bytes)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpResponse(response.status_code, headers, body)
    except (RequestException, HTTPError, OSError) as error:
        raise _lost(error) from None


def _body(response: requests.Response, what: str, most: int) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(CHUNK):
        size += len(part)
        if size > most:
            raise ResponseTooLarge(what)
        parts.append(part)
    return b"".join(parts)


def _lost(error: Exception) -> ConnectionLost:
    if isinstance(error, SSLError):
        return ConnectionLost("the TLS certificate or handshake failed", sent=False, again=False)
    if isinstance(error, ConnectTimeout):
        return ConnectionLost("no connection in time", sent=False)
    if isinstance(error, NotConnected) and _never_connected(error):
        return ConnectionLost("no connection", sent=False)
    if isinstance(error, requests.exceptions.Timeout):
        return ConnectionLost("no answer in time", sent=True)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return ConnectionLost("the address is not valid", sent=False, again=False)
    return ConnectionLost("the connection broke off", sent=True)


def _never_connected(error: NotConnected) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
