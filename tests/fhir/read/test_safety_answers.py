"""Safety questions in faulty records: a yes counts, any other answer leaves the question open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    AT,
    LOINC,
    SUBJECT,
    Resource,
    component,
    concept,
    form,
    item,
    observation,
    pain,
    patient,
    quantity,
    read_all,
    walking,
)
from titrate.clinical.values.readings import Diagnosis, PatientReadings, SafetyAnswer

YES: Resource = {"valueBoolean": True}
NO: Resource = {"valueBoolean": False}
SHORT = {"rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19"}
ISSUED = "2025-01-12T08:00:00Z"
ISSUE = datetime(2025, 1, 12, 8, tzinfo=UTC)


def safety_answers(result: PatientReadings) -> dict[str, tuple[bool | str | None, datetime]]:
    """Each answer with the time from which it counts."""
    return {one.what: (one.value, one.stamp.when) for one in result.readings if isinstance(one, SafetyAnswer)}


def question(when: Resource, value: Resource) -> PatientReadings:
    """The result for one question with this time and this answer."""
    undated: Resource = {"effectiveDateTime": None}
    return read_all(observation("rf09", **undated | when | value))


KNOWN = [
    ({"issued": ISSUED}, ISSUE),
    ({"effectiveTiming": {"event": [ISSUED]}}, ISSUE),
    ({"effectiveTiming": {"event": [ISSUED]}, "issued": "2025-01-12T20:00:00Z"}, ISSUE),
    ({"effectivePeriod": {}, "issued": ISSUED}, ISSUE),
    ({"effectiveDateTime": "2025-01-11T08:00:00Z", "issued": ISSUED}, datetime(2025, 1, 11, 8, tzinfo=UTC)),
]


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize(("when", "counts"), KNOWN)
def test_a_question_with_its_time_of_recording_only(when: Resource, counts: datetime, value: bool) -> None:
    """Without an effective time the time of its single event, else of its issue, applies to yes and no."""
    result = question(when, {"valueBoolean": value})
    assert (safety_answers(result), result.refusals) == ({"rf09": (value, counts)}, ())


UNSURE = [
    ({}, "no-time", AT, None),
    ({"issued": "soon"}, "no-time", AT, None),
    ({"issued": "2025-01-14T08:00:00Z"}, "future", AT, None),
    ({"effectiveDateTime": "2025-01-13T10:00:00Z"}, "future", AT, "2025-01-13"),
    ({"effectiveDateTime": "2025-01-14"}, "future", AT, "2025-01-14"),
    ({"effectiveDateTime": "2025-01-13T10:00:00Z", "issued": ISSUED}, "future", AT, "2025-01-13"),
    ({"effectiveDateTime": "2025-01"}, "wrong-time", AT, None),
    ({"effectiveDateTime": "2024-12"}, "wrong-time", datetime(2024, 12, 31, tzinfo=UTC), "2024-12-31"),
    ({"effectiveDateTime": "2023"}, "wrong-time", datetime(2023, 12, 31, tzinfo=UTC), "2023-12-31"),
    ({"effectiveDateTime": "2024-12", "issued": ISSUED}, "wrong-time", ISSUE, "2025-01-12"),
    ({"effectiveDateTime": "yesterday"}, "wrong-time", AT, None),
    ({"effectiveDateTime": "2025-02-30", "issued": ISSUED}, "wrong-time", ISSUE, "2025-01-12"),
    ({"effectivePeriod": {"start": "2025-01-12", "end": "2025-01-10"}}, "wrong-time",
     datetime(2025, 1, 12, tzinfo=UTC), "2025-01-12"),
    ({"effectivePeriod": {"start": ISSUED, "end": "2025-01-14"}}, "future", AT, "2025-01-12"),
    ({"effectiveTiming": {"event": ["2025-01-10T08:00:00Z", ISSUED]}}, "no-time", ISSUE, "2025-01-12"),
    ({"effectiveTiming": {"repeat": {}}, "issued": ISSUED}, "no-time", ISSUE, "2025-01-12"),
    ({"effectiveTiming": {"event": "daily"}}, "no-time", AT, None),
]  # fmt: skip


@pytest.mark.parametrize(("when", "reason", "latest", "day"), UNSURE)
def test_a_question_at_an_uncertain_time(when: Resource, reason: str, latest: datetime, day: str | None) -> None:
    """A yes counts at the latest possible time, else now. After a no the question is open from then on."""
    for value, counts in ((YES, True), (NO, None), ({"dataAbsentReason": concept("unknown")}, None)):
        result = question(when, value)
        assert safety_answers(result) == {"rf09": (counts, latest)}
        assert [(one.what, one.reason) for one in result.refusals] == [("rf09", reason)]
        assert [None if one.day is None else str(one.day) for one in result.refusals] == [day]


@pytest.mark.parametrize("status", ["registered", "unknown", "draft", None])
@pytest.mark.parametrize(("value", "counted"), [(YES, True), (NO, None)])
def test_a_question_with_a_doubtful_status(status: str | None, value: Resource, counted: bool | None) -> None:
    """A yes counts, and after a no the question has no answer from that time. Only "draft" is refused."""
    result = read_all(observation("rf09", status=status, **value))
    assert [answer for answer, _ in safety_answers(result).values()] == [counted]
    assert [one.reason for one in result.refusals] == (["wrong-value"] if status == "draft" else [])


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
@pytest.mark.parametrize("when", ["2025-01-12T08:00:00Z", None, "2025-01"])
def test_a_retracted_record_leaves_nothing(status: str, when: str | None) -> None:
    """Neither a yes nor an open question, whatever its time."""
    assert read_all(observation("rf09", status=status, effectiveDateTime=when, **YES)).readings == ()
    assert read_all(form("safety-screen-short", item("rf09", YES), status=status, authored=when)).readings == ()


def test_a_question_about_another_patient_is_not_read() -> None:
    """With another subject a question is neither answered nor opened."""
    other = {"reference": "Patient/other"}
    assert read_all(observation("rf09", subject=other, effectiveDateTime=None, **YES)).readings == ()
    assert read_all(form("safety-screen-short", item("rf09", YES), subject=other, authored=None)).readings == ()


@pytest.mark.parametrize("subject", [None, {}, {"display": "Kim"}, "Patient/p", {"reference": None}])
def test_a_question_without_a_subject(subject: object) -> None:
    """A yes counts, and a no answers nothing: the record may be the patient's."""
    result = read_all(observation("rf09", subject=subject, **YES), observation("rf15", subject=subject, **NO))
    assert {what: answer for what, (answer, _) in safety_answers(result).items()} == {"rf09": True, "rf15": None}
    assert {one.reason for one in result.refusals} == {"malformed"}
    screen = read_all(form("safety-screen-short", item("rf09", YES), item("rf15", NO), subject=subject))
    assert {what: answer for what, (answer, _) in safety_answers(screen).items()} == dict.fromkeys(SHORT) | {
        "rf09": True
    }


def test_a_preliminary_yes_without_a_time() -> None:
    """It counts, and remains preliminary."""
    (one,) = read_all(observation("rf09", status="preliminary", effectiveDateTime=None, **YES)).readings
    assert isinstance(one, SafetyAnswer)
    assert (one.value, one.stamp.preliminary, one.stamp.dated) == (True, True, False)


def test_questions_within_one_observation() -> None:
    """Each component is a question; a measurement among them that opens no flag is refused by name."""
    questions = [component("rf09", **YES), component("rf15", **NO)]
    rate = component("29463-7", LOINC, valueQuantity=quantity(70, "kg"))
    panel = observation("panel", "urn:site", effectiveDateTime=None, component=questions, issued=ISSUED)
    assert safety_answers(read_all(panel)) == {"rf09": (True, ISSUE), "rf15": (False, ISSUE)}
    mixed = read_all(panel | {"component": [*questions, rate]})
    assert safety_answers(mixed) == {"rf09": (True, ISSUE), "rf15": (None, ISSUE)}
    assert [(one.what, str(one.day)) for one in mixed.refusals] == [
        ("rf09", "2025-01-12"), ("rf15", "2025-01-12"), ("weight", "2025-01-12"),
    ]  # fmt: skip


@pytest.mark.parametrize("when", ["2025-01-12T08:00:00Z", None])
def test_two_questions_in_one_code(when: str | None) -> None:
    """It is unknown which of them was answered, so both are open."""
    both = {"coding": [*concept("rf09")["coding"], *concept("rf15")["coding"]]}
    result = read_all(observation("rf09", effectiveDateTime=when, **YES) | {"code": both})
    assert {what: answer for what, (answer, _) in safety_answers(result).items()} == {"rf09": None, "rf15": None}
    inside = component("rf09", **YES) | {"code": both}
    result = read_all(observation("panel", "urn:site", component=[inside], effectiveDateTime=when))
    assert {what: answer for what, (answer, _) in safety_answers(result).items()} == {"rf09": None, "rf15": None}


@pytest.mark.parametrize(("value", "expected"), [(True, True), (False, None)])
def test_a_question_and_a_measure_in_one_code(value: bool, expected: bool | None) -> None:
    """A yes is a yes, in a component as well; a no may be the answer to the other one."""
    both = {"coding": [*concept("mood-nrs")["coding"], *concept("rf09")["coding"]]}
    inside = component("rf09", valueBoolean=value) | {"code": both}
    for one in (
        observation("rf09", valueBoolean=value) | {"code": both},
        observation("panel", "urn:site", component=[inside]),
    ):
        assert {what: answer for what, (answer, _) in safety_answers(read_all(one)).items()} == {"rf09": expected}


@pytest.mark.parametrize("system", ["v3-NullFlavor", "data-absent-reason"])
@pytest.mark.parametrize(("code", "expected"), [("yes", True), ("no", None)])
def test_unknown_beside_an_answer(system: str, code: str, expected: bool | None) -> None:
    """Codings that disagree: a yes among them is a yes, and a no leaves the question open (B13.2)."""
    unknown = {"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": "unknown"}
    value = {"coding": [*concept(code)["coding"], unknown]}
    one = {**observation("rf09"), "valueCodeableConcept": value}
    one.pop("valueBoolean", None)
    assert {what: answer for what, (answer, _) in safety_answers(read_all(one)).items()} == {"rf09": expected}


SCREENS = [
    ({"authored": None}, (), AT),
    ({"authored": "2025-01-13T10:00:00Z"}, (), AT),
    ({"authored": "2024-12"}, (), datetime(2024, 12, 31, tzinfo=UTC)),
    ({"authored": None}, (item("date", {"valueDate": "2025-01-20"}),), AT),
    ({}, (item("date", {"valueDate": "2025-01-12"}),), datetime(2025, 1, 12, tzinfo=UTC)),
]


@pytest.mark.parametrize(("when", "dates", "latest"), SCREENS)
def test_a_screen_at_an_uncertain_time(when: Resource, dates: tuple[Resource, ...], latest: datetime) -> None:
    """Its yes counts, and all its other questions are open, including those left out."""
    result = read_all(form("safety-screen-short", *dates, item("rf01", NO), item("rf09", YES), item("rf15"), **when))
    assert safety_answers(result) == dict.fromkeys(SHORT, (None, latest)) | {"rf09": (True, latest)}
    assert len(result.refusals) == 1


@pytest.mark.parametrize("status", [None, "unknown", "sent"])
def test_a_screen_with_a_doubtful_status(status: str | None) -> None:
    """A yes counts, and all its other questions are open."""
    result = read_all(form("safety-screen-short", item("rf09", YES), item("rf15", NO), status=status))
    answers = {what: answer for what, (answer, _) in safety_answers(result).items()}
    assert answers == dict.fromkeys(SHORT) | {"rf09": True}


@pytest.mark.parametrize("mark", [{"modifierExtension": [{"url": "urn:negated"}]}, {"implicitRules": "urn:rules"}])
def test_a_record_that_is_marked_as_changed_in_its_meaning(mark: Resource) -> None:
    """A yes counts, and a no answers nothing: the mark may mean its opposite."""
    single = read_all(observation("rf09", **YES, **mark), observation("rf15", **NO, **mark))
    assert {what: answer for what, (answer, _) in safety_answers(single).items()} == {"rf09": True, "rf15": None}
    if "modifierExtension" in mark:
        inside = form("safety-screen-short", item("rf09", NO, **mark), item("rf15", YES))
        answers = {what: answer for what, (answer, _) in safety_answers(read_all(inside)).items()}
        assert answers == dict.fromkeys(SHORT) | {"rf15": True}


class FaultyResource(dict[str, Any]):
    """A resource of an unforeseen form: reading its performer raises."""

    def get(self, key: str, default: Any = None) -> Any:
        """Like a dict, except for the performer."""
        if key == "performer":
            raise ValueError(key)
        return super().get(key, default)


def test_questions_of_an_unreadable_record() -> None:
    """It is malformed, its questions are open, and other resources are read; a retraction leaves nothing."""
    beside = observation("rf15", **NO)
    broken = FaultyResource(observation("rf09", **YES))
    assert safety_answers(read_all(broken, beside)) == {
        "rf09": (None, AT),
        "rf15": (False, datetime(2025, 1, 10, 7, 30, tzinfo=UTC)),
    }
    assert [one.reason for one in read_all(broken, beside).refusals] == ["malformed"]
    assert safety_answers(read_all(FaultyResource(form("safety-screen-short", item("rf09", YES))))) == dict.fromkeys(
        SHORT, (None, AT)
    )
    assert safety_answers(read_all(FaultyResource(form("daily-check-in", item("flare", YES))))) == {}
    assert safety_answers(read_all(FaultyResource(observation("rf09", status="entered-in-error", **YES)))) == {}


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/London", "America/New_York"])
@pytest.mark.parametrize("when", ["0001-01-01", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z"])
def test_an_empty_date_as_the_year_1(when: str, zone: str) -> None:
    """Some programs write an empty date as 1 January of the year 1: other resources are read, and a yes counts."""
    where = patient(extension=[{"url": "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode": zone}])
    empty = [
        pain(effectiveDateTime=when), pain(id="issued", issued=when), walking(effectivePeriod={"end": when}),
        observation("rf09", effectiveDateTime=when, **YES),
        form("safety-screen-short", item("rf01", YES), authored=when),
        {"resourceType": "Condition", "id": "c", "subject": SUBJECT, "code": {"text": "gout"}, "onsetDateTime": when},
    ]  # fmt: skip
    result = read_all(where, *empty)
    yes = {(one.what, one.stamp.when) for one in result.readings if isinstance(one, SafetyAnswer) and one.value is True}
    assert {what for what, _ in yes} == {"rf01", "rf09"}
    assert zone != "Asia/Tokyo" or "Z" in when or {moment for _, moment in yes} == {AT}
    assert sum(isinstance(one, Diagnosis) for one in result.readings) == 1
