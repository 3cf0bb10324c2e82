"""The Flask application: blueprints, middleware and error handlers around one AppContext."""

from __future__ import annotations

from functools import cache

from flask import Flask, Response
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from titrate.web.app_context import EXTENSION, AppContext
from titrate.web.error_handlers import error_response, register_error_handlers
from titrate.web.json_body import DecimalJson
from titrate.web.middleware import install_middleware
from titrate.web.openapi import openapi_document
from titrate.web.views.decisions import decisions
from titrate.web.views.plans import plans
from titrate.web.views.rulebook import rulebook
from titrate.web.views.runs import operations
from titrate.web.views.service import DOCUMENT_EXTENSION, documentation, health
from titrate.web.views.worklist import worklist

BLUEPRINTS = (plans, decisions, worklist, operations, rulebook, health, documentation)
DESCRIPTION = (
    "Drafts the next safe step of graded exercise for one patient from a FHIR R4 record. Every plan is a draft until a "
    "clinician approves it. Not for emergencies."
)


class ProblemApi(Api):  # type: ignore[misc] # the library has no types
    """flask-smorest's Api with problems in place of the library's error format."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer an HTTPException, validation errors among them, with a problem."""
        return error_response(error)


def create_app(context: AppContext) -> Flask:
    """The application for one context. It opens neither the ledger nor a connection before the first request."""
    app = Flask(__name__)
    app.json = DecimalJson(app)
    app.config.update(
        API_TITLE="Titrate",
        API_VERSION="1.0",
        OPENAPI_VERSION="3.1.0",
        MAX_CONTENT_LENGTH=context.settings.api_bytes,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions[EXTENSION] = context
    api = ProblemApi(app, spec_kwargs={"info": {"description": DESCRIPTION}})
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.extensions[DOCUMENT_EXTENSION] = cache(lambda: openapi_document(api.spec.to_dict()))
    public = frozenset[str]().union(*(blueprint.public_endpoints for blueprint in BLUEPRINTS))
    install_middleware(app, public | {"static"})
    register_error_handlers(app)
    return app
