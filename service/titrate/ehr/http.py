"""One HTTP exchange with the EHR: a request and its response. Nothing is retried here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from requests.auth import AuthBase
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, RequestException, SSLError
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.errors import ConnectionLost, ResponseTooLarge
from titrate.messages import ehr_errors

CHUNK_BYTES = 64 * 1024
RANGE = re.compile(r"[A-Za-z]+ (?P<first>\d{1,18})-(?P<last>\d{1,18})/(?P<all>\d{1,18})")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request. `exchange` names it in errors, without ids; `repeatable` marks it safe to send more than once."""

    method: str
    url: str
    exchange: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A complete response. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class BearerAuth(AuthBase):
    """Sends the token of the settings, or none. Without it, requests sends credentials from the user's netrc file."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def is_partial(response: HttpResponse) -> bool:
    """Whether a response is a part by its status, or by a Content-Range that does not cover the whole."""
    stated = response.headers.get("content-range", "").strip()
    covers = RANGE.fullmatch(stated)
    is_whole = covers is not None and int(covers["first"]) == 0 and int(covers["last"]) + 1 >= int(covers["all"])
    return response.status == 206 or (stated != "" and not is_whole)


def send(
    session: requests.Session, request: HttpRequest, policy: ClientPolicy, token: str | None = None
) -> HttpResponse:
    """Send `request` once. Raises ConnectionLost or ResponseTooLarge, neither of which contains the URL."""
    try:
        with session.request(
            request.method,
            request.url,
            data=request.body,
            headers=dict(request.headers),
            auth=BearerAuth(token),
            stream=True,
            allow_redirects=False,
            timeout=(policy.connect_timeout, policy.read_timeout),
        ) as response:
            body = _body(response, request.exchange, policy.max_bytes)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return HttpResponse(response.status_code, headers, body)
    except (RequestException, HTTPError, OSError) as error:
        raise _connection_lost(request.exchange, error) from None


def _body(response: requests.Response, exchange: str, max_bytes: int) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(CHUNK_BYTES):
        size += len(part)
        if size > max_bytes:
            raise ResponseTooLarge(exchange)
        parts.append(part)
    return b"".join(parts)


def _connection_lost(exchange: str, error: Exception) -> ConnectionLost:
    if isinstance(error, SSLError):
        return ConnectionLost(exchange, ehr_errors.EhrTlsFailed(), sent=False, retryable=False)
    if isinstance(error, ConnectTimeout):
        return ConnectionLost(exchange, ehr_errors.EhrConnectTimeout(), sent=False)
    if isinstance(error, RequestsConnectionError) and _never_connected(error):
        return ConnectionLost(exchange, ehr_errors.EhrNoConnection(), sent=False)
    if isinstance(error, requests.exceptions.Timeout):
        return ConnectionLost(exchange, ehr_errors.EhrReadTimeout())
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return ConnectionLost(exchange, ehr_errors.EhrInvalidAddress(), sent=False, retryable=False)
    return ConnectionLost(exchange, ehr_errors.EhrConnectionBroken())


def _never_connected(error: RequestsConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
