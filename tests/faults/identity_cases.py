"""Addresses of one server, and ids of two servers."""

from __future__ import annotations

from typing import Any

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    WALKING,
    Case,
    Expected,
    flag,
)
from tests.faults.records import (
    EHR,
    LOINC,
    PATIENT,
    PORTAL,
    Change,
    Json,
    add,
    answer,
    both,
    concept,
    condition,
    elsewhere,
    observation,
    resources,
    response,
    walk,
)

UUID = "urn:uuid:0d9b1b4e-0000-4000-8000-000000000001"
YES = observation("rf09", valueBoolean=True)


def subjects(reference: str) -> Change:
    """All resources of the patient name it by this reference."""

    def change(bundle: Json) -> None:
        for held in resources(bundle):
            if "subject" in held:
                held["subject"] = {"reference": reference}
        add(bundle, {**YES, "subject": {"reference": reference}})

    return change


def entries(reference: str, url: Any) -> Change:
    """The same, with other full addresses of the entries; `url` makes one from type and id, or gives None."""

    def change(bundle: Json) -> None:
        subjects(reference)(bundle)
        for entry in bundle["entry"]:
            given = url(f"{entry['resource']['resourceType']}/{entry['resource']['id']}")
            entry.pop("fullUrl")
            entry.update({"fullUrl": given} if given else {})

    return change


def repeated(bundle: Json) -> None:
    """Every entry comes twice."""
    bundle["entry"] = bundle["entry"] * 2


def only_absolute(bundle: Json) -> None:
    """No full addresses, and all references are absolute."""
    for entry in bundle["entry"]:
        entry.pop("fullUrl")
    subjects(f"{EHR}/Patient/{PATIENT}")(bundle)
    bundle["entry"][-1].pop("fullUrl")


ABSOLUTE = {"reference": f"{EHR}/Patient/{PATIENT}"}
WALK = "Observation/e2-progress-walking-2025-01-10-1000"

SAME_SERVER = (
    Case("default port in references", flag("rf09"), subjects(f"https://ehr.example:443/fhir/Patient/{PATIENT}")),
    Case("host in capitals in references", flag("rf09"), subjects(f"HTTPS://Ehr.Example/fhir/Patient/{PATIENT}")),
    Case("version in references", flag("rf09"), subjects(f"{EHR}/Patient/{PATIENT}/_history/4")),
    Case(
        "versions in full addresses",
        flag("rf09"),
        entries(f"{EHR}/Patient/{PATIENT}", lambda name: f"{EHR}/{name}/_history/1"),
    ),
    Case(
        "port in full addresses alone",
        flag("rf09"),
        entries(f"{EHR}/Patient/{PATIENT}", lambda name: f"https://ehr.example:443/fhir/{name}"),
    ),
    Case("two slashes in references", Expected(code=2), subjects(f"https://ehr.example//fhir//Patient/{PATIENT}")),
    Case("question mark after references", Expected(code=2), subjects(f"Patient/{PATIENT}?_format=json")),
    Case("references to another server", Expected(code=2), subjects(f"{PORTAL}/Patient/{PATIENT}")),
    Case("absolute references without full addresses", Expected(code=2), only_absolute),
    Case(
        "one record of another server's patient",
        Expected(rule="D10", raised=WALKING, refused="wrong-patient"),
        elsewhere(YES),
    ),
)


def relative_to_portal(bundle: Json) -> None:
    """The last two walks are those of another server's patient with the same id."""
    for day in ("08", "10"):
        held = walk(bundle, day)
        (entry,) = (entry for entry in bundle["entry"] if entry["resource"] is held)
        entry["fullUrl"] = f"{PORTAL}/Observation/{held['id']}"


TWO_SERVERS = (
    Case(
        "diagnosis of a portal under the id of a resource",
        flag("rf01"),
        both(
            lambda bundle: add(bundle, condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J30.1"})),
            elsewhere(condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G83.4"}), subject=ABSOLUTE),
        ),
    ),
    Case(
        "form of a portal under the id of a screen",
        flag("rf02"),
        elsewhere(
            {
                **response(
                    [answer("rf02", valueBoolean=True)],
                    "https://titrate.example/fhir/Questionnaire/safety-screen-short",
                ),
                "id": "e2-progress-safety-screen-full-2025-01-11-0900",
            },
            subject=ABSOLUTE,
        ),
    ),
    Case(
        "item 9 of a portal under the id of a walk",
        flag("rf19"),
        elsewhere(observation(concept("44260-8", LOINC), id_=WALK.partition("/")[2], valueInteger=1), subject=ABSOLUTE),
    ),
    Case(
        "newer version on a portal",
        flag("rf09"),
        both(
            lambda bundle: add(bundle, {**YES, "meta": {"versionId": "1"}}),
            elsewhere({**observation("rf09", valueBoolean=False), "meta": {"versionId": "9"}}, subject=ABSOLUTE),
        ),
    ),
    Case("walks of another server's patient", NO_RISE, relative_to_portal),
    Case("every entry twice", RISES, repeated),
    Case(
        "pain of a portal under the id of a walk",
        RISES,
        elsewhere(
            observation(concept("72514-3", LOINC), "2025-01-12T18:00:00+00:00", WALK.partition("/")[2], valueInteger=2),
            subject=ABSOLUTE,
        ),
    ),
)


def without_id(held: Json, url: str | None = None, **id_: Any) -> Change:
    """A resource without a usable id, with or without a full address."""

    def change(bundle: Json) -> None:
        plain = {**{key: value for key, value in held.items() if key != "id"}, **id_}
        bundle["entry"].append({"resource": plain, **({"fullUrl": url} if url else {})})

    return change


CAUDA = condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G83.4"})
WITHOUT_ID = (
    Case("yes without an id", flag("rf09"), without_id(YES)),
    Case("yes without an id at an address", flag("rf09"), without_id(YES, f"{EHR}/Observation/added-1")),
    Case("yes without an id under a name of the file", flag("rf09"), without_id(YES, UUID)),
    Case("yes with a number as its id", flag("rf09"), without_id(YES, id=7)),
    Case("yes with an address as its id", flag("rf09"), without_id(YES, id="Observation/added-1")),
    Case("yes with a blank id", flag("rf09"), without_id(YES, id=" ")),
    Case("diagnosis without an id", flag("rf01"), without_id(CAUDA)),
    Case(
        "two yeses without an id",
        flag("rf09", "rf02"),
        both(without_id(YES), without_id(observation("rf02", valueBoolean=True))),
    ),
    Case("score without an id", RISES, without_id(observation(concept("8302-2", LOINC), valueInteger=170))),
)
FILE_CASES = (*SAME_SERVER, *TWO_SERVERS, *WITHOUT_ID)
ON_THE_EHR = {
    "version in references",
    "one record of another server's patient",
    "diagnosis of a portal under the id of a resource",
    "newer version on a portal",
    "walks of another server's patient",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
