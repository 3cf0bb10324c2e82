"""JSON in and out of the HTTP service, with decimals kept: 7.50 comes in as 7.50 and goes out as 7.50."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask.json.provider import JSONProvider

from titrate.ehr import json_bytes
from titrate.json_codec import loads

JSON = "application/json"
FHIR_JSON = "application/fhir+json"
PROBLEM_JSON = "application/problem+json"


class DecimalJson(JSONProvider):
    """Flask's JSON, without floats where there were none. Limits of size and depth are those of `titrate.fhir`."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """The JSON text of a value."""
        return _bytes(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """The value of a JSON text. Raises BrokenJson."""
        return loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A response with one JSON value."""
        return Response(_bytes(self._prepare_response_obj(args, kwargs)), mimetype=JSON)


def answer(value: Mapping[str, Any], status: int = 200, media: str = JSON) -> Response:
    """A response with a JSON object of this media type."""
    return Response(json_bytes.written(value), status=status, content_type=media)


def _bytes(value: Any) -> bytes:
    """Any value; the writer that keeps decimals takes objects only."""
    return json_bytes.written({"": value})[len(b'{"":') : -1]
