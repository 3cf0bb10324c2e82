"""Each form of Observation that may arrive, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOCAL,
    LOINC,
    PRACTITIONER,
    SUBJECT,
    as_values,
    component,
    concept,
    observation,
    only_reading,
    pain,
    patient,
    quantity,
    read_all,
)
from titrate.clinical.values.readings import Clearance, Comment, DoseLimit, Measurement, Reporter, SafetyAnswer

ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ORDINAL = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 3}]}


@pytest.mark.parametrize(
    "value",
    [
        {"valueInteger": 3},
        {"valueQuantity": quantity(3, "{score}")},
        {"valueQuantity": quantity(3, "1")},
        {"valueQuantity": {"value": 3, "unit": "Level", "code": "1", "system": "http://unitsofmeasure.org"}},
        {"valueQuantity": {"value": 3}},
        {"valueString": "3"},
        {"valueCodeableConcept": concept("LA6114-8", LOINC)},
        {"valueCodeableConcept": concept("LA6114-8", "https://loinc.org")},
        {"valueCodeableConcept": {"coding": [{"system": "urn:site", "code": "c3", **ORDINAL}]}},
        {"valueCodeableConcept": {"coding": [{"system": "urn:site", "code": "c3", "display": "3"}]}},
        {"valueCodeableConcept": {"text": "3"}},
    ],
)
def test_a_score_in_every_shape(value: dict[str, Any]) -> None:
    """A pain score of three is three in every representation."""
    reading = only_reading(pain(**{"valueInteger": None} | value))
    assert isinstance(reading, Measurement)
    assert as_values(reading.what, reading.value) == ("pain-morning", 3)


@pytest.mark.parametrize("number", range(11))
def test_loinc_answers_cover_the_scale(number: int) -> None:
    """Each LOINC answer of 72514-3 is its number."""
    codes = [
        "LA6111-4", "LA6112-2", "LA6113-0", "LA6114-8", "LA6115-5", "LA10137-0", "LA10138-8", "LA10139-6", "LA10140-4",
        "LA10141-2", "LA13942-0",
    ]  # fmt: skip
    reading = only_reading(pain(valueInteger=None, valueCodeableConcept=concept(codes[number], LOINC)))
    assert isinstance(reading, Measurement)
    assert reading.value == number


def test_trailing_zeros_are_kept() -> None:
    """A decimal keeps its digits."""
    reading = only_reading(pain(valueInteger=None, valueQuantity=quantity("3.50", "{score}")))
    assert isinstance(reading, Measurement)
    assert str(reading.value) == "3.50"


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ("2025-01-10T03:59:59Z", "pain-other"),
        ("2025-01-10T04:00:00Z", "pain-morning"),
        ("2025-01-10T12:00:00Z", "pain-morning"),
        ("2025-01-10T12:00:01Z", "pain-other"),
        ("2025-01-10", "pain-other"),
        ("2025-01-10T13:30:00+02:00", "pain-other"),
        ("2025-01-10T12:00:00-05:00", "pain-morning"),
        ("2025-01-10T12:01:00-05:00", "pain-other"),
        ("2025-01-10T11:30:00+00:00", "pain-morning"),
        ("2025-01-10T11:30:00-00:00", "pain-morning"),
        ("2025-01-10T07:00:00", "pain-morning"),
    ],
)
def test_what_is_a_morning(when: str, what: str) -> None:
    """04:00 to 12:00 in the patient's zone, inclusive; a date alone is no morning."""
    reading = only_reading(pain(effectiveDateTime=when))
    assert isinstance(reading, Measurement)
    assert reading.what == what


@pytest.mark.parametrize("value", ["3.3", "6.25", "2.857142"])
@pytest.mark.parametrize("code", ["72514-3", "fatigue-nrs", "sleep-quality-nrs", "mood-nrs"])
def test_a_finer_rating_is_read_as_given(code: str, value: str) -> None:
    """A visual analogue scale and an average are as fine as they are (B13.14)."""
    system = LOINC if code == "72514-3" else LOCAL
    reading = only_reading(observation(code, system, valueQuantity=quantity(value, "{score}")))
    assert isinstance(reading, Measurement)
    assert reading.value == Decimal(value)


IN_CLINIC: dict[str, dict[str, Any]] = {
    "an encounter": {"encounter": {"reference": "Encounter/e"}},
    "vital signs": {"category": [concept("vital-signs", "http://terminology.hl7.org/CodeSystem/observation-category")]},
}
PERFORMERS = [
    ([PRACTITIONER], "pain-clinic"), (None, "pain-clinic"), ([{"reference": "Device/d"}], "pain-clinic"),
    ([SUBJECT], "pain-morning"), ([{"reference": "RelatedPerson/r"}], "pain-morning"),
    ([PRACTITIONER, SUBJECT], "pain-morning"),
]  # fmt: skip


@pytest.mark.parametrize("place", IN_CLINIC)
@pytest.mark.parametrize(("performer", "what"), PERFORMERS)
@pytest.mark.parametrize("when", ["2025-01-10T08:00:00Z", "2025-01-10T15:00:00Z"])
def test_a_score_of_a_clinic(place: str, performer: list[dict[str, Any]] | None, what: str, when: str) -> None:
    """Recorded at an appointment it is no diary, unless the patient or a relative gave it (B13.11)."""
    evening = when.endswith("15:00:00Z") and what == "pain-morning"
    reading = only_reading(pain(effectiveDateTime=when, performer=performer, **IN_CLINIC[place]))
    assert isinstance(reading, Measurement)
    assert reading.what == ("pain-other" if evening else what)


@pytest.mark.parametrize("performer", [None, [PRACTITIONER], [SUBJECT]])
def test_a_score_elsewhere_is_of_the_diary(performer: list[dict[str, Any]] | None) -> None:
    """Without an encounter or the category vital-signs it is a morning, from every sender."""
    survey = [concept("survey", "http://terminology.hl7.org/CodeSystem/observation-category")]
    reading = only_reading(pain(performer=performer, category=survey))
    assert isinstance(reading, Measurement)
    assert reading.what == "pain-morning"


def test_only_pain_is_scored_by_a_clinic() -> None:
    """Fatigue and heart rate of an appointment are what they are elsewhere."""
    fatigue = observation("fatigue-nrs", valueInteger=3, **IN_CLINIC["an encounter"])
    pulse = observation("8867-4", LOINC, valueQuantity=quantity(70, "/min"), **IN_CLINIC["vital signs"])
    found = read_all(fatigue, pulse).readings
    assert {one.what for one in found if isinstance(one, Measurement)} == {"fatigue-morning", "heart-rate"}


def test_fatigue_has_the_same_window() -> None:
    """Fatigue in the evening is another measure than morning fatigue."""
    evening = observation("fatigue-nrs", valueInteger=4, effectiveDateTime="2025-01-10T20:00:00Z", id="evening")
    result = read_all(observation("fatigue-nrs", valueInteger=3), evening)
    assert [reading.what for reading in result.readings if isinstance(reading, Measurement)] == [
        "fatigue-morning",
        "fatigue-other",
    ]


@pytest.mark.parametrize(
    ("code", "value", "kept"),
    [
        ("93832-4", quantity(450, "min"), "7.5"),
        ("93832-4", quantity("7.50", "h"), "7.50"),
        ("8310-5", quantity("98.6", "[degF]"), "37"),
        ("29463-7", quantity(150, "[lb_av]"), "68.0388555"),
        ("8302-2", quantity("1.70", "m"), "170"),
        ("2339-0", quantity("90.078", "mg/dL"), "5"),
        ("64098-7", quantity(1000, "[ft_i]"), "304.8"),
        ("8867-4", {"value": 70, "unit": "bpm"}, "70"),
    ],
)
def test_units_are_converted(code: str, value: dict[str, Any], kept: str) -> None:
    """Every accepted unit is converted to that of the measure."""
    reading = only_reading(observation(code, LOINC, valueQuantity=value))
    assert isinstance(reading, Measurement)
    assert reading.value == Decimal(kept)


def test_a_pressure_panel() -> None:
    """Both pressures of a panel are read, also with the older panel code."""
    for panel in ("85354-9", "55284-4"):
        result = read_all(observation(panel, LOINC, component=[
            component("8480-6", LOINC, valueQuantity=quantity(132, "mm[Hg]")),
            component("8462-4", LOINC, valueQuantity=quantity(84, "mm[Hg]")),
        ]))  # fmt: skip
        assert {as_values(one.what, one.value) for one in result.readings if isinstance(one, Measurement)} == {
            ("systolic", 132),
            ("diastolic", 84),
        }


def test_diastolic_not_below_systolic_refuses_both() -> None:
    """Contradictory pressures are both refused."""
    result = read_all(observation("85354-9", LOINC, component=[
        component("8480-6", LOINC, valueQuantity=quantity(90, "mm[Hg]")),
        component("8462-4", LOINC, valueQuantity=quantity(90, "mm[Hg]")),
    ]))  # fmt: skip
    assert result.readings == ()
    assert {refusal.what for refusal in result.refusals} == {"systolic", "diastolic"}


@pytest.mark.parametrize(
    ("more", "exercising"),
    [
        ({}, False),
        ({"method": {"text": "during exercise"}}, True),
        ({"method": {"text": "before exercise"}}, False),
        ({"method": concept("exercising")}, True),
        ({"component": [component("73985-4", LOINC, valueCodeableConcept=concept("LA11839-0", LOINC))]}, True),
    ],
)
def test_heart_rate_counts_as_resting_by_default(more: dict[str, Any], exercising: bool) -> None:
    """A heart rate is at rest unless method or a component states exercise."""
    reading = only_reading(observation("8867-4", LOINC, valueQuantity=quantity(110, "/min"), **more))
    assert isinstance(reading, Measurement)
    assert (reading.what, reading.exercising) == ("heart-rate", exercising)


def test_plausible_depends_on_exercise() -> None:
    """150 a minute is plausible in exercise only, and 89276-0 is a saturation in exercise."""
    rate = {"valueQuantity": quantity(150, "/min")}
    result = read_all(
        observation("8867-4", LOINC, **rate),
        observation("55426-1", LOINC, **rate),
        observation("89276-0", LOINC, valueQuantity=quantity(93, "%")),
    )
    assert [refusal.source.reference for refusal in result.refusals] == ["Observation/o-8867-4"]
    assert {(one.what, one.exercising) for one in result.readings if isinstance(one, Measurement)} == {
        ("heart-rate", True),
        ("spo2", True),
    }


@pytest.mark.parametrize(
    ("code", "value", "answer"),
    [
        ("flare-self-report", {"valueBoolean": True}, True),
        ("flare-self-report", {"valueCodeableConcept": concept("373066001", "http://snomed.info/sct")}, True),
        ("flare-self-report", {"valueCodeableConcept": concept("LA32-8", LOINC)}, False),
        ("flare-self-report", {"valueString": "Yes"}, True),
        ("rescue-analgesia-new", {"valueBoolean": False}, False),
        ("stressor", {"valueCodeableConcept": concept("major")}, "major"),
        ("stressor", {"valueCodeableConcept": {"text": "Minor"}}, "minor"),
        ("daily-activity-kept", {"valueCodeableConcept": {"text": "with help"}}, "with-help"),
        ("daily-activity-kept", {"valueBoolean": False}, "no"),
        ("rf01", {"valueBoolean": True}, True),
        ("rf27", {"valueCodeableConcept": concept("N", "http://terminology.hl7.org/CodeSystem/v2-0136")}, False),
        ("rf05", {"dataAbsentReason": concept("unknown")}, None),
        ("flare-self-report", {"dataAbsentReason": concept("not-asked", ABSENT)}, None),
        ("flare-self-report", {"dataAbsentReason": concept("unknown", ABSENT)}, None),
        (
            "stressor",
            {"dataAbsentReason": concept("NASK", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor")},
            None,
        ),
    ],
)
def test_answers(code: str, value: dict[str, Any], answer: bool | str | None) -> None:
    """Yes, no and coded answers in every representation; a question without an answer is read too."""
    reading = only_reading(observation(code, **value))
    assert isinstance(reading, SafetyAnswer)
    assert (reading.what, reading.value) == (code, answer)


UNREAD: list[dict[str, Any]] = [
    {}, {"valueString": "see the letter"}, {"valueBoolean": "perhaps"}, {"valueCodeableConcept": [concept("none")]},
    {"dataAbsentReason": {"text": "unknown"}}, {"dataAbsentReason": concept("masked", ABSENT)},
    {"dataAbsentReason": concept("error", ABSENT)}, {"valueInteger": 0},
]  # fmt: skip


@pytest.mark.parametrize("value", UNREAD)
@pytest.mark.parametrize(
    ("code", "strictest"),
    [
        ("flare-self-report", True),
        ("rescue-analgesia-new", True),
        ("stressor", "major"),
        ("daily-activity-kept", "no"),
    ],
)
def test_of_a_lowering_answer_that_cannot_be_read_the_strictest_counts(
    code: str, strictest: bool | str, value: dict[str, Any]
) -> None:
    """As a preliminary one, beside the refusal (B13.17)."""
    result = read_all(observation(code, **value))
    (answer,) = (one for one in result.readings if isinstance(one, SafetyAnswer))
    assert (answer.what, answer.value, answer.assumed, answer.stamp.preliminary) == (code, strictest, True, True)
    assert [one.what for one in result.refusals] == [code]


@pytest.mark.parametrize(
    "broken", [{"effectiveDateTime": "2025-01-"}, {"effectiveDateTime": 7}, {"effectiveDateTime": None}]
)
@pytest.mark.parametrize(("code", "value"), [("flare-self-report", True), ("rescue-analgesia-new", False)])
def test_a_lowering_answer_without_a_usable_time(code: str, value: bool, broken: dict[str, Any]) -> None:
    """It counts at the last time that it can mean, as a preliminary one."""
    whole = {**observation(code, valueBoolean=value, issued="2025-01-09T08:00:00Z"), **broken}
    result = read_all({key: one for key, one in whole.items() if one is not None})
    (answer,) = (one for one in result.readings if isinstance(one, SafetyAnswer))
    assert (answer.value, str(answer.stamp.day), answer.stamp.preliminary) == (value, "2025-01-09", True)


def test_a_screen_answer_that_cannot_be_read_is_unanswered() -> None:
    """It is refused, and the question is open from that time."""
    result = read_all(observation("rf09", valueString="perhaps"))
    assert [reading.value for reading in result.readings if isinstance(reading, SafetyAnswer)] == [None]
    assert [refusal.what for refusal in result.refusals] == ["rf09"]


def test_comments_of_every_observation() -> None:
    """Notes are read from any Observation, even with an unmapped code."""
    unknown = observation("1-8", LOINC, valueInteger=1, note=[{"text": "worst day"}])
    result = read_all(observation("daily-comment", valueString="slept badly"), unknown)
    assert {reading.text for reading in result.readings if isinstance(reading, Comment)} == {
        "slept badly",
        "worst day",
    }


@pytest.mark.parametrize("reference", ["Practitioner/a", "PractitionerRole/b", "https://x.example/fhir/Practitioner/c"])
def test_limits_of_a_clinician(reference: str) -> None:
    """A limit counts if a clinician is its performer."""
    limit = observation("pain-ceiling", valueQuantity=quantity(6, "{score}"), performer=[{"reference": reference}])
    reading = only_reading(limit)
    assert isinstance(reading, Measurement)
    assert as_values(reading.what, reading.value, reading.stamp.reporter) == ("pain-ceiling", 6, Reporter.PRACTITIONER)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("pain-ceiling", {"valueQuantity": quantity(6, "{score}")}),
        ("rpe-cap", {"valueQuantity": quantity(5, "{score}")}),
        ("heart-rate-limit", {"valueQuantity": quantity(120, "/min")}),
        ("usual-pain", {"valueInteger": 4}),
        ("usual-fatigue", {"valueInteger": 4}),
        ("cautious-profile", {"valueBoolean": False}),
        ("exposure-ladder-started", {"valueBoolean": True}),
        ("flag-clearance", {"valueCodeableConcept": concept("rf01")}),
    ],
)
def test_a_patient_sets_no_limit(code: str, value: dict[str, Any]) -> None:
    """A measure for clinicians is accepted from no other author."""
    for performer in ([{"reference": "Patient/p"}], [{"reference": "Organization/o"}]):
        result = read_all(observation(code, performer=performer, **value))
        assert result.readings == ()
        assert [refusal.reason for refusal in result.refusals] == ["not-a-practitioner"]
    assert len(read_all(observation(code, performer=[PRACTITIONER], **value)).readings) == 1


@pytest.mark.parametrize(
    ("code", "value", "readings"),
    [
        ("pain-ceiling", {"valueQuantity": quantity(6, "{score}")}, 1),
        ("rpe-cap", {"valueQuantity": quantity(5, "{score}")}, 1),
        ("usual-pain", {"valueInteger": 4}, 0),
        ("exposure-ladder-started", {"valueBoolean": True}, 0),
        ("flag-clearance", {"valueCodeableConcept": concept("rf01")}, 0),
    ],
)
def test_of_what_no_one_signed_only_a_limit_counts(code: str, value: dict[str, Any], readings: int) -> None:
    """It may be a clinician's, so that it can lower and never raise; it is refused beside that."""
    result = read_all(observation(code, performer=[], **value))
    assert [one.stamp.preliminary for one in result.readings] == [True] * readings
    assert [refusal.reason for refusal in result.refusals] == ["not-a-practitioner"]


@pytest.mark.parametrize(
    "performer", [{"type": "Practitioner", "display": "A clinician"}, {"reference": "Practitioner/gone"}]
)
def test_who_is_not_known_or_not_active_sets_limits_downward_only(performer: dict[str, Any]) -> None:
    """As in a preliminary record, and it is refused; also where the limit is a component."""
    gone = {"resourceType": "Practitioner", "id": "gone", "active": False}
    ceiling: dict[str, Any] = {"valueQuantity": quantity(6, "{score}")}
    panel: dict[str, Any] = {"component": [component("pain-ceiling", **ceiling)]}
    for limit in (observation("pain-ceiling", **ceiling), observation("limits-of-the-clinic", **panel)):
        result = read_all(gone, limit | {"performer": [performer]})
        (reading,) = (one for one in result.readings if isinstance(one, Measurement))
        assert reading.stamp.preliminary
        assert [refusal.reason for refusal in result.refusals] == ["not-a-practitioner"]
    clearance = observation("flag-clearance", valueCodeableConcept=concept("rf01"), performer=[performer])
    assert read_all(gone, clearance).readings == ()
    assert read_all(gone, observation("72514-3", LOINC, valueInteger=3, performer=[performer])).refusals == ()


def test_dose_limits() -> None:
    """A limit in kg limits the load, in any other unit the amount."""
    exercise = component("exercise", valueCodeableConcept=concept("leg-press"))
    for value, kept in (
        (quantity(100, "[lb_av]"), ("45.359237", "kg")),
        (quantity(30, "{repetitions}"), ("30", "{repetitions}")),
    ):
        parts = [exercise, component("amount", valueQuantity=value)]
        reading = only_reading(observation("dose-limit", component=parts, performer=[PRACTITIONER]))
        assert isinstance(reading, DoseLimit)
        assert (reading.exercise, reading.amount, reading.unit) == ("leg-press", Decimal(kept[0]), kept[1])


def test_a_preliminary_clearance_does_not_count() -> None:
    """It would let a plan continue."""
    cleared = observation("flag-clearance", valueCodeableConcept=concept("rf08"), performer=[PRACTITIONER])
    reading = only_reading(cleared)
    assert isinstance(reading, Clearance)
    assert reading.flag == "rf08"
    assert read_all(cleared | {"status": "preliminary"}).readings == ()


def test_observations_of_the_service_are_not_read() -> None:
    """They are neither input nor refusals."""
    result = read_all(observation("exercise-progression-decision", valueCodeableConcept=concept("hold")),
                 observation("exercise-tolerance-assessment", valueCodeableConcept=concept("good")))  # fmt: skip
    assert (result.readings, result.refusals) == ((), ())
    assert result.resources == {"Observation": 2, "Patient": 1}


def test_the_source_of_a_reading() -> None:
    """A reading has its version, its reporter, its time of entry, and whether it is preliminary."""
    reading = only_reading(pain(
        meta={"versionId": "7-a"}, status="preliminary", issued="2025-01-12T08:00:00Z",
        performer=[{"reference": "Patient/p"}], effectiveDateTime="2025-01-10T07:00:00",
    ))  # fmt: skip
    stamp = reading.stamp
    assert (stamp.source.version, stamp.preliminary, stamp.reporter) == ("7-a", True, Reporter.PATIENT)
    assert stamp.entered is not None
    assert (str(stamp.entered), stamp.zone_assumed) == ("2025-01-12 08:00:00+00:00", True)


def test_a_device_reports() -> None:
    """Without an author a device is the reporter."""
    reading = only_reading(pain(device={"reference": "Device/watch"}))
    assert reading.stamp.reporter is Reporter.DEVICE


def test_the_patients_zone_decides_the_date() -> None:
    """An evening in UTC is the next day in Tokyo; an unknown zone falls back to the default and is refused."""
    zone = [{"url": "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode": "Asia/Tokyo"}]
    result = read_all(patient(extension=zone), pain(effectiveDateTime="2025-01-09T22:00:00Z"))
    (reading,) = result.readings
    assert isinstance(reading, Measurement)
    assert (result.person.zone, reading.what, str(reading.stamp.day)) == ("Asia/Tokyo", "pain-morning", "2025-01-10")
    odd = read_all(patient(extension=[zone[0] | {"valueCode": "Mars/Olympus"}]), pain())
    assert (odd.person.zone, [refusal.path for refusal in odd.refusals]) == ("Europe/London", ["Patient.extension"])


def test_two_meanings_are_refused() -> None:
    """With codes of different meanings the measure is unknown."""
    both = {"coding": [*concept("72514-3", LOINC)["coding"], *concept("fatigue-nrs", LOCAL)["coding"]]}
    result = read_all(pain(code=both))
    assert (result.readings, [refusal.reason for refusal in result.refusals]) == ((), ["wrong-value"])
