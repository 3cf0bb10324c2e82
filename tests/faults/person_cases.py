"""Who may have a plan: the birth date, a death, and consent."""

from __future__ import annotations

from typing import Any

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    Case,
    Expected,
)
from tests.faults.records import (
    SUBJECT,
    Change,
    Json,
    add,
    added,
    concept,
    observation,
    patient,
)

NOT_ELIGIBLE = Expected(rule="D0")
HELD = Expected(rule="D5")
YES = observation("rf09", valueBoolean=True)
UNREADABLE_BIRTH = Expected(rule="D5", refused="wrong-time")
EXTENSIONS = "http://hl7.org/fhir/StructureDefinition"


def born(value: Any, **more: Any) -> Change:
    """The Patient with this birth date; None leaves it out."""

    def change(bundle: Json) -> None:
        person = patient(bundle)
        del person["birthDate"]
        person.update({"birthDate": value} if value is not None else {}, **more)

    return change


def person(**more: Any) -> Change:
    """The Patient with these elements."""
    return lambda bundle: patient(bundle).update(more)


def together(*changes: Change) -> Change:
    """All of these changes."""

    def change(bundle: Json) -> None:
        for one in changes:
            one(bundle)

    return change


def consent(id_: str, status: str, kind: str | None, day: str | None, **more: Any) -> Json:
    """A Consent of the patient with one provision."""
    dated = {} if day is None else {"dateTime": day}
    provision = {"provision": {"type": kind, **more.pop("provision", {})}} if kind else {}
    return {
        "resourceType": "Consent",
        "id": id_,
        "status": status,
        "scope": concept("treatment", "http://terminology.hl7.org/CodeSystem/consentscope"),
        "category": [concept("programme-consent")],
        "patient": dict(SUBJECT),
        **dated,
        **provision,
        **more,
    }


def consents(*given: Json) -> Change:
    """These Consents are in the record."""
    return lambda bundle: add(bundle, *given)


BOTH = (
    Case("adult, born at a time", RISES, born("1960-05-20T00:00:00Z")),
    Case("child, born at a time", NOT_ELIGIBLE, born("2010-05-04T00:00:00Z")),
    Case(
        "child, with a time of birth only",
        NOT_ELIGIBLE,
        born(
            None,
            _birthDate={
                "extension": [{"url": f"{EXTENSIONS}/patient-birthTime", "valueDateTime": "2010-05-04T10:00:00Z"}]
            },
        ),
    ),
    Case("birth date with slashes", UNREADABLE_BIRTH, born("2010/05/04")),
    Case("birth date of no calendar", UNREADABLE_BIRTH, born("2010-02-30")),
    Case("birth date as a number", UNREADABLE_BIRTH, born(20100504)),
    Case("birth date in a list", UNREADABLE_BIRTH, born(["2010-05-04"])),
    Case("birth date that is empty", HELD, born("")),
    Case("no birth date", HELD, born(None)),
    Case(
        "birth date masked",
        HELD,
        born(None, _birthDate={"extension": [{"url": f"{EXTENSIONS}/data-absent-reason", "valueCode": "masked"}]}),
    ),
    Case("born in a month of childhood", NOT_ELIGIBLE, born("2010-05")),
    Case("born in the year in which eighteen is reached", NO_RISE, born("2007")),
    Case("eighteen tomorrow", NOT_ELIGIBLE, born("2007-01-14")),
    Case("eighteen today", RISES, born("2007-01-13")),
    Case("born in the future", NO_RISE, born("2031-05-04")),
    Case("adult by the year alone", RISES, born("1960")),
    Case("adult by the month", RISES, born("1960-05")),
    Case("death at a time that cannot be read", NO_RISE, person(deceasedDateTime="last winter")),
    Case("death at an empty time", HELD, person(deceasedDateTime="")),
    Case("death at a time of null", RISES, person(deceasedDateTime=None)),
    Case("death as text", NOT_ELIGIBLE, person(deceasedBoolean="true")),
    Case("death in a year", NOT_ELIGIBLE, person(deceasedDateTime="2024")),
    Case("not dead", RISES, person(deceasedBoolean=False)),
    Case(
        "denial that is over",
        RISES,
        consents(consent("c-1", "active", "deny", "2024-01-05", provision={"period": {"end": "2024-12-31"}})),
    ),
    Case(
        "denial that ends today",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "deny", "2024-01-05", provision={"period": {"end": "2025-01-13"}})),
    ),
    Case(
        "denial that ended yesterday",
        RISES,
        consents(consent("c-1", "active", "deny", "2024-01-05", provision={"period": {"end": "2025-01-12"}})),
    ),
    Case(
        "permit, then a draft of a denial",
        RISES,
        consents(consent("c-1", "active", "permit", "2024-01-05"), consent("c-2", "draft", "deny", "2025-01-05")),
    ),
    Case("denial entered in error", RISES, consents(consent("c-1", "entered-in-error", "deny", "2025-01-05"))),
    Case(
        "two of one day",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "permit", "2025-01-05"), consent("c-2", "active", "deny", "2025-01-05")),
    ),
    Case(
        "permit an hour after a denial",
        NOT_ELIGIBLE,
        consents(
            consent("c-2", "active", "permit", "2025-01-05T10:00:00Z"),
            consent("c-1", "active", "deny", "2025-01-05T09:00:00Z"),
        ),
    ),
    Case(
        "denial after a permit",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "permit", "2024-11-05"), consent("c-2", "active", "deny", "2025-01-05")),
    ),
    Case(
        "denial by instant, both UTC days",
        NOT_ELIGIBLE,
        consents(
            consent("c-1", "active", "permit", "2025-01-06T00:30:00+05:00"),
            consent("c-2", "active", "deny", "2025-01-05T23:30:00Z"),
        ),
    ),
    Case(
        "denial later by the clock of its zone",
        NOT_ELIGIBLE,
        consents(
            consent("c-1", "active", "permit", "2025-01-06T01:00:00Z"),
            consent("c-2", "active", "deny", "2025-01-05T23:30:00-05:00"),
        ),
    ),
    Case(
        "denial in the month of a permit",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "permit", "2024-11-10"), consent("c-2", "active", "deny", "2024-11")),
    ),
    Case(
        "denial without a day beside a permit in the year",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "permit", "2024-11-10"), consent("c-2", "active", "deny", "2024")),
    ),
    Case(
        "permit in the month after a denial without a day",
        RISES,
        consents(consent("c-1", "active", "permit", "2024-12-10"), consent("c-2", "active", "deny", "2024-11")),
    ),
    Case(
        "permit without a day in the year of a denial",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "permit", "2024"), consent("c-2", "active", "deny", "2024-01-05")),
    ),
    Case(
        "permit on the day after a denial",
        RISES,
        consents(
            consent("c-1", "active", "deny", "2025-01-05T10:00:00Z"), consent("c-2", "active", "permit", "2025-01-06")
        ),
    ),
    Case(
        "denial that ends later by the clock of its zone",
        NOT_ELIGIBLE,
        consents(
            consent("c-1", "active", "deny", "2024-01-05", provision={"period": {"end": "2025-01-12T23:30:00-10:00"}})
        ),
    ),
    Case(
        "permit dated by its version alone",
        RISES,
        consents(
            consent("c-1", "active", "deny", "2023-01-05"),
            consent("c-2", "active", "permit", None, meta={"lastUpdated": "2025-01-05T09:00:00Z"}),
        ),
    ),
    Case(
        "permit that was rejected",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "deny", "2023-01-05"), consent("c-2", "rejected", "permit", "2025-01-05")),
    ),
    Case(
        "denial of another patient",
        RISES,
        consents(consent("c-1", "active", "deny", "2025-01-05", patient={"reference": "Patient/other"})),
    ),
    Case(
        "permit of another patient after a denial",
        NOT_ELIGIBLE,
        consents(
            consent("c-1", "active", "deny", "2024-01-05"),
            consent("c-2", "active", "permit", "2025-01-05", patient={"reference": "Patient/other"}),
        ),
    ),
    Case(
        "permit dated ahead after a denial",
        Expected(rule="D0", refused="future"),
        consents(consent("c-1", "active", "deny", "2024-01-05"), consent("c-2", "active", "permit", "2026-01-05")),
    ),
    Case("permit dated ahead alone", RISES, consents(consent("c-1", "active", "permit", "2026-01-05"))),
    Case(
        "permit changed in its meaning after a denial",
        NOT_ELIGIBLE,
        consents(
            consent("c-1", "active", "deny", "2024-01-05"),
            consent("c-2", "active", "permit", "2025-01-05", modifierExtension=[{"url": "urn:x", "valueCode": "y"}]),
        ),
    ),
    Case(
        "permit that is over after a denial",
        NOT_ELIGIBLE,
        consents(
            consent("c-1", "active", "deny", "2024-01-05"),
            consent("c-2", "active", "permit", "2024-06-05", provision={"period": {"end": "2024-12-31"}}),
        ),
    ),
    Case(
        "permit with a denial in it",
        NOT_ELIGIBLE,
        consents(consent("c-1", "active", "permit", "2025-01-05", provision={"provision": [{"type": "deny"}]})),
    ),
    Case(
        "denial that begins in February",
        RISES,
        consents(consent("c-1", "active", "deny", "2025-01-05", provision={"period": {"start": "2025-02-01"}})),
    ),
    Case(
        "denial beside a yes",
        Expected(rule="D0", flags=frozenset({"rf09"})),
        lambda bundle: add(bundle, consent("c-1", "active", "deny", "2025-01-05"), YES),
    ),
    Case(
        "childhood beside a yes",
        Expected(rule="D0", flags=frozenset({"rf09"})),
        together(born("2010-05-04"), added(YES)),
    ),
    Case(
        "death beside a yes",
        NOT_ELIGIBLE,
        together(person(deceasedBoolean=True), added(YES)),
    ),
    Case(
        "denial beside a flag that can wait",
        NOT_ELIGIBLE,
        lambda bundle: add(
            bundle, consent("c-1", "active", "deny", "2025-01-05"), observation("rf27", valueBoolean=True)
        ),
    ),
    Case("denial without a time", NOT_ELIGIBLE, consents(consent("c-1", "active", "deny", None))),
    Case("denial at a time that cannot be read", NO_RISE, consents(consent("c-1", "active", "deny", "05.01.2025"))),
    Case("status of a consent misspelt", NO_RISE, consents(consent("c-1", "Inactive", "permit", "2025-01-05"))),
    Case(
        "denial of research",
        RISES,
        consents(
            {
                **consent("c-1", "active", "deny", "2025-01-05"),
                "category": [concept("research", "http://terminology.hl7.org/CodeSystem/consentscope")],
            }
        ),
    ),
    Case("inactive, with an empty provision", NOT_ELIGIBLE, consents(consent("c-1", "inactive", None, "2025-01-05"))),
)
FILE_CASES = BOTH
ON_THE_EHR = {
    "child, born at a time",
    "death as text",
    "denial after a permit",
    "two of one day",
    "permit an hour after a denial",
    "denial by instant, both UTC days",
    "denial beside a yes",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
