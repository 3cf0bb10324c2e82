"""What decides eligibility: read, absent, or there and unreadable."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fhir.read.sample_resources import LOCAL, SUBJECT, Resource, concept, patient, read_all
from titrate.clinical.values.readings import PatientDetails, PatientReadings
from titrate.fhir.read.eligibility import BIRTH_TIME

EAST, WEST = "Asia/Tokyo", "America/Los_Angeles"


def read(*consents: Resource, **more: Any) -> PatientReadings:
    """What is read of the patient with these elements; an element that is None is left out."""
    return read_all({key: value for key, value in patient(**more).items() if value is not None}, *consents)


def person(*consents: Resource, **more: Any) -> PatientDetails:
    """The patient's details."""
    return read(*consents, **more).person


def birth_time(written: object) -> Resource:
    """The element beside a birth date, with the time of birth."""
    return {"extension": [{"url": BIRTH_TIME, "valueDateTime": written}]}


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("2010-05-04", date(2010, 5, 4)),
        (" 2010-05-04 ", date(2010, 5, 4)),
        ("2010", date(2010, 12, 31)),
        ("2010-05", date(2010, 5, 31)),
        ("2012-02", date(2012, 2, 29)),
        ("2010-05-04T00:00:00Z", date(2010, 5, 4)),
        ("2010-05-04T00:00:00", date(2010, 5, 4)),
        ("2010-05-04T13:45:00+02:00", date(2010, 5, 4)),
    ],
)
def test_a_birth_date_that_can_be_read(written: str, born: date) -> None:
    """A date; of a time its date; of a year or a month the last day."""
    found = read(birthDate=written)
    assert (found.person.birth_date, found.person.unreadable, found.refusals) == (born, (), ())


@pytest.mark.parametrize(
    ("zone", "born"), [(EAST, date(2010, 5, 5)), (WEST, date(2010, 5, 4)), ("UTC", date(2010, 5, 4))]
)
def test_of_two_dates_that_a_time_can_mean_the_later_counts(zone: str, born: date) -> None:
    """A server may have converted midnight to UTC."""
    known = {"url": "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode": zone}
    assert person(birthDate="2010-05-04T15:00:00Z", extension=[known]).birth_date == born


UNREADABLE_DATES = [
    "2010-5-4", "2010/05/04", "2010-02-30", "2010-13", "04.05.2010", "20100504", "unknown", "0001-01-01", "0001",
    "2010-05-04 00:00", "2010-05-04Tnoon", 20100504, 2010, True, [], ["2010-05-04"], {"value": "2010-05-04"},
]  # fmt: skip


@pytest.mark.parametrize("written", UNREADABLE_DATES)
def test_a_birth_date_that_cannot_be_read(written: object) -> None:
    """It is refused with its place and without its value, and it is not taken for an absent one."""
    found = read(birthDate=written)
    (refused,) = found.refusals
    assert (refused.source.reference, refused.path, refused.reason) == ("Patient/p", "Patient.birthDate", "wrong-time")
    assert (found.person.birth_date, found.person.unreadable) == (None, ("Patient.birthDate",))
    assert str(written) not in str(refused.message)


@pytest.mark.parametrize("written", [None, "", "  "])
def test_no_birth_date(written: object) -> None:
    """It is absent, which is no fault of the record; `birthTime` stands in for it."""
    absent = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": written}
    assert (read_all(absent).person.birth_date, read_all(absent).refusals) == (None, ())
    with_reason = absent | {"_birthDate": {"extension": [{"url": "data-absent-reason", "valueCode": "unknown"}]}}
    assert (read_all(with_reason).person.birth_date, read_all(with_reason).refusals) == (None, ())
    timed = read_all(absent | {"_birthDate": birth_time("2010-05-04T06:30:00+01:00")})
    assert (timed.person.birth_date, timed.refusals) == (date(2010, 5, 4), ())
    broken = read_all(absent | {"_birthDate": birth_time("early")})
    assert [(one.path, one.reason) for one in broken.refusals] == [("Patient.birthDate", "wrong-time")]
    assert broken.person.unreadable == ("Patient.birthDate",)


def test_a_birth_date_is_not_replaced_by_the_time_of_birth() -> None:
    """The time may be another person's zone; the date is what was entered."""
    assert person(birthDate="2010-05-04", _birthDate=birth_time("1961-01-01")).birth_date == date(2010, 5, 4)
    assert person(birthDate="x", _birthDate=birth_time("1961-01-01")).unreadable == ("Patient.birthDate",)


@pytest.mark.parametrize(
    ("elements", "died"),
    [
        ({"deceasedBoolean": True}, True),
        ({"deceasedBoolean": "true"}, True),
        ({"deceasedBoolean": " Yes"}, True),
        ({"deceasedBoolean": False}, False),
        ({"deceasedBoolean": None, "_deceasedBoolean": {"extension": []}}, False),
        ({"deceasedBoolean": True, "deceasedDateTime": None}, True),
        ({"deceasedBoolean": False, "deceasedDateTime": "2024-12-24"}, True),
        ({"deceasedBoolean": None, "deceasedDateTime": "2024"}, True),
        ({"deceasedDateTime": "2025-02-01"}, False),
        ({"deceasedBoolean": False, "deceasedDateTime": ""}, False),
    ],
)
def test_death_that_can_be_read(elements: Resource, died: bool) -> None:
    """A null says nothing, and of two elements the one that says so counts."""
    found = read_all(patient() | elements)
    assert (found.person.deceased, found.person.unreadable, found.refusals) == (died, (), ())


UNREADABLE: list[tuple[str, Resource]] = [
    ("Patient.deceasedBoolean", {"deceasedBoolean": "false"}),
    ("Patient.deceasedBoolean", {"deceasedBoolean": "perhaps"}),
    ("Patient.deceasedBoolean", {"deceasedBoolean": 0}),
    ("Patient.deceasedBoolean", {"deceasedBoolean": [False]}),
    ("Patient.deceasedBoolean", {"deceasedBoolean": ""}),
    ("Patient.deceasedDateTime", {"deceasedDateTime": ""}),
    ("Patient.deceasedDateTime", {"deceasedDateTime": " "}),
    ("Patient.deceasedDateTime", {"deceasedDateTime": 2024}),
    ("Patient.deceasedDateTime", {"deceasedDateTime": ["2024-12-24"]}),
    ("Patient.deceasedDateTime", {"deceasedDateTime": True, "deceasedBoolean": False}),
    ("Patient.active", {"active": "true"}),
    ("Patient.active", {"active": 1}),
    ("Patient.link", {"link": [{"other": {"reference": "Patient/q"}}]}),
    ("Patient.link", {"link": [{"type": "replacedby", "other": {"reference": "Patient/q"}}]}),
    ("Patient.link", {"link": [{"type": 7}]}),
    ("Patient.link", {"link": "Patient/q"}),
    ("Patient.link", {"link": [{"type": "seealso"}, "Patient/q"]}),
    ("Patient.modifierExtension", {"modifierExtension": [{"url": "https://example.org/x", "valueBoolean": True}]}),
    ("Patient.implicitRules", {"implicitRules": "https://example.org/x"}),
]


@pytest.mark.parametrize(("path", "elements"), UNREADABLE)
def test_an_element_that_decides_and_cannot_be_read(path: str, elements: Resource) -> None:
    """It is refused and named."""
    found = read(**elements)
    assert [one.path for one in found.refusals] == [path]
    assert found.person.unreadable == (path,)


def test_a_date_of_death_that_cannot_be_read_is_a_death() -> None:
    """Someone entered a date, and nothing reads as alive."""
    found = person(deceasedDateTime="last year")
    assert (found.deceased, found.unreadable) == (True, ("Patient.deceasedDateTime",))


@pytest.mark.parametrize(
    "elements",
    [
        {"active": True},
        {"active": False},
        {"active": None},
        {"link": None},
        {"link": []},
        {"link": [{"type": "refer"}]},
    ],
)
def test_readable_elements_leave_no_doubt(elements: Resource) -> None:
    """Benign records hold nothing."""
    assert read_all(patient() | elements).person == read_all(patient()).person


def consent(**more: Any) -> Resource:
    """A permit of the patient for the programme, in 2024."""
    made = {"resourceType": "Consent", "id": "c", "patient": SUBJECT, "status": "active", "dateTime": "2024-06-01"}
    return {**made, "category": [concept("programme-consent", LOCAL)], "provision": {"type": "permit"}, **more}


UNREADABLE_CONSENTS: list[Resource] = [
    {"status": 12}, {"status": "Active"}, {"status": None}, {"provision": "permit"}, {"provision": []},
    {"provision": {"type": "allow"}}, {"provision": {"type": ["permit"]}}, {"provision": {"period": "2024"}},
    {"provision": {"period": {"end": "soon"}}}, {"provision": {"period": {"end": 2024}}},
    {"patient": None}, {"patient": "Patient/p"}, {"modifierExtension": [{"url": "https://example.org/x"}]},
    {"category": [{"coding": [{"code": "programme-consent"}]}], "status": "inactive"},
    {"category": [{"text": "programme-consent"}], "provision": {"type": "deny"}},
    {"category": None, "provision": {"type": "deny"}}, {"category": "programme-consent", "status": "rejected"},
]  # fmt: skip


@pytest.mark.parametrize("broken", UNREADABLE_CONSENTS)
def test_a_consent_that_cannot_be_read(broken: Resource) -> None:
    """It is no yes, and no certain no: it is refused and named until a later Consent answers."""
    found = read(consent(**broken))
    assert [(one.source.reference, one.reason) for one in found.refusals] == [("Consent/c", "malformed")]
    assert (found.person.opted_out, found.person.unreadable) == (False, ("Consent/c",))
    later = read(consent(**broken), consent(id="d", dateTime="2024-07-01"))
    assert (later.refusals, later.person.unreadable) == ((), ())
    same_day = read(consent(**broken), consent(id="d"))
    assert same_day.person.unreadable == ("Consent/c",)


@pytest.mark.parametrize(
    ("broken", "out"),
    [
        ({"provision": {"type": "deny"}, "status": 7}, True),
        ({"status": "inactive", "provision": 3}, True),
        ({"provision": [{"type": "deny"}]}, True),
        ({"provision": {"type": "deny", "period": {"end": 3}}}, True),
        ({"provision": {"type": "deny"}, "dateTime": 3}, True),
        ({"category": [concept("research", LOCAL)], "provision": {"type": "deny"}}, False),
        ({"category": [{"text": "Treatment"}], "status": "inactive"}, False),
        ({"category": None}, False),
        ({"provision": None}, False),
    ],
)
def test_a_no_counts_whatever_else_cannot_be_read(broken: Resource, out: bool) -> None:
    """Consents about something else say nothing."""
    assert (person(consent(**broken)).opted_out, person(consent(**broken)).unreadable) == (out, ())


def test_a_yes_whose_date_cannot_be_read_replaces_no_earlier_no() -> None:
    """The record may have been changed long after the answer."""
    no = consent(id="n", status="inactive", dateTime="2024-08-01")
    late = {"lastUpdated": "2025-01-01T00:00:00Z"}
    for written in (3, "June", ["2024-09-01"]):
        assert person(no, consent(dateTime=written, meta=late)).opted_out
    assert not person(no, consent(dateTime=None, meta=late)).opted_out
    assert not person(no, consent(dateTime="2024-09-01", meta=late)).opted_out


def test_no_refusal_quotes_the_record() -> None:
    """Values of the patient stay in the record."""
    found = read(consent(status="Secret"), deceasedBoolean="Secret", birthDate="Secret")
    assert len(found.refusals) == 3
    assert "Secret" not in "".join(str(one.message) for one in found.refusals)


MODIFIED = {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]}
DENIED = {"type": "deny"}


@pytest.mark.parametrize(
    ("permit", "reason"),
    [
        ({"dateTime": "2026-01-05"}, "future"), ({"dateTime": "2025-01-13T09:00:01Z"}, "future"),
        ({"dateTime": None, "meta": {"lastUpdated": "2025-01-14T00:00:00Z"}}, "future"),
        ({"provision": {"type": "permit", "period": {"start": "2025-01-14"}}}, "future"),
        ({"provision": {"type": "permit", "period": {"start": "next week"}}}, "malformed"), (MODIFIED, "malformed"),
        ({"implicitRules": "urn:x"}, "malformed"), ({"provision": {"type": "permit", **MODIFIED}}, "malformed"),
        ({"provision": {"type": "permit", "provision": [{"type": "permit", **MODIFIED}]}}, "malformed"),
        ({"provision": {"type": "permit", "provision": [{"action": [{"text": "x"}]}]}}, "malformed"),
        ({"provision": {"type": "permit", "period": {"end": "2025-01-12"}}}, None),
    ],
)  # fmt: skip
def test_a_permit_that_replaces_no_denial(permit: Resource, reason: str | None) -> None:
    """Dated ahead, not begun, over, or changed in its meaning; alone it opts no one out."""
    no = consent(id="n", dateTime="2024-01-05", provision=DENIED)
    assert person(no, consent(dateTime="2024-06-01")).opted_out is False
    found = read(no, consent(**permit))
    assert found.person.opted_out
    assert [one.reason for one in found.refusals] == ([] if reason is None else [reason])
    alone = person(consent(**permit))
    assert (alone.opted_out, alone.unreadable) == (False, ("Consent/c",) if reason == "malformed" else ())


@pytest.mark.parametrize(
    ("provision", "opted_out"),
    [
        ({"type": "permit", "provision": [DENIED]}, True), ({"type": "permit", "provision": DENIED}, True),
        ({"provision": [{"type": "permit"}, DENIED]}, True),
        ({"type": "permit", "provision": [{**DENIED, "actor": []}]}, True),
        ({"type": "permit", "provision": [{**DENIED, "code": [concept("programme-consent", LOCAL)]}]}, True),
        ({"type": "permit", "provision": [{**DENIED, "code": [concept("research", LOCAL)]}]}, False),
        ({"type": "permit", "provision": [{**DENIED, "actor": [{"reference": {"display": "An insurer"}}]}]}, False),
        ({"type": "permit", "provision": [{**DENIED, "period": {"end": "2025-01-12"}}]}, False),
        ({"type": "permit", "provision": [{**DENIED, "period": {"end": "2025-01-13"}}]}, True),
        ({"type": "permit", "provision": [{**DENIED, "period": {"start": "2025-01-14"}}]}, False),
        ({"type": "permit", "provision": [{"type": "permit", "provision": [DENIED]}]}, True),
        ({"type": "permit", "provision": [{"type": "permit"}]}, False),
        ({**DENIED, "provision": [{"type": "permit"}]}, True),
        ({**DENIED, "period": {"start": "2025-01-13"}}, True), ({**DENIED, "period": {"start": "2025-01-14"}}, False),
        ({**DENIED, "period": {"start": "2025"}}, True), ({**DENIED, "period": {"start": "next week"}}, True),
    ],
)  # fmt: skip
def test_exceptions_and_periods(provision: Resource, opted_out: bool) -> None:
    """An exception in a permit denies the programme if nothing limits it; a denial begins with its period."""
    assert person(consent(provision=provision)).opted_out is opted_out
    assert person(consent(provision=provision)).unreadable == ()
