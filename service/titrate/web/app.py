"""The Flask application: wires addresses, guards and failures to one desk."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask
from flask_smorest import Api

from titrate.web.app_context import AppContext
from titrate.web.blueprint import OPEN
from titrate.web.error_handlers import answer_failures
from titrate.web.json_body import DecimalJson
from titrate.web.middleware import guard
from titrate.web.openapi import finished
from titrate.web.views.decisions import decisions
from titrate.web.views.documentation import reading
from titrate.web.views.health import health
from titrate.web.views.plans import plans
from titrate.web.views.rulebook import rulebook
from titrate.web.views.runs import operations
from titrate.web.views.worklist import worklist

BLUEPRINTS = (plans, decisions, worklist, operations, rulebook, health, reading)
ABOUT = (
    "Drafts the next safe step of graded exercise for one patient, out of a FHIR R4 record. Every plan is a draft "
    "until a clinician approves it. Not for emergencies."
)


class TitrateApi(Api):  # type: ignore[misc] # the library has no types
    """Leaves errors and the serving of the document to us."""

    def _register_error_handlers(self) -> None:
        return

    def _register_doc_blueprint(self) -> None:
        return


def create_app(desk: AppContext) -> Flask:
    """The application for one desk. It opens nothing until it is asked."""
    app = Flask(__name__)
    app.json = DecimalJson(app)
    app.config.update(
        API_TITLE="Titrate",
        API_VERSION="1.0",
        OPENAPI_VERSION="3.1.0",
        MAX_CONTENT_LENGTH=desk.settings.api_bytes,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions["titrate"] = desk
    api = TitrateApi(app, spec_kwargs={"info": {"description": ABOUT}})
    api.DEFAULT_ERROR_RESPONSE_NAME = None
    for room in BLUEPRINTS:
        api.register_blueprint(room)
    app.extensions["titrate-document"] = cache(lambda: finished(api.spec.to_dict()))
    guard(app, frozenset(_open(app)))
    answer_failures(app)
    return app


def _open(app: Flask) -> Any:
    """The endpoints for which nobody has to say who they are."""
    yield "static"
    for name, view in app.view_functions.items():
        if getattr(view, "_apidoc", {}).get("manual_doc", {}).get(OPEN):
            yield name
