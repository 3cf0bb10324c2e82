"""flask-smorest's Blueprint with a strict parser, public views and documented problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import flask_smorest
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser

from titrate.web.errors import ProblemType
from titrate.web.json_body import request_json

View = TypeVar("View", bound=Callable[..., Any])
PROBLEMS = "x-problems"


class StrictParser(FlaskParser):
    """Parses parameters and bodies. Unknown names are errors, so that a misspelt name cannot change the meaning."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE, "json": RAISE}  # noqa: RUF012 - the library's own attribute

    def load_json(self, req: Any, schema: Schema) -> Any:  # noqa: ARG002
        """The body, read with size and time limits and with decimals."""
        return request_json()


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # the library has no types
    """Adds what flask-smorest lacks: strict parsing, a mark for public views, and problems by their type."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.public_endpoints: set[str] = set()

    def public(self, view: View) -> View:
        """Serve the view without a token. Place it below `route`, nearest to the view."""
        self.public_endpoints.add(f"{self.name}.{view.__name__}")
        documented: View = self.doc(security=[])(view)
        return documented

    def problems(self, *types: ProblemType) -> Callable[[View], View]:
        """Document the problems of a view, in addition to those that every view can have."""
        decorator: Callable[[View], View] = self.doc(**{PROBLEMS: [problem.code for problem in types]})
        return decorator


def schema_reference(name: str) -> dict[str, str]:
    """A reference to a schema of the OpenAPI document."""
    return {"$ref": f"#/components/schemas/{name}"}
