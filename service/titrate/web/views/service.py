"""The service itself: liveness, readiness and metrics for monitoring, and its documentation without scripts."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, render_template

from titrate.ledger.errors import LedgerUnusable
from titrate.web.app_context import app_context
from titrate.web.errors import ProblemType
from titrate.web.json_body import json_response
from titrate.web.metrics import MEDIA_TYPE
from titrate.web.openapi import Blueprint
from titrate.web.schemas import HealthSchema, ReadinessSchema

health = Blueprint("health", __name__, description="For monitoring")
DOCUMENT_EXTENSION = "titrate-document"
documentation = Blueprint("documentation", __name__, description="This document")


@health.route("/health")
@health.response(200, HealthSchema, description="The process responds.")
@health.doc(operationId="health")
@health.public
def alive() -> dict[str, str]:
    """Whether the process responds. Nothing else is checked."""
    return {"status": "alive"}


@health.route("/ready")
@health.response(200, ReadinessSchema, description="The service is ready.")
@health.alt_response(503, schema=ReadinessSchema, description="A part of the service cannot be used.")
@health.doc(operationId="ready")
@health.public
def ready() -> Response:
    """Whether requests can be sent here. The EHR is not checked: while it is down, this service reports so."""
    parts: dict[str, Any] = {
        "status": "ready",
        "ledger": "usable",
        "ehr": "set" if app_context().settings.fhir_url else "not-set",
    }
    try:
        app_context().ledger.runs()
    except LedgerUnusable:
        return json_response({**parts, "status": "not-ready", "ledger": "unusable"}, 503)
    return json_response(parts)


@health.route("/metrics")
@health.response(
    200, {"type": "string"}, description="Metrics for Prometheus.", content_type=MEDIA_TYPE.partition(";")[0]
)
@health.doc(operationId="metrics")
def counts() -> Response:
    """Requests, decisions, refusals and deliveries, counted by code."""
    return Response(app_context().metrics.exposition(), content_type=MEDIA_TYPE)


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
