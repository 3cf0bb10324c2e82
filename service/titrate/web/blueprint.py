"""How views are declared: what they take, what they can answer, and that they refuse what they do not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import flask_smorest
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser

from titrate.web.json_body import body_json

View = TypeVar("View", bound=Callable[..., Any])
OPEN = "x-open"
PROBLEMS = "x-problems"


class Parser(FlaskParser):
    """Reads parameters and bodies. A name that is not known is an error: a typing mistake must not change a meaning."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE, "json": RAISE}  # noqa: RUF012 - the library's own attribute

    def load_json(self, req: Any, schema: Schema) -> Any:  # noqa: ARG002
        """The body, by our own reader."""
        return body_json()


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc] # the library has no types
    """A group of addresses."""

    ARGUMENTS_PARSER = Parser()

    def at(self, path: str, method: str = "GET") -> Callable[[View], View]:
        """Answer this address."""
        made: Callable[[View], View] = self.route(path, methods=[method])
        return made

    def named(self, operation: str, **more: Any) -> Callable[[View], View]:
        """Give the operation its name in the document, and whatever else stands there about it."""
        made: Callable[[View], View] = self.doc(operationId=operation, **more)
        return made

    def also(self, status: int, schema: type[Schema], says: str) -> Callable[[View], View]:
        """Document another answer that is no problem."""
        made: Callable[[View], View] = self.alt_response(status, schema=schema, description=says)
        return made

    def can_fail(self, *codes: str) -> Callable[[View], View]:
        """Document the problems that a view can answer, beside those that any can."""
        made: Callable[[View], View] = self.doc(**{PROBLEMS: list(codes)})
        return made

    def takes(self, schema: type[Schema], where: str = "query") -> Callable[[View], View]:
        """Check and pass on the parameters (`query`) or the body (`json`)."""
        made: Callable[[View], View] = self.arguments(schema, location=where)
        return made

    def gives(self, schema: Any, says: str, media: str = "application/json") -> Callable[[View], View]:
        """Document, and if it is a schema also write, the answer 200."""
        made: Callable[[View], View] = self.response(200, schema, description=says, content_type=media)
        return made

    def open_to_all(self, view: View) -> View:
        """Let everybody ask, with a token or without."""
        made: View = self.doc(**{OPEN: True})(view)
        return made


def reference(name: str) -> dict[str, str]:
    """A schema of the document by its name."""
    return {"$ref": f"#/components/schemas/{name}"}
