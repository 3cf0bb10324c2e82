"""The OpenAPI document is complete, valid, true, and readable without a script."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.cli.running import PATIENTS, moment
from tests.project.sources import ROOT
from tests.web.service import Service, context_of, serving, settings
from tests.web.tokens import WRITER, bearer, guarded
from titrate.web.app import create_app
from titrate.web.errors import ProblemType

EXAMPLES = 25
# A worklist assesses every patient of the EHR, so each example is expensive.
FEWER = {"GET /v1/worklist": 6}
# A Bundle without a Patient conforms to its schema and is rejected: a schema cannot express the rule.
NOT_CHECKED: list[Any] = [positive_data_acceptance]
OPERATIONS = (
    "GET /health",
    "GET /ready",
    "GET /metrics",
    "GET /openapi.json",
    "GET /docs",
    "POST /v1/plans/preview",
    "POST /v1/plans",
    "POST /v1/approvals",
    "POST /v1/rejections",
    "POST /v1/phases",
    "GET /v1/worklist",
    "GET /v1/runs",
    "GET /v1/runs/{number}",
    "GET /v1/receipts",
    "GET /v1/mappings",
    "GET /v1/mappings/problems",
    "GET /v1/questionnaires",
    "GET /v1/questionnaires/{name}",
)


def document(service: Service) -> dict[str, Any]:
    """The OpenAPI document of the service."""
    found: dict[str, Any] = service.get("/openapi.json").json()
    return found


def operation(service: Service, name: str) -> Any:
    """One operation of the document, ready to be called."""
    method, path = name.split()
    return schemathesis.openapi.from_url(f"{service.url}/openapi.json")[path][method]


def test_the_document_lists_every_operation(alone: Service) -> None:
    """So that each is called below."""
    paths = document(alone)["paths"]
    assert {
        f"{method.upper()} {path}" for path, item in paths.items() for method in item if method != "parameters"
    } == set(OPERATIONS)


def test_it_is_openapi_3_1_without_dangling_references(alone: Service) -> None:
    """Each operation has an id of its own."""
    found = document(alone)
    assert found["openapi"] == "3.1.0"
    places = re.findall(r'"#/components/schemas/([^"]+)"', alone.get("/openapi.json").text)
    assert set(places) <= set(found["components"]["schemas"])
    names = [
        one["operationId"] for item in found["paths"].values() for name, one in item.items() if name in ("get", "post")
    ]
    assert len(names) == len(set(names)) == len(OPERATIONS)


def test_public_operations_need_no_token(alone: Service) -> None:
    """test_auth.py calls them."""
    paths = document(alone)["paths"]
    unguarded = {path for path, item in paths.items() if item.get("get", {}).get("security") == []}
    assert unguarded == {"/health", "/ready", "/openapi.json", "/docs"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_response_is_documented(name: str, mode: GenerationMode, sandbox_url: str, tmp_path: Path) -> None:
    """No server error, and no status, media type or shape that the document lacks."""
    with serving(guarded(tmp_path, fhir_url=sandbox_url, enrolled="all")) as service:
        tested = operation(service, name)
        examples = FEWER.get(name, EXAMPLES) if has_input(tested) else 2

        @effort(
            max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=tested.as_strategy(mode))
        def call(case: schemathesis.Case[Any]) -> None:
            response = case.call(headers=bearer(WRITER))
            case.validate_response(response, excluded_checks=NOT_CHECKED)

        if mode is GenerationMode.POSITIVE or has_input(tested):
            call()


def has_input(tested: Any) -> bool:
    """Whether a request to the operation can be invalid."""
    definition = tested.definition.raw
    return bool(definition.get("parameters") or definition.get("requestBody"))


@pytest.mark.parametrize("fixture", sorted(path.name for path in PATIENTS.iterdir() if path.is_dir()))
def test_a_preview_has_the_documented_shape(fixture: str, alone: Service) -> None:
    """For each synthetic patient."""
    response = alone.preview((PATIENTS / fixture / "bundle.json").read_bytes(), moment(fixture))
    operation(alone, "POST /v1/plans/preview").validate_response(response)


def test_a_written_plan_has_the_documented_shape(service: Service) -> None:
    """With its receipt."""
    payload = {"patient": "e2-progress", "at": moment("e2-progress"), "write": True}
    response = service.post("/v1/plans", json=payload)
    assert "receipt" in response.json()
    operation(service, "POST /v1/plans").validate_response(response)


class PageContent(HTMLParser):
    """The resources that a page loads, its links, and its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.places.add(found.get("id") or "")
        self.loaded += [str(found[name]) for name in ("src", "srcset") if name in found]
        target = found.get("href") or ""
        (self.loaded if tag == "link" else self.links).append(target)


def test_the_page_loads_no_script_and_no_external_resource(alone: Service) -> None:
    """It loads one style sheet, and has an anchor for each problem and schema."""
    page = PageContent()
    page.feed(alone.get("/docs").text)
    assert not page.tags & {"script", "iframe", "img", "object"}
    assert page.loaded == ["/static/docs.css"]
    assert alone.get(page.loaded[0]).headers["Content-Type"].startswith("text/css")
    assert {problem.code for problem in ProblemType} <= page.places
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= page.places


def test_the_type_of_a_problem_is_an_anchor_of_the_page(alone: Service) -> None:
    """Where its title is."""
    page, place = alone.get("/v1/nothing").json()["type"].split("#")
    assert f'id="{place}"' in alone.get(page).text


def test_the_document_needs_neither_ledger_nor_ehr(tmp_path: Path) -> None:
    """No file is created."""
    chosen = settings(tmp_path, fhir_url="http://127.0.0.1:1/fhir")
    app = create_app(context_of(chosen, io.StringIO(), lambda: None))  # type: ignore[arg-type,return-value]
    assert app.test_client().get("/openapi.json").status_code == 200
    assert list(tmp_path.iterdir()) == []


def test_docs_api_lists_every_operation() -> None:
    """`make docs` generates its table of problems."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in OPERATIONS if f"| `{name}` |" not in text] == []
