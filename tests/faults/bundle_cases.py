"""A file that is not the whole record, or is wrapped in another Bundle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.completeness_cases import remark
from tests.faults.expectations import (
    RISES,
    Case,
    flag,
    not_complete,
)
from tests.faults.records import (
    EHR,
    PATIENT,
    Change,
    Json,
    observation,
)


def of_type(kind: str, **more: Any) -> Change:
    """The file becomes a Bundle of this type."""

    def change(bundle: Json) -> None:
        bundle.update(type=kind, **more)

    return change


def page_with(entry: Json | None = None, **more: Any) -> Change:
    """The file becomes a searchset, with one entry more."""

    def change(bundle: Json) -> None:
        bundle.update(type="searchset", **more)
        if entry is not None:
            bundle["entry"].append(entry)

    return change


def wrapped(wrapper: Callable[[Json], Json]) -> Change:
    """A yes to the question on chest symptoms, inside another resource of the file."""

    def change(bundle: Json) -> None:
        inner = {"fullUrl": f"{EHR}/Observation/added-1", "resource": observation("rf09", valueBoolean=True)}
        bundle["entry"].append({"resource": wrapper({"resourceType": "Bundle", "type": "searchset", "entry": [inner]})})

    return change


def batch_response(*entries: Json) -> Change:
    """The file is the answer to a batch of searches; the first entry holds the record."""

    def change(bundle: Json) -> None:
        held = {"resourceType": "Bundle", "type": "searchset", "total": len(bundle["entry"]), "entry": bundle["entry"]}
        bundle.update(type="batch-response", entry=[{"resource": held, "response": {"status": "200 OK"}}, *entries])

    return change


def include_beyond_total(bundle: Json) -> None:
    """A searchset whose total counts the matches; the included resources come beside them."""
    for entry in bundle["entry"]:
        kind = entry["resource"]["resourceType"]
        entry["search"] = {"mode": "match" if kind == "Observation" else "include"}
    bundle.update(type="searchset", total=sum(entry["search"]["mode"] == "match" for entry in bundle["entry"]))


def missing_matches(bundle: Json) -> None:
    """The total counts more matches than came; with the included resources the number of entries is the total."""
    include_beyond_total(bundle)
    bundle["total"] = len(bundle["entry"])


def untyped(bundle: Json) -> None:
    """A page without a type."""
    del bundle["type"]
    bundle["link"] = NEXT


def page_of_a_batch(bundle: Json) -> None:
    """The answer to one search of a batch goes on."""
    batch_response()(bundle)
    bundle["entry"][0]["resource"]["link"] = NEXT


def inner(*entries: Json, **more: Any) -> Change:
    """The file holds a Bundle with these entries."""
    held = {"resourceType": "Bundle", "type": "searchset", "entry": list(entries), **more}
    return lambda bundle: bundle["entry"].append({"resource": held})


NEXT = [{"relation": "next", "url": f"{EHR}/Patient/{PATIENT}/$everything?page=2"}]
YES = {"fullUrl": f"{EHR}/Observation/added-1", "resource": observation("rf09", valueBoolean=True)}
FOUND = {"resource": {"resourceType": "Bundle", "type": "searchset", "total": 1, "entry": [YES]}}
FURTHER = (
    Case(
        "page with a relative next link",
        not_complete("Condition"),
        page_with(link=[{"relation": "next", "url": "?page=2"}]),
    ),
    Case("next link in capitals", not_complete("Condition"), page_with(link=[{**NEXT[0], "relation": "NEXT"}])),
    Case("link that is not in a list", not_complete("Condition"), page_with(link=NEXT[0])),
    Case("page without a type", not_complete("Condition"), untyped),
    Case("page of a batch that goes on", not_complete("Condition"), page_of_a_batch),
    Case("total as a decimal", not_complete("Condition"), page_with(total=412.0)),
    Case("inner page with an error", not_complete("Condition"), inner(remark("error", "timeout"))),
    Case("answer to a batch in an answer to a batch", flag("rf09"), inner(FOUND, type="batch-response")),
    Case("inner transaction", flag("rf09"), inner({**YES, "request": {"method": "POST"}}, type="transaction")),
    Case("inner Bundle without a type", flag("rf09"), inner(YES, type=None)),
)
FILE_CASES = (
    *FURTHER,
    Case(
        "batch answer with a refused search",
        not_complete("Condition"),
        batch_response({"response": {"status": "403 Forbidden"}}),
    ),
    Case(
        "batch answer with a failed search",
        not_complete("Condition"),
        batch_response({"response": {"status": "503", "outcome": remark("fatal", "exception")["resource"]}}),
    ),
    Case("page with matches suppressed", not_complete("Condition"), page_with(remark("warning", "suppressed"))),
    Case("page with an error", not_complete("Condition"), page_with(remark("error", "processing"))),
    Case(
        "page with the constant notice", RISES, page_with(remark("warning", "processing", search={"mode": "outcome"}))
    ),
    Case(
        "collection with an informational remark",
        RISES,
        lambda bundle: bundle["entry"].append(remark("information", "informational")),
    ),
    Case("batch answer that is complete", RISES, batch_response()),
    Case(
        "history with a next link",
        not_complete("Condition"),
        of_type("history", link=[{"relation": "next", "url": f"{EHR}/_history?page=2"}]),
    ),
    Case("fewer matches than the total, with included ones as many", not_complete("Observation"), missing_matches),
    Case("included resources beyond the total", RISES, include_beyond_total),
    Case(
        "page with only its own address",
        RISES,
        page_with(link=[{"relation": "self", "url": f"{EHR}/Patient/{PATIENT}/$everything"}]),
    ),
    Case("total as text", not_complete("Condition"), page_with(total="412")),
    Case(
        "last page, saved alone",
        not_complete("Condition"),
        page_with(link=[{"relation": "previous", "url": f"{EHR}/Patient/{PATIENT}/$everything?page=1"}]),
    ),
    Case(
        "last page, saved alone, by its short name",
        not_complete("Condition"),
        page_with(link=[{"relation": "prev", "url": f"{EHR}?page=1"}]),
    ),
    Case("next link that is empty", RISES, page_with(link=[{"relation": "next", "url": ""}])),
    Case("collection with a next link", RISES, of_type("collection")),
    Case(
        "Bundle in Parameters",
        flag("rf09"),
        wrapped(lambda inner: {"resourceType": "Parameters", "parameter": [{"name": "return", "resource": inner}]}),
    ),
    Case(
        "Bundle in a part of Parameters",
        flag("rf09"),
        wrapped(
            lambda inner: {
                "resourceType": "Parameters",
                "parameter": [{"name": "result", "part": [{"name": "page", "resource": inner}]}],
            }
        ),
    ),
    Case(
        "Bundle in a collection in a collection",
        flag("rf09"),
        wrapped(
            lambda inner: {
                "resourceType": "Bundle",
                "id": "b",
                "type": "collection",
                "entry": [
                    {"resource": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": inner}]}}
                ],
            }
        ),
    ),
    Case("document in a collection", flag("rf09"), wrapped(lambda inner: {**inner, "type": "document"})),
    Case("message in a collection", flag("rf09"), wrapped(lambda inner: {**inner, "type": "message"})),
    Case(
        "inner page with a next link",
        not_complete("Condition"),
        lambda bundle: bundle["entry"].append(
            {"resource": {"resourceType": "Bundle", "type": "searchset", "total": 9, "entry": []}}
        ),
    ),
    Case(
        "empty inner Bundle",
        RISES,
        lambda bundle: bundle["entry"].append({"resource": {"resourceType": "Bundle", "type": "collection"}}),
    ),
)
