"""The documentation of the service: the OpenAPI document, and the same as one page without scripts."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template

from titrate.web.blueprint import Blueprint
from titrate.web.errors import ProblemType
from titrate.web.json_body import json_response

DOCUMENT_EXTENSION = "titrate-document"
documentation = Blueprint("documentation", __name__, description="This document")


def document() -> dict[str, Any]:
    """The OpenAPI document of the running service."""
    content: dict[str, Any] = current_app.extensions[DOCUMENT_EXTENSION]()
    return content


@documentation.route("/openapi.json")
@documentation.response(200, {"type": "object"}, description="The OpenAPI 3.1 document.")
@documentation.doc(operationId="openapi")
@documentation.public
def as_json() -> Response:
    """This document, for programs."""
    return json_response(document())


@documentation.route("/docs")
@documentation.response(200, {"type": "string"}, description="The page.", content_type="text/html")
@documentation.doc(operationId="docs")
@documentation.public
def as_page() -> Response:
    """This document as a page."""
    page = render_template("docs.html", document=document(), problems=list(ProblemType))
    return Response(page, content_type="text/html; charset=utf-8")
