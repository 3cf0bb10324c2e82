"""JSON bodies of requests and responses. Decimals keep their digits: 7.50 arrives as 7.50 and leaves as 7.50."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from flask.json.provider import JSONProvider
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from titrate.json_codec import InvalidJson, dumps, loads
from titrate.messages import http_errors
from titrate.web.app_context import app_context
from titrate.web.errors import Problem, ProblemType

JSON = "application/json"
FHIR_JSON = "application/fhir+json"
PROBLEM_JSON = "application/problem+json"
CHUNK_BYTES = 64 * 1024


class DecimalJson(JSONProvider):
    """Flask's JSON provider with Decimals in place of floats, within the limits of `titrate.json_codec`."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """The JSON text of a value."""
        return _encoded(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """The value of a JSON text. Raises InvalidJson."""
        return loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A response with one JSON value."""
        return Response(_encoded(self._prepare_response_obj(args, kwargs)), mimetype=JSON)


def json_response(value: Mapping[str, Any], status: int = 200, media_type: str = JSON) -> Response:
    """A response with a JSON object."""
    return Response(dumps(value), status=status, content_type=media_type)


def request_json() -> Any:
    """The JSON value of the request body. Raises Problem."""
    if request.mimetype not in (JSON, FHIR_JSON):
        raise Problem(ProblemType.WRONG_MEDIA_TYPE)
    body = _request_body(app_context().settings.api_bytes)
    try:
        return loads(body)
    except InvalidJson as error:
        raise Problem(ProblemType.BROKEN_JSON, _position(error)) from None


def _request_body(limit: int) -> bytes:
    too_large = Problem(ProblemType.TOO_LARGE, http_errors.HttpBodyLimit(limit=limit))
    if request.content_length is not None and request.content_length > limit:
        raise too_large
    _limit_socket_timeout()
    parts, size = [], 0
    try:
        while part := request.stream.read(CHUNK_BYTES):
            size += len(part)
            if size > limit:
                raise too_large
            parts.append(part)
            if g.deadline.passed:
                raise Problem(ProblemType.TOO_SLOW)
    except RequestEntityTooLarge:
        raise too_large from None
    except (ClientDisconnected, OSError):
        raise Problem(ProblemType.TOO_SLOW if g.deadline.passed else ProblemType.UNUSABLE_REQUEST) from None
    return b"".join(parts)


def _limit_socket_timeout() -> None:
    """Wait for each part of the body until the deadline only: a slow client would occupy a thread without end."""
    socket = request.environ.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(g.deadline.seconds_left)


def _position(error: InvalidJson) -> http_errors.HttpJsonPosition | None:
    """Where the JSON breaks off. The reader's own sentence can contain a name from the body and is left out."""
    if error.line is None or error.column is None:
        return None
    return http_errors.HttpJsonPosition(line=error.line, column=error.column)


def _encoded(value: Any) -> bytes:
    """The JSON text of any value; the writer that keeps decimals takes objects only."""
    return dumps({"": value})[len(b'{"":') : -1]
