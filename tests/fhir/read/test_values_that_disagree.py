"""Codings of one answer that disagree: the stricter counts, and the refusal holds the plan (B13.2)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOCAL,
    LOINC,
    PRACTITIONER,
    Resource,
    component,
    form,
    item,
    observation,
    pain,
    quantity,
    read_all,
    session,
    walking,
)
from titrate.clinical.values.readings import Measurement, SafetyAnswer, SessionReported

SNOMED = "http://snomed.info/sct"
YES, NO = (SNOMED, "373066001"), (LOCAL, "no")
UNKNOWN = (SNOMED, "261665006")


def coded(*codings: tuple[str, str], text: str | None = None) -> Resource:
    """A CodeableConcept of these codings."""
    made: Resource = {"coding": [{"system": system, "code": code} for system, code in codings]}
    return made if text is None else made | {"text": text}


def answers(*resources: Resource) -> tuple[list[Any], list[str]]:
    """The answers, and why something was refused."""
    result = read_all(*resources)
    return (
        [one.value for one in result.readings if isinstance(one, SafetyAnswer)],
        [str(refusal.reason) for refusal in result.refusals],
    )


@pytest.mark.parametrize("codings", permutations((YES, NO)))
@pytest.mark.parametrize("what", ["rf01", "rf09", "flare-self-report", "rescue-analgesia-new"])
def test_a_yes_among_them_is_a_yes(what: str, codings: tuple[tuple[str, str], ...]) -> None:
    """In any order of the codings, for safety questions and the patient's own flare."""
    assert answers(observation(what, valueCodeableConcept=coded(*codings))) == ([True], ["conflict"])


def test_a_text_that_says_yes() -> None:
    """The words of the answer count beside its code."""
    assert answers(observation("rf09", valueCodeableConcept=coded(NO, text="Yes"))) == ([True], ["conflict"])


def test_codings_that_agree() -> None:
    """Two systems with one meaning are one answer, and so is one beside an unknown code."""
    both = coded((LOCAL, "no"), (SNOMED, "373067005"), text="No")
    assert answers(observation("rf09", valueCodeableConcept=both)) == ([False], [])
    assert answers(observation("rf09", valueCodeableConcept=coded(NO, UNKNOWN))) == ([False], [])


def test_a_yes_without_a_time() -> None:
    """It is read from a record with another fault, too."""
    found, _ = answers(observation("rf09", effectiveDateTime=None, valueCodeableConcept=coded(NO, YES)))
    assert found == [True]


@pytest.mark.parametrize("what", ["exposure-ladder-started"])
def test_what_lets_a_dose_rise_is_a_no(what: str) -> None:
    """Of an answer whose yes helps, the no counts."""
    made = observation(what, valueCodeableConcept=coded(YES, NO), performer=[PRACTITIONER])
    assert answers(made) == ([False], ["conflict"])


@pytest.mark.parametrize(
    ("what", "codes", "kept"),
    [
        ("stressor", ("major", "none"), "major"), ("stressor", ("none", "minor"), "minor"),
        ("daily-activity-kept", ("no", "yes"), "no"),
    ],
)  # fmt: skip
def test_the_stricter_answer(what: str, codes: tuple[str, ...], kept: str) -> None:
    """The last of the options is the strictest."""
    made = observation(what, valueCodeableConcept=coded(*((LOCAL, code) for code in codes)))
    assert answers(made) == ([kept], ["conflict"])


def test_ratings_that_disagree() -> None:
    """Both values are in the slot, so that the higher counts."""
    result = read_all(pain(valueInteger=None, valueCodeableConcept=coded((LOINC, "LA6114-8"), (LOINC, "LA10139-6"))))
    assert [one.value for one in result.readings if isinstance(one, Measurement)] == [3, 7]
    assert [(refusal.reason, refusal.what) for refusal in result.refusals] == [("conflict", "pain-morning")]


@pytest.mark.parametrize(
    ("part", "codes", "kept"),
    [
        ("form", ("good", "lost"), "lost"), ("talk-test", ("comfortable", "equivocal"), "equivocal"),
        ("stop-reason", ("completed", "chest-symptom"), "chest-symptom"),
        ("stop-reason", ("other", "chest-symptom"), "chest-symptom"), ("pain-quality", ("usual", "sharp"), "sharp"),
    ],
)  # fmt: skip
def test_a_part_of_a_session(part: str, codes: tuple[str, ...], kept: str) -> None:
    """As codings of one component, and as two components."""
    one = walking(component(part, valueCodeableConcept=coded(*((LOCAL, code) for code in codes))))
    two = walking(*(component(part, valueCodeableConcept=coded((LOCAL, code))) for code in codes))
    for made in (one, two) if part != "pain-quality" else (one,):
        result = read_all(made)
        (reading,) = result.readings
        assert isinstance(reading, SessionReported)
        assert getattr(reading, part.replace("-", "_")) == kept
        assert [(refusal.reason, refusal.what) for refusal in result.refusals] == [("conflict", f"session.{part}")]


def test_two_exercises_of_one_session() -> None:
    """The exercise is unknown: no session, and the plan holds."""
    both = coded((LOCAL, "walking"), (LOCAL, "cycling"))
    made = session(component("exercise", valueCodeableConcept=both))
    result = read_all(made)
    assert (result.readings, [(r.reason, r.what) for r in result.refusals]) == ((), [("conflict", "session.exercise")])


def test_a_form_has_two_answers() -> None:
    """A safety question with two answers, one of them yes, is answered yes."""
    made = form("safety-screen-short", item("rf09", {"valueBoolean": False}, {"valueBoolean": True}))
    values = [one.value for one in read_all(made).readings if isinstance(one, SafetyAnswer) and one.what == "rf09"]
    assert True in values


def test_amounts_that_disagree() -> None:
    """Of two amounts neither is credited."""
    made = walking(component("done", valueQuantity=quantity(20, "min")))
    (reading,) = read_all(made).readings
    assert isinstance(reading, SessionReported)
    assert reading.done is None
