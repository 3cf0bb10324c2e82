"""Bundles: identities, references, and JSON that is not what it should be."""

from __future__ import annotations

from typing import Any

import pytest

from titrate.fhir.bundle_contents import NotABundle, relative, resources_of

UUID = "urn:uuid:54c48934-bec2-4773-89f5-f09f6fc6e6f9"


def bundle(*entries: Any, kind: str = "collection") -> dict[str, Any]:
    """A Bundle with these entries."""
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def entry(resource: Any, url: str | None = None, **more: Any) -> dict[str, Any]:
    """An entry with a resource."""
    return {"resource": resource, **({} if url is None else {"fullUrl": url}), **more}


def about(reference: str, **more: Any) -> dict[str, Any]:
    """An Observation whose subject is the reference."""
    return {"resourceType": "Observation", "id": "o", "subject": {"reference": reference}, **more}


def subject_in(found: dict[str, Any]) -> str:
    """The subject of the last resource of a Bundle."""
    resources, _ = resources_of(found)
    return str(resources[-1]["subject"]["reference"])


PATIENT = {"resourceType": "Patient", "id": "p"}


@pytest.mark.parametrize(
    ("url", "reference", "resolved"),
    [
        (UUID, UUID, "Patient/p"),
        ("https://ehr.example/fhir/Patient/p", "https://ehr.example/fhir/Patient/p", "Patient/p"),
        ("https://ehr.example/fhir/Patient/p", "https://ehr.example/fhir/Patient/p/_history/3", "Patient/p"),
        ("https://ehr.example/fhir/Patient/p", "https://ehr.example/fhir/Patient/q", "Patient/q"),
        (
            "https://ehr.example/fhir/Patient/p",
            "https://other.example/fhir/Patient/p",
            "https://other.example/fhir/Patient/p",
        ),
        (None, "Patient/p/_history/2", "Patient/p"),
        (None, "Patient/p", "Patient/p"),
        (None, "#inside", "#inside"),
        (None, UUID, UUID),
    ],
)
def test_references(url: str | None, reference: str, resolved: str) -> None:
    """What points into the Bundle or at its server is Type/id; what points elsewhere stays."""
    assert subject_in(bundle(entry(PATIENT, url), entry(about(reference)))) == resolved


def test_references_deep_inside() -> None:
    """Every reference, at any depth, and nothing else that looks like one."""
    made = about(UUID, performer=[{"reference": UUID}], note=[{"text": UUID, "authorReference": {"reference": UUID}}])
    resources, _ = resources_of(bundle(entry(PATIENT, UUID), entry(made)))
    read = resources[1]
    assert read["performer"][0]["reference"] == read["note"][0]["authorReference"]["reference"] == "Patient/p"
    assert read["note"][0]["text"] == UUID
    assert made["performer"] == [{"reference": UUID}]


def test_an_id_from_the_full_url() -> None:
    """A resource without an id is named by its urn:uuid."""
    resources, refusals = resources_of(bundle(entry({"resourceType": "Patient"}, UUID), entry(about(UUID))))
    assert resources[0]["id"] == UUID.removeprefix("urn:uuid:")
    assert (resources[1]["subject"]["reference"], refusals) == (f"Patient/{resources[0]['id']}", ())


@pytest.mark.parametrize(
    "broken",
    [
        None, 3, {}, {"resource": []}, {"resource": {}}, {"resource": {"resourceType": "Patient"}},
        {"request": {"method": "DELETE", "url": "Patient/p"}},
    ],
)  # fmt: skip
def test_a_broken_entry_is_refused_and_the_others_stay(broken: Any) -> None:
    """Its place is named."""
    resources, refusals = resources_of(bundle(broken, entry(PATIENT)))
    assert [one["id"] for one in resources] == ["p"]
    assert [(one.path, one.reason) for one in refusals] == [("Bundle.entry[0]", "malformed")]


def test_operation_outcomes_of_the_server() -> None:
    """A warning is ignored; an error among the entries is refused as an incomplete response."""

    def remark(severity: str) -> dict[str, Any]:
        issue = {"severity": severity, "code": "processing"}
        return entry({"resourceType": "OperationOutcome", "issue": [issue]}, search={"mode": "outcome"})

    assert resources_of(bundle(entry(PATIENT), remark("warning"))) == ((PATIENT,), ())
    _, refusals = resources_of(bundle(entry(PATIENT), remark("error")))
    assert [one.path for one in refusals] == ["Bundle.entry[1]"]


def test_patients_that_a_search_included() -> None:
    """An included patient does not make two of one."""
    other = entry({"resourceType": "Patient", "id": "q"}, search={"mode": "include"})
    resources, _ = resources_of(bundle(entry(PATIENT, search={"mode": "match"}), other, kind="searchset"))
    assert [one["id"] for one in resources] == ["p"]


def test_two_versions_of_one_resource() -> None:
    """The newer counts; the same twice is once; without an order both stay, to conflict openly."""
    old, new = (about("Patient/p", meta={"lastUpdated": f"2025-01-0{day}T00:00:00Z"}, status=day) for day in (1, 2))
    for pair in ((old, new), (new, old)):
        resources, refusals = resources_of(bundle(*map(entry, pair)))
        assert [one["status"] for one in resources] == [2]
        assert [one.reason for one in refusals] == ["duplicate"]
    assert len(resources_of(bundle(entry(PATIENT), entry(PATIENT)))[0]) == 1
    assert len(resources_of(bundle(entry(PATIENT), entry(PATIENT | {"gender": "male"})))[0]) == 2


@pytest.mark.parametrize("value", [[], PATIENT, {"resourceType": "Bundle", "entry": {}}])
def test_anything_but_a_bundle_is_refused(value: Any) -> None:
    """Any other value raises NotABundle."""
    with pytest.raises(NotABundle):
        resources_of(value)


def test_resources_of_a_server() -> None:
    """References to the server's own base become Type/id."""
    (read,) = relative([about("https://ehr.example/fhir/Patient/p")], "https://ehr.example/fhir/")
    assert read["subject"]["reference"] == "Patient/p"
