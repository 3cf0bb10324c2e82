"""The document for people: every address, what it takes and answers, on one page without any script."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template

from titrate.web.blueprint import Blueprint
from titrate.web.errors import KINDS
from titrate.web.json_body import answer

reading = Blueprint("documentation", __name__, description="This document")


def document() -> dict[str, Any]:
    """The finished OpenAPI document of the running service."""
    found: dict[str, Any] = current_app.extensions["titrate-document"]()
    return found


@reading.at("/openapi.json")
@reading.gives({"type": "object"}, "The OpenAPI 3.1 document.")
@reading.named("openapi")
@reading.open_to_all
def as_json() -> Response:
    """This document, for programs."""
    return answer(document())


@reading.at("/docs")
@reading.gives({"type": "string"}, "The page.", "text/html")
@reading.named("docs")
@reading.open_to_all
def as_page() -> Response:
    """This document, for people."""
    return Response(
        render_template("docs.html", document=document(), kinds=KINDS), content_type="text/html; charset=utf-8"
    )
