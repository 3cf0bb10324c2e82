"""Bundles: identities, references, and invalid JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from titrate.fhir.bundle_contents import bundle_contents, resources_of
from titrate.fhir.elements import name
from titrate.fhir.errors import NotABundle
from titrate.fhir.references import relative

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
    """References into the Bundle or to its server become Type/id; others stay."""
    assert subject_in(bundle(entry(PATIENT, url), entry(about(reference)))) == resolved


def test_references_deep_inside() -> None:
    """Every reference at any depth, and nothing else that resembles one."""
    made = about(UUID, performer=[{"reference": UUID}], note=[{"text": UUID, "authorReference": {"reference": UUID}}])
    resources, _ = resources_of(bundle(entry(PATIENT, UUID), entry(made)))
    read = resources[1]
    assert read["performer"][0]["reference"] == read["note"][0]["authorReference"]["reference"] == "Patient/p"
    assert read["note"][0]["text"] == UUID
    assert made["performer"] == [{"reference": UUID}]


def test_an_id_from_the_full_url() -> None:
    """A resource without an id is identified by its urn:uuid."""
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
def test_an_invalid_entry_is_refused_and_the_others_are_read(broken: Any) -> None:
    """Its position is named."""
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


def included(resource: dict[str, Any]) -> dict[str, Any]:
    """An entry that a search only included."""
    return entry(resource, search={"mode": "include"})


def test_patients_that_a_search_included() -> None:
    """An included patient does not count as a second one."""
    other = included({"resourceType": "Patient", "id": "q"})
    resources, refusals = resources_of(bundle(entry(PATIENT, search={"mode": "match"}), other, kind="searchset"))
    assert [one["id"] for one in resources] == ["p"]
    assert [(one.source.reference, one.path) for one in refusals] == [("Patient/q", "Bundle.entry[1]")]


def test_two_versions_of_one_resource() -> None:
    """The newer one counts; duplicates are read once; without an order both stay, as a visible conflict."""
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


SERVER = "https://ehr.example/fhir"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://ehr.example:443/fhir", "HTTPS://EHR.example/fhir", "https://Ehr.Example:443/fhir", "https://ehr.example/fhir/",
    ],
)  # fmt: skip
def test_one_server_in_several_spellings(spelling: str) -> None:
    """In the setting, in references and in a fullUrl; a version and a last slash change nothing."""
    written = f"{spelling}/Patient/p".replace("fhir//", "fhir/")
    for reference in (written, f"{written}/_history/2", f"{written}/"):
        (read,) = relative([about(reference)], SERVER)
        assert read["subject"]["reference"] == "Patient/p"
        (read,) = relative([about(f"{SERVER}/Patient/p")], spelling)
        assert read["subject"]["reference"] == "Patient/p"
        assert subject_in(bundle(entry(PATIENT, f"{SERVER}/Patient/p"), entry(about(reference)))) == "Patient/p"
        assert subject_in(bundle(entry(PATIENT, reference), entry(about(f"{SERVER}/Patient/p")))) == "Patient/p"


@pytest.mark.parametrize(
    "other",
    [
        "http://ehr.example/fhir", "https://ehr.example:8443/fhir", "https://ehr.example/FHIR", "https://ehr.example/fhir/r4",
        "https://ehr.example.other/fhir", "https://[::1]/fhir", "https://[/fhir", "ftp://ehr.example/fhir",
    ],
)  # fmt: skip
def test_another_server_stays_another(other: str) -> None:
    """Another scheme, host, port or path."""
    (read,) = relative([about(f"{other}/Patient/p")], SERVER)
    assert read["subject"]["reference"] == f"{other}/Patient/p"
    assert subject_in(bundle(entry(PATIENT, f"{SERVER}/Patient/p"), entry(about(f"{other}/Patient/p")))) != "Patient/p"


def test_ids_of_two_servers_are_kept_apart() -> None:
    """The same id, and a relative reference on another server."""
    here, there = f"{SERVER}/Observation/o", "https://portal.example/fhir/Observation/o"
    own, foreign = about("Patient/p"), about("Patient/p", meta={"lastUpdated": "2025-01-01T00:00:00Z"})
    resources, refusals = resources_of(
        bundle(entry(PATIENT, f"{SERVER}/Patient/p"), entry(own, here), entry(foreign, there))
    )
    assert [name(one) for one in resources] == ["Patient/p", "Observation/o", there]
    assert [one["subject"]["reference"] for one in resources[1:]] == [
        "Patient/p",
        "https://portal.example/fhir/Patient/p",
    ]
    assert refusals == ()


def test_a_record_of_another_server_about_this_patient() -> None:
    """It counts where its subject is the patient on the patient's own server."""
    foreign = about(f"{SERVER}/Patient/p")
    found = bundle(entry(PATIENT, f"{SERVER}/Patient/p"), entry(foreign, "https://portal.example/fhir/Observation/o"))
    assert subject_in(found) == "Patient/p"


def test_an_id_that_could_pass_for_another_name_is_not_used() -> None:
    """Otherwise an Observation could stand for the patient's plan. What the record says still counts."""
    resources, refusals = resources_of(bundle(entry(PATIENT), entry({**about("Patient/p"), "id": "CarePlan/own"})))
    assert [name(one) for one in resources] == ["Patient/p", "Observation/?"]
    assert refusals == ()


def test_a_patient_without_an_id_is_refused() -> None:
    """No record can refer to it, and beside the patient it would be a second one."""
    resources, refusals = resources_of(bundle(entry(PATIENT), entry({"resourceType": "Patient", "active": True})))
    assert [name(one) for one in resources] == ["Patient/p"]
    assert [one.path for one in refusals] == ["Bundle.entry[1]"]


def test_an_id_from_an_address() -> None:
    """A resource without an id has the one of its place on a server, if that is of its type."""
    unnamed = {key: value for key, value in about("Patient/p").items() if key != "id"}
    entries = [entry(unnamed, f"{SERVER}/{kind}/o7") for kind in ("Observation", "Condition")]
    resources, _ = resources_of(bundle(entry(PATIENT, f"{SERVER}/Patient/p"), *entries))
    assert [name(one) for one in resources[1:]] == ["Observation/o7", "Observation/?"]


def test_resources_under_different_uuids_are_different() -> None:
    """Whatever their ids are."""
    entries = [entry(about("Patient/p", status=str(number)), f"urn:uuid:{number}") for number in (1, 2)]
    assert len(resources_of(bundle(entry(PATIENT), *entries))[0]) == 3


def deletion(url: str, when: str | None = None) -> dict[str, Any]:
    """A deletion in a history."""
    response = {"status": "204"} | ({"lastModified": when} if when else {})
    return {"fullUrl": f"{SERVER}/{url}", "request": {"method": "DELETE", "url": url}, "response": response}


EARLY, LATE = "2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("entries", "left"),
    [
        ([deletion("Observation/o"), entry(about("Patient/p"))], 0),
        ([entry(about("Patient/p")), deletion("Observation/o")], 1),
        ([entry(about("Patient/p", meta={"lastUpdated": EARLY})), deletion("Observation/o", LATE)], 0),
        ([deletion("Observation/o", EARLY), entry(about("Patient/p", meta={"lastUpdated": LATE}))], 1),
        ([entry(about("Patient/p", status="2")), entry(about("Patient/p", status="1"))], 1),
        ([deletion("Observation/other"), entry(about("Patient/p"))], 1),
    ],
    ids=["deleted", "created again", "deleted later", "created later", "two versions", "another"],
)
def test_a_history_has_the_newest_state_of_each_resource(entries: list[dict[str, Any]], left: int) -> None:
    """By the times, else by the order: the newest comes first. A deletion is named."""
    resources, refusals = resources_of(bundle(entry(PATIENT, f"{SERVER}/Patient/p"), *entries, kind="history"))
    observations = [one for one in resources if one["resourceType"] == "Observation"]
    assert len(observations) == left
    assert all(one.get("status", "2") == "2" for one in observations)
    assert left or [one.reason for one in refusals if one.source.reference == "Observation/o"] != []


def test_the_address_of_a_form_on_the_patients_own_server() -> None:
    """It becomes `Questionnaire/id`, with its business version; one on another server keeps its address."""
    for written, read in (
        (f"{SERVER}/Questionnaire/a|2", "Questionnaire/a|2"),
        ("HTTPS://ehr.example:443/fhir/Questionnaire/a/_history/1", "Questionnaire/a"),
        ("https://other.example/Questionnaire/a|2", "https://other.example/Questionnaire/a|2"),
    ):
        (found,) = relative([{"resourceType": "QuestionnaireResponse", "questionnaire": written}], SERVER)
        assert found["questionnaire"] == read


WRAPPED: dict[str, Callable[[Any], dict[str, Any]]] = {
    "resource": lambda inner: {"resource": inner},
    "parameter": lambda inner: {"resource": parameters({"name": "return", "resource": inner})},
    "part": lambda inner: {"resource": parameters({"name": "a", "part": [{"name": "b", "resource": inner}]})},
    "part of a part": lambda inner: {
        "resource": parameters({"name": "a", "part": [{"name": "b", "part": [{"name": "c", "resource": inner}]}]})
    },
    "parameters in parameters": lambda inner: {
        "resource": parameters({"name": "a", "resource": parameters({"name": "b", "resource": inner})})
    },
    "contained": lambda inner: {"resource": {**about("Patient/p"), "id": "host", "contained": [inner]}},
    "outcome": lambda inner: {"response": {"status": "200", "outcome": inner}},
}


def parameters(*given: dict[str, Any]) -> dict[str, Any]:
    """A Parameters resource."""
    return {"resourceType": "Parameters", "parameter": list(given)}


@pytest.mark.parametrize("where", WRAPPED)
def test_a_bundle_anywhere_in_an_entry_is_opened(where: str) -> None:
    """With the Bundles in it, and what they say about what is missing."""
    inner = bundle(entry(about("Patient/p")), kind="searchset")
    for carried in (inner, bundle(entry(inner))):
        contents = bundle_contents(bundle(entry(PATIENT), WRAPPED[where](carried)))
        assert "Observation/o" in [name(one) for one in contents.resources]
        assert (contents.refusals, contents.incomplete) == ((), {})
    cut = bundle_contents(bundle(entry(PATIENT), WRAPPED[where]({**inner, "total": 2})))
    assert [*cut.incomplete] == ["Observation"]


@pytest.mark.parametrize("where", WRAPPED)
@pytest.mark.parametrize(("levels", "opened"), [(3, True), (4, True), (5, False)])
def test_the_levels_of_bundles_are_bounded(where: str, levels: int, opened: bool) -> None:
    """Five with the outermost one: the rest is named, and holds."""
    inner = bundle(entry(about("Patient/p")))
    for _ in range(levels - 1):
        inner = bundle(WRAPPED[where](inner))
    contents = bundle_contents(bundle(entry(PATIENT), WRAPPED[where](inner)))
    assert ("Observation/o" in [name(one) for one in contents.resources]) is opened
    assert [one.reason for one in contents.refusals] == ([] if opened else ["malformed"])
    assert (contents.incomplete == {}) is opened


def test_a_resource_in_parameters_is_read() -> None:
    """A second Patient there is what was asked about."""
    other = {"resourceType": "Patient", "id": "q"}
    given = parameters({"name": "patient", "resource": other}, {"name": "a", "resource": about("Patient/p")})
    resources, refusals = resources_of(bundle(entry(PATIENT), entry(given)))
    assert [name(one) for one in resources] == ["Patient/p", "Observation/o"]
    assert [one.source.reference for one in refusals] == ["Patient/q"]
