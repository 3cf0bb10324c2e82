"""The client for one EHR: what the other modules of this room ask through.

One client a thread, because a requests Session is not promised to be safe between threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from titrate.ehr import json_bytes
from titrate.ehr.client_policy import ClientPolicy, client_policy
from titrate.ehr.errors import (
    BadAnswer,
    OutcomeUnknown,
    ResponseTooLarge,
    ServerFault,
    Unreachable,
    WrongOrigin,
    error_of,
    issues_of,
)
from titrate.ehr.http import ConnectionLost, HttpRequest, HttpResponse, send
from titrate.ehr.retry import retry_after, with_retries
from titrate.event_log import SILENT, EventLog
from titrate.settings import Settings

FHIR_JSON = "application/fhir+json"
PORTS = {"http": 80, "https": 443}


class EHR:
    """A FHIR server at `base_url`. The token is sent to that origin and to no other."""

    def __init__(
        self,
        base_url: str,
        session: requests.Session,
        policy: ClientPolicy | None = None,
        token: str | None = None,
        event_log: EventLog = SILENT,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.policy = policy or ClientPolicy()
        self.event_log = event_log
        self.searches_by_post = True
        self.profiles: frozenset[str] | None = None
        self._session = session
        self._token = token

    def __repr__(self) -> str:
        return f"EHR({self.base_url})"

    def get(self, url: str, what: str, prefer: str | None = None) -> dict[str, Any]:
        """The JSON at `url` (relative to the base, or absolute on its origin). Raises an EHRError for anything else."""
        return self._ask(HttpRequest("GET", self.address(url, what), what, _headers(prefer)))

    def find(self, kind: str, form: bytes, what: str, prefer: str) -> dict[str, Any]:
        """Search by POST, which keeps ids out of the server's access log."""
        headers = {**_headers(prefer), "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask(HttpRequest("POST", f"{self.base_url}/{kind}/_search", what, headers, form))

    def write(self, path: str, content: Mapping[str, Any], what: str, once: str | None = None) -> HttpResponse:
        """POST `content`. `once` is an If-None-Exist query, which makes it safe to repeat.

        Raises OutcomeUnknown when it was sent and no answer, or a server error, came back.
        """
        headers = {**_headers("return=minimal"), "Content-Type": f"{FHIR_JSON}; charset=utf-8"}
        if once:
            headers["If-None-Exist"] = once
        url = f"{self.base_url}/{path}".rstrip("/")
        call = HttpRequest("POST", url, what, headers, json_bytes.written(content), repeatable=once is not None)
        answer = self._persist(call)
        if answer.status >= 500 and retry_after(answer) is None:
            raise OutcomeUnknown(what, status=answer.status, issues=issues_of(_outcome(answer)))
        _raise_unless_done(answer, what)
        return answer

    def address(self, url: str, what: str) -> str:
        """`url` made absolute. Raises WrongOrigin when it leads away from the EHR."""
        absolute = _joined(f"{self.base_url}/", url)
        if _origin(absolute) != _origin(self.base_url):
            raise WrongOrigin(what)
        return absolute

    def _ask(self, call: HttpRequest) -> dict[str, Any]:
        answer = self._persist(call)
        _raise_unless_done(answer, call.what)
        return content_of(answer, call.what)

    def _send(self, call: HttpRequest) -> HttpResponse:
        return send(self._session, call, self.policy, self._token)

    def _persist(self, call: HttpRequest) -> HttpResponse:
        try:
            return with_retries(self._send, call, self.policy, self.event_log)
        except ConnectionLost as lost:
            kind = Unreachable if call.repeatable or not lost.sent else OutcomeUnknown
            raise kind(call.what, f"What happened: {lost.reason}.") from None
        except ResponseTooLarge:
            if call.repeatable:
                raise
            # it was done; only what the server says of it is too long to read
            raise OutcomeUnknown(call.what) from None


def connect(settings: Settings, event_log: EventLog = SILENT, policy: ClientPolicy | None = None) -> EHR:
    """A client for the EHR of the settings, with a session of its own that retries nothing behind our back."""
    if not settings.fhir_url:
        raise Unreachable("connect", "TITRATE_FHIR_URL is not set.")
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=Retry(total=0, read=False)))
    return EHR(settings.fhir_url, session, policy or client_policy(settings), settings.token, event_log)


def content_of(answer: HttpResponse, what: str) -> dict[str, Any]:
    """The resource in an answer. Raises BadAnswer for HTML, for anything cut short, and for anything not a resource."""
    if "html" in answer.headers.get("content-type", ""):
        raise BadAnswer(what, "It is an HTML page.", status=answer.status)
    try:
        content = json_bytes.read(answer.body)
    except json_bytes.NotJson as error:
        raise BadAnswer(what, f"It is {error}, or was cut short.", status=answer.status) from None
    if not isinstance(content.get("resourceType"), str):
        raise BadAnswer(what, "It has no resourceType.", status=answer.status)
    return content


def _headers(prefer: str | None) -> dict[str, str]:
    return {"Accept": FHIR_JSON, **({"Prefer": prefer} if prefer else {})}


def _raise_unless_done(answer: HttpResponse, what: str) -> None:
    if 200 <= answer.status < 300:
        return
    error = error_of(what, answer.status, _outcome(answer))
    if isinstance(error, ServerFault):
        error.retry_after = retry_after(answer)
    raise error


def _outcome(answer: HttpResponse) -> object:
    try:
        return json_bytes.read(answer.body)
    except json_bytes.NotJson:
        return None


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:  # such as an unfinished IPv6 host
        return url


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return "", None, None
