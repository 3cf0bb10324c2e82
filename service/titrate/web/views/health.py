"""For those who watch the service: is it alive, can it work, what does it do."""

from __future__ import annotations

from typing import Any

from flask import Response

from titrate.ledger.database import LedgerUnusable
from titrate.web.app_context import app_context
from titrate.web.blueprint import Blueprint
from titrate.web.json_body import answer
from titrate.web.metrics import MEDIA
from titrate.web.schemas import Health, Readiness

health = Blueprint("health", __name__, description="For those who watch the service")


@health.at("/health")
@health.gives(Health, "The process answers.")
@health.named("health")
@health.open_to_all
def alive() -> dict[str, str]:
    """Whether the process answers. Nothing else is looked at."""
    return {"status": "alive"}


@health.at("/ready")
@health.gives(Readiness, "It can work.")
@health.also(503, Readiness, "A part of it cannot be used.")
@health.named("ready")
@health.open_to_all
def ready() -> Response:
    """Whether requests can be sent here. The EHR is not asked: while it is down, this service is what says so."""
    parts: dict[str, Any] = {
        "status": "ready",
        "ledger": "usable",
        "ehr": "set" if app_context().settings.fhir_url else "not-set",
    }
    try:
        app_context().shelf.ledger().runs()
    except LedgerUnusable:
        return answer({**parts, "status": "not-ready", "ledger": "unusable"}, 503)
    return answer(parts)


@health.at("/metrics")
@health.gives({"type": "string"}, "Counts, as Prometheus reads them.", MEDIA.partition(";")[0])
@health.named("metrics")
def counts() -> Response:
    """Requests, decisions, refusals and deliveries, counted by code."""
    return Response(app_context().metrics.text(), content_type=MEDIA)
