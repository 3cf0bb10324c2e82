"""JSON bodies of requests and responses. Decimals keep their digits: 7.50 arrives as 7.50 and leaves as 7.50."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from flask.json.provider import JSONProvider
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from titrate.ehr import json_bytes
from titrate.json_codec import InvalidJson, loads
from titrate.web.app_context import app_context
from titrate.web.errors import Problem

JSON = "application/json"
FHIR_JSON = "application/fhir+json"
PROBLEM_JSON = "application/problem+json"
CHUNK = 64 * 1024
# The escape of half a character: JSON can say it, UTF-8 cannot.
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class DecimalJson(JSONProvider):
    """Flask's JSON, without floats where there were none. Limits of size and depth are those of `titrate.fhir`."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """The JSON text of a value."""
        return _encoded(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """The value of a JSON text. Raises BrokenJson."""
        return loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A response with one JSON value."""
        return Response(_encoded(self._prepare_response_obj(args, kwargs)), mimetype=JSON)


def answer(value: Mapping[str, Any], status: int = 200, media: str = JSON) -> Response:
    """A response with a JSON object of this media type."""
    return Response(json_bytes.written(value), status=status, content_type=media)


def _encoded(value: Any) -> bytes:
    """Any value; the writer that keeps decimals takes objects only."""
    return json_bytes.written({"": value})[len(b'{"":') : -1]


def body_json() -> Any:
    """The JSON value in the body, decimals kept. Raises Problem."""
    if request.mimetype not in (JSON, FHIR_JSON):
        raise Problem("wrong-media-type")
    body = _bytes(app_context().settings.api_bytes)
    try:
        value = loads(body)
        if SURROGATE.search(body):
            json_bytes.written({"": value})
    except InvalidJson as error:
        raise Problem("broken-json", _place(error)) from None
    except TypeError:
        raise Problem("broken-json", "Half a character (a lone surrogate) is no text.") from None
    return value


def _bytes(most: int) -> bytes:
    if request.content_length is not None and request.content_length > most:
        raise Problem("too-large", f"At most {most} bytes.")
    _hurry()
    parts, size = [], 0
    try:
        while part := request.stream.read(CHUNK):
            size += len(part)
            if size > most:
                raise Problem("too-large", f"At most {most} bytes.")
            parts.append(part)
            if g.deadline.over:
                raise Problem("too-slow")
    except RequestEntityTooLarge:
        raise Problem("too-large", f"At most {most} bytes.") from None
    except (ClientDisconnected, OSError):
        raise Problem("too-slow" if g.deadline.over else "unusable-request") from None
    return b"".join(parts)


def _hurry() -> None:
    """Wait for each piece of the body only as long as there is time: a slow sender would keep a thread for ever."""
    socket = request.environ.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(g.deadline.left)


def _place(error: InvalidJson) -> str | None:
    """Where it breaks off. What the reader says beside it can name a key, and a key is the client's."""
    return None if error.line is None else f"At line {error.line}, column {error.column}."
