"""The client for one EHR: read, search and send a transaction, with retries and typed errors.

Use one client per thread: requests does not promise that a Session is safe between threads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from titrate.ehr.client_policy import ClientPolicy, client_policy
from titrate.ehr.errors import (
    BadAnswer,
    ConnectionLost,
    OutcomeUnknown,
    PartialAnswer,
    ResponseTooLarge,
    ServerFault,
    Unreachable,
    WrongOrigin,
    error_for_status,
    outcome_issues,
)
from titrate.ehr.http import HttpRequest, HttpResponse, is_partial, send
from titrate.ehr.retry import retry_after, with_retries
from titrate.event_log import SILENT, EventLog
from titrate.json_codec import InvalidJson, dumps, loads_object
from titrate.messages import ehr_errors
from titrate.settings import Settings

FHIR_JSON = "application/fhir+json"
# For an EHR that does not know the media type of FHIR.
PLAIN_JSON = "application/json"
ETAG = re.compile(r'(?:W/)?"([^"]{1,64})"')
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ResourceAnswer:
    """A resource that the EHR returned. `is_partial`: by status or headers it is a part of what there is."""

    content: dict[str, Any]
    is_partial: bool = False


class EHR:
    """A FHIR server at `base_url`. The token is sent to that origin only."""

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
        self.post_has_worked = False
        self.accept = FHIR_JSON
        self._tried_plain_json = False
        self.types_by_get: set[str] = set()
        self.sends_page_size = True
        self.profiles: frozenset[str] | None = None
        self.signers: dict[str, tuple[dict[str, Any], ...]] = {}
        self._session = session
        self._token = token

    def __repr__(self) -> str:
        return f"EHR({self.base_url})"

    def get(self, url: str, exchange: str, prefer: str | None = None) -> dict[str, Any]:
        """The whole resource at `url`, relative to the base or absolute on its origin. Raises EHRError."""
        answer = self.answer(url, exchange, prefer)
        if answer.is_partial:
            raise PartialAnswer(exchange)
        return answer.content

    def answer(self, url: str, exchange: str, prefer: str | None = None) -> ResourceAnswer:
        """The same, also of an answer that is a part. Raises EHRError."""
        return self._fetch(HttpRequest("GET", self.absolute_url(url, exchange), exchange, self._headers(prefer)))

    def read(self, reference: str, exchange: str) -> dict[str, Any]:
        """One resource of this server with the version of the ETag where its `meta` has none. Raises EHRError."""
        response = self._send(HttpRequest("GET", self.absolute_url(reference, exchange), exchange, self._headers(None)))
        _raise_for_status(response, exchange)
        resource = resource_in(response, exchange)
        if is_partial(response):
            raise PartialAnswer(exchange)
        etag, meta = ETAG.search(response.headers.get("etag", "")), resource.get("meta")
        if etag is None or (isinstance(meta, Mapping) and meta.get("versionId")):
            return resource
        return {**resource, "meta": {**(meta if isinstance(meta, Mapping) else {}), "versionId": etag[1]}}

    def post_search(self, resource_type: str, form: bytes, exchange: str, prefer: str) -> ResourceAnswer:
        """The first page of a search by POST, which keeps ids out of the server's access log. Raises EHRError."""
        headers = {**self._headers(prefer), "Content-Type": "application/x-www-form-urlencoded"}
        return self._fetch(HttpRequest("POST", f"{self.base_url}/{resource_type}/_search", exchange, headers, form))

    def transact(self, bundle: Mapping[str, Any], exchange: str) -> HttpResponse:
        """Post a transaction Bundle. Raises OutcomeUnknown when it was sent and its fate is unknown, or EHRError."""
        headers = {**self._headers("return=minimal"), "Content-Type": f"{FHIR_JSON}; charset=utf-8"}
        body = dumps(bundle)
        response = self._send(HttpRequest("POST", self.base_url, exchange, headers, body, repeatable=False))
        if response.status >= 500 and retry_after(response) is None:
            raise OutcomeUnknown(exchange, status=response.status, issues=outcome_issues(_outcome(response)))
        _raise_for_status(response, exchange)
        return response

    def absolute_url(self, url: str, exchange: str) -> str:
        """`url` as an absolute URL. Raises WrongOrigin when it leads to another server."""
        absolute = _joined(f"{self.base_url}/", url)
        if _origin(absolute) != _origin(self.base_url):
            raise WrongOrigin(exchange)
        return absolute

    def relative(self, reference: str) -> str:
        """A reference to a resource of this server without the base; a reference to any other server unchanged.

        Addresses are compared as URLs: scheme and host in any case, default ports filled in, without a last slash.
        """
        own, given = _base(self.base_url), _base(reference)
        within = own[0][0] != "" and given[0] == own[0] and given[1].startswith(f"{own[1]}/")
        return given[1].removeprefix(f"{own[1]}/") if within else reference

    def _headers(self, prefer: str | None) -> dict[str, str]:
        return {"Accept": self.accept, **({"Prefer": prefer} if prefer else {})}

    def _fetch(self, request: HttpRequest) -> ResourceAnswer:
        response = self._send(request)
        if response.status == 406 and request.method == "GET" and not self._tried_plain_json:
            response = self._in_plain_json(request, response)
        _raise_for_status(response, request.exchange)
        return ResourceAnswer(resource_in(response, request.exchange), is_partial(response))

    def _in_plain_json(self, request: HttpRequest, refused: HttpResponse) -> HttpResponse:
        """The response to the same request for plain JSON, which is then asked for always; `refused` if that fails."""
        self._tried_plain_json = True
        response = self._send(replace(request, headers={**request.headers, "Accept": PLAIN_JSON}))
        if response.status != 200:
            return refused
        self.accept = PLAIN_JSON
        return response

    def _send(self, request: HttpRequest) -> HttpResponse:
        def send_once(request: HttpRequest) -> HttpResponse:
            return send(self._session, request, self.policy, self._token)

        try:
            return with_retries(send_once, request, self.policy, self.event_log)
        except ConnectionLost as lost:
            error = Unreachable if request.repeatable or not lost.sent else OutcomeUnknown
            raise error(request.exchange, lost.detail) from None
        except ResponseTooLarge:
            if request.repeatable:
                raise
            # The write was carried out; only the response is too long to read.
            raise OutcomeUnknown(request.exchange) from None


def connect(
    settings: Settings,
    event_log: EventLog = SILENT,
    policy: ClientPolicy | None = None,
    session: requests.Session | None = None,
) -> EHR:
    """A client for the EHR of the settings, on a session whose adapters never retry. Raises Unreachable."""
    if not settings.fhir_url:
        raise Unreachable("connect", ehr_errors.EhrNotConfigured())
    session = session or requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=Retry(total=0, read=False)))
    return EHR(settings.fhir_url, session, policy or client_policy(settings), settings.token, event_log)


def resource_in(response: HttpResponse, exchange: str) -> dict[str, Any]:
    """The resource in a response. Raises BadAnswer for HTML, truncated JSON, and JSON that is not a resource."""
    if "html" in response.headers.get("content-type", ""):
        raise BadAnswer(exchange, ehr_errors.EhrHtmlPage(), status=response.status)
    try:
        content = loads_object(response.body)
    except InvalidJson:
        raise BadAnswer(exchange, ehr_errors.EhrNotAJsonObject(), status=response.status) from None
    if not isinstance(content.get("resourceType"), str):
        raise BadAnswer(exchange, ehr_errors.EhrNoResourceType(), status=response.status)
    return content


def _raise_for_status(response: HttpResponse, exchange: str) -> None:
    if 200 <= response.status < 300:
        return
    error = error_for_status(exchange, response.status, _outcome(response))
    if isinstance(error, ServerFault):
        error.retry_after = retry_after(response)
    raise error


def _outcome(response: HttpResponse) -> object:
    try:
        return loads_object(response.body)
    except InvalidJson:
        return None


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:  # such as an unclosed IPv6 host
        return url


def _base(url: str) -> tuple[tuple[str, str | None, int | None], str]:
    """The origin and the path of a URL; an origin without a scheme for a relative reference."""
    try:
        return _origin(url), urlsplit(url).path.rstrip("/")
    except ValueError:
        return ("", None, None), url


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return "", None, None
