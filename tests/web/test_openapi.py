"""The OpenAPI document: complete, valid, true, and readable without a script."""

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
# A worklist looks at everyone in the EHR, so each example of it is dear.
FEWER = {"GET /v1/worklist": 6}
# A Bundle without a Patient fits its schema and is refused all the same: no schema can say that.
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
    """What it says of itself."""
    found: dict[str, Any] = service.get("/openapi.json").json()
    return found


def operation(service: Service, name: str) -> Any:
    """One operation, ready to be asked."""
    method, path = name.split()
    return schemathesis.openapi.from_url(f"{service.url}/openapi.json")[path][method]


def test_every_address_is_in_it(alone: Service) -> None:
    """The list above is the document's, so that each is tried below."""
    paths = document(alone)["paths"]
    assert {
        f"{method.upper()} {path}" for path, item in paths.items() for method in item if method != "parameters"
    } == set(OPERATIONS)


def test_it_is_openapi_3_1_and_its_references_lead_somewhere(alone: Service) -> None:
    """Each operation has a name of its own."""
    found = document(alone)
    assert found["openapi"] == "3.1.0"
    places = re.findall(r'"#/components/schemas/([^"]+)"', alone.get("/openapi.json").text)
    assert set(places) <= set(found["components"]["schemas"])
    names = [
        one["operationId"] for item in found["paths"].values() for name, one in item.items() if name in ("get", "post")
    ]
    assert len(names) == len(set(names)) == len(OPERATIONS)


def test_only_what_is_open_needs_no_token(alone: Service) -> None:
    """As the document says; test_access tries it."""
    paths = document(alone)["paths"]
    unguarded = {path for path, item in paths.items() if item.get("get", {}).get("security") == []}
    assert unguarded == {"/health", "/ready", "/openapi.json", "/docs"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "not fitting"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_asked_the_answer_is_documented(
    name: str, mode: GenerationMode, sandbox_url: str, tmp_path: Path
) -> None:
    """No server error, no status, media type or shape that the document does not have."""
    with serving(guarded(tmp_path, fhir_url=sandbox_url, enrolled="all")) as service:
        asked = operation(service, name)
        examples = FEWER.get(name, EXAMPLES) if has_input(asked) else 2

        @effort(
            max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=asked.as_strategy(mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            answered = case.call(headers=bearer(WRITER))
            case.validate_response(answered, excluded_checks=NOT_CHECKED)

        if mode is GenerationMode.POSITIVE or has_input(asked):
            ask()


def has_input(asked: Any) -> bool:
    """Whether anything can be wrong about a request."""
    told = asked.definition.raw
    return bool(told.get("parameters") or told.get("requestBody"))


@pytest.mark.parametrize("fixture", sorted(path.name for path in PATIENTS.iterdir() if path.is_dir()))
def test_a_plan_is_of_the_documented_shape(fixture: str, alone: Service) -> None:
    """For each synthetic patient."""
    answered = alone.preview((PATIENTS / fixture / "bundle.json").read_bytes(), moment(fixture))
    operation(alone, "POST /v1/plans/preview").validate_response(answered)


def test_a_plan_of_the_ehr_is_of_the_documented_shape(service: Service) -> None:
    """With its receipt."""
    asked = {"patient": "e2-progress", "at": moment("e2-progress"), "write": True}
    answered = service.post("/v1/plans", json=asked)
    assert "receipt" in answered.json()
    operation(service, "POST /v1/plans").validate_response(answered)


class Seen(HTMLParser):
    """What a page loads, where it leads, and the places in it."""

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


def test_the_page_needs_no_script_and_nothing_from_elsewhere(alone: Service) -> None:
    """It loads one style sheet of ours, and every problem and shape has its place on it."""
    page = Seen()
    page.feed(alone.get("/docs").text)
    assert not page.tags & {"script", "iframe", "img", "object"}
    assert page.loaded == ["/static/docs.css"]
    assert alone.get(page.loaded[0]).headers["Content-Type"].startswith("text/css")
    assert {problem.code for problem in ProblemType} <= page.places
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= page.places


def test_what_a_problem_points_to_is_on_the_page(alone: Service) -> None:
    """`type` leads to its sentence."""
    page, place = alone.get("/v1/nothing").json()["type"].split("#")
    assert f'id="{place}"' in alone.get(page).text


def test_making_the_document_asks_nothing(tmp_path: Path) -> None:
    """No ledger is opened and no EHR is needed for it."""
    chosen = settings(tmp_path, fhir_url="http://127.0.0.1:1/fhir")
    app = create_app(context_of(chosen, io.StringIO(), lambda: None))  # type: ignore[arg-type,return-value]
    assert app.test_client().get("/openapi.json").status_code == 200
    assert list(tmp_path.iterdir()) == []


def test_the_page_of_the_docs_names_every_address() -> None:
    """docs/api.md; its table of problems is made (`make docs`)."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in OPERATIONS if f"| `{name}` |" not in text] == []
