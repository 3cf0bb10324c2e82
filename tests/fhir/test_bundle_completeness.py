"""What a saved answer says about what is missing: totals, repeated matches, and links to other pages."""

from __future__ import annotations

from typing import Any

import pytest

from titrate.fhir.bundle_contents import bundle_contents

SEARCH = "https://ehr.example/fhir/Condition?patient=p"
PARTIAL = {"Condition": "partial"}


def condition(number: int, **more: Any) -> dict[str, Any]:
    """An entry with a Condition."""
    resource = {"resourceType": "Condition", "id": f"c{number}", "subject": {"reference": "Patient/p"}}
    return {"resource": resource, **more}


def searchset(*entries: Any, links: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A searchset of Conditions with these links."""
    link = [{"relation": relation, "url": url} for relation, url in {"self": SEARCH, **(links or {})}.items()]
    return {"resourceType": "Bundle", "type": "searchset", "link": link, "entry": list(entries), **more}


def incomplete(*bundles: dict[str, Any]) -> dict[str, str]:
    """The types that are not complete in a file with these answers."""
    patient = {"resource": {"resourceType": "Patient", "id": "p"}}
    entries = [patient, *({"resource": one} for one in bundles)]
    contents = bundle_contents({"resourceType": "Bundle", "type": "collection", "entry": entries})
    return {kind: one.retrieval.value for kind, one in contents.incomplete.items()}


@pytest.mark.parametrize("total", ["1", "0", "", True, False, -1, 0.5, [1], {}, "many"])
def test_a_total_that_cannot_be_read_can_be_above_what_came(total: object) -> None:
    """The type is partial."""
    assert incomplete(searchset(condition(1), total=total)) == PARTIAL


@pytest.mark.parametrize(("total", "found"), [(None, {}), (0, {}), (1, {}), (1.0, {}), (2, PARTIAL), (2.0, PARTIAL)])
def test_a_total_is_compared_with_what_came(total: object, found: dict[str, str]) -> None:
    """Below, at and above."""
    assert incomplete(searchset(condition(1), total=total)) == found


HERE, THERE = "https://ehr.example/fhir/Condition/c1", "https://portal.example/fhir/Condition/c1"


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([condition(1), condition(2)], {}),
        ([condition(1), condition(1)], PARTIAL),
        ([condition(1, fullUrl=HERE), condition(1)], PARTIAL),
        ([condition(1, fullUrl=HERE), condition(1, fullUrl=THERE)], {}),
        ([condition(1), condition(2, search={"mode": "include"})], PARTIAL),
        ([condition(1), {"resource": {"resourceType": "OperationOutcome"}}], PARTIAL),
    ],
    ids=["two", "repeated", "repeated without an address", "two servers", "included", "outcome"],
)
def test_different_matches_reach_a_total(entries: list[Any], found: dict[str, str]) -> None:
    """An answer of 2 matches."""
    assert incomplete(searchset(*entries, total=2)) == found


def test_in_a_history_each_version_counts() -> None:
    """A repeated version does not."""
    versions = [condition(1), condition(1)]
    for number, entry in enumerate(versions):
        entry["resource"]["meta"] = {"versionId": str(number)}
    assert incomplete(searchset(*versions, type="history", total=2)) == {}
    assert incomplete(searchset(versions[0], versions[0], type="history", total=2)) == PARTIAL


@pytest.mark.parametrize(
    ("links", "total"),
    [
        ({"next": f"{SEARCH}&page=2"}, None),
        ({"next": f"{SEARCH}&page=2"}, 1),
        ({"next": 7}, None),
        ({"next": SEARCH}, None),
        ({"previous": f"{SEARCH}&page=1"}, None),
        ({"prev": f"{SEARCH}&page=1"}, 1),
        ({"first": f"{SEARCH}&page=1", "last": f"{SEARCH}&page=3"}, None),
        ({"self": f"{SEARCH}&page=3", "first": f"{SEARCH}&page=1", "last": f"{SEARCH}&page=3"}, None),
        ({"self": f"{SEARCH}&cursor=abc", "first": SEARCH}, None),
        ({"last": f"{SEARCH}&page=3"}, None),
    ],
)
def test_a_page_saved_alone_is_a_part(links: dict[str, Any], total: int | None) -> None:
    """The first, a middle or the last one, by what its links say about the others."""
    assert incomplete(searchset(condition(1), links=links, total=total)) == PARTIAL


@pytest.mark.parametrize(
    ("links", "total"),
    [
        ({}, None),
        ({"next": "", "previous": " ", "last": None}, None),
        ({"previous": SEARCH, "first": SEARCH, "last": SEARCH}, None),
        ({"first": f"{SEARCH}&page=1", "last": f"{SEARCH}&page=1"}, None),
        ({"first": f"{SEARCH}&page=1"}, None),
        ({"self": f"{SEARCH}&_count=50", "first": SEARCH, "last": SEARCH}, None),
        ({"first": "https://EHR.example/fhir/Condition/?patient=p", "last": SEARCH}, None),
        ({"first": f"{SEARCH}&page=1", "last": f"{SEARCH}&page=2"}, 1),
        ({"self": f"{SEARCH}&cursor=abc", "first": SEARCH}, 1),
    ],
)
def test_an_only_page_is_whole(links: dict[str, Any], total: int | None) -> None:
    """Also where a server names it in several ways; a total that is reached leaves no other page."""
    assert incomplete(searchset(condition(1), links=links, total=total)) == {}


def test_the_pages_of_one_file_complete_each_other() -> None:
    """Three saved pages; without one of them the links of the others lead to it."""
    second, third = f"{SEARCH}&page=2", f"{SEARCH}&page=3"
    ends = {"first": SEARCH, "last": third}
    pages = (
        searchset(condition(1), links={"next": second, **ends}),
        searchset(condition(2), links={"self": second, "previous": SEARCH, "next": third, **ends}),
        searchset(condition(3), links={"self": third, "previous": second, **ends}),
    )
    assert incomplete(*pages) == {}
    for left_out in range(3):
        assert incomplete(*pages[:left_out], *pages[left_out + 1 :]) == PARTIAL


@pytest.mark.parametrize(
    ("issue", "found"),
    [
        ({"severity": "error", "code": "timeout"}, True), ([{"severity": "error"}], True), ("timeout", True),
        ([None], True), ([{"code": "processing"}], True), ([{"severity": "warning", "code": "incomplete"}], True),
        ({"severity": "warning", "code": "processing"}, False), ([{"severity": "information"}], False), ([], False),
        (None, False),
    ],
)  # fmt: skip
def test_an_issue_that_cannot_be_read_is_an_error(issue: object, found: bool) -> None:
    """Also a single issue in place of a list, and one without a severity."""
    outcome = {"resource": {"resourceType": "OperationOutcome", "issue": issue}}
    assert (incomplete(searchset(condition(1), outcome)) != {}) is found
