"""Observations whose code, status or subject is lost: what they still say (B13.15)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOINC,
    PRACTITIONER,
    Resource,
    component,
    concept,
    mapped,
    observation,
    pain,
    quantity,
    read_all,
    walking,
)
from titrate.clinical.values.readings import DoseLimit, Measurement, SafetyAnswer, SessionReported

CHEST = "Chest symptoms or fainting"
QUESTION = mapped()[0].flags["rf09"].question


def worded(text: object, **more: Any) -> Resource:
    """An Observation with a text in place of a code."""
    whole: Resource = {**observation("rf09", valueBoolean=True), "code": {"text": text}, **more}
    return {key: value for key, value in whole.items() if value is not None}


def answers(*resources: Resource) -> list[SafetyAnswer]:
    """The answers to safety questions. Words of alarm in the text are readings as well."""
    return [one for one in read_all(*resources).readings if isinstance(one, SafetyAnswer)]


@pytest.mark.parametrize("code", [{"code": "rf09"}, {"code": "RF09", "system": ""}])
@pytest.mark.parametrize(("value", "expected"), [(True, [True]), (False, [])])
def test_a_yes_under_a_code_without_its_system(code: Resource, value: bool, expected: list[bool]) -> None:
    """It is a yes; a no proves nothing."""
    found = answers(worded(None, code={"coding": [code]}, valueBoolean=value))
    assert [one.value for one in found] == expected


@pytest.mark.parametrize("words", [CHEST, "rf09", "RF09", " chest  symptoms or fainting? ", QUESTION, QUESTION.upper()])
def test_a_yes_under_the_words_of_a_question(words: str) -> None:
    """By its id, its short name or the question, whatever case and punctuation."""
    (answer,) = answers(worded(words))
    assert (answer.what, answer.value, str(answer.stamp.day)) == ("rf09", True, "2025-01-10")


@pytest.mark.parametrize(
    "code",
    [
        "rf09", "RF09", CHEST, QUESTION, ["rf09"], [{"text": CHEST}], {"coding": "rf09"}, {"coding": {"code": "rf09"}},
        {"coding": ["rf09"]}, {"coding": [["rf09"]]}, {"text": [CHEST]}, {"text": {"text": CHEST}},
        {"coding": [{"code": 12, "system": LOINC, "display": CHEST}]},
        {"coding": [{"code": ["rf09"], "system": LOINC}]},
    ],
)  # fmt: skip
def test_a_yes_under_a_code_of_another_shape(code: object) -> None:
    """A text in place of a CodeableConcept, an object in place of a list, or a list in place of an object."""
    (answer,) = answers(worded(None, code=code))
    assert (answer.what, answer.value) == ("rf09", True)
    assert answers(worded(None, code=code, valueBoolean=False)) == []


@pytest.mark.parametrize(
    "code",
    [
        "flare-self-report", {"text": "Flare, self-reported"}, {"coding": [{"code": "flare-self-report"}]},
        {"coding": [{"code": "flare-self-report", "system": 12}], "text": "Flare"},
    ],
)  # fmt: skip
@pytest.mark.parametrize(("value", "read"), [(True, True), (False, False), ("see the letter", True)])
def test_a_lowering_answer_without_a_readable_code(code: object, value: object, read: bool) -> None:
    """It is read as a preliminary one, and where its value cannot be read the strictest counts."""
    found = read_all(worded(None, code=code, valueBoolean=value))
    (answer,) = (one for one in found.readings if isinstance(one, SafetyAnswer))
    assert (answer.what, answer.value, answer.stamp.preliminary) == ("flare-self-report", read, True)
    assert [(one.reason, one.unidentified) for one in found.refusals] == [("malformed", False)]


@pytest.mark.parametrize("more", [{}, {"code": "rf09"}, {"system": LOINC}])
def test_a_display_without_a_code_is_such_a_text(more: Resource) -> None:
    """A Coding that lost its system or its code."""
    (answer,) = answers(worded(None, code={"coding": [{"display": CHEST, **more}]}))
    assert (answer.what, answer.value) == ("rf09", True)


@pytest.mark.parametrize("more", [
    {"valueBoolean": False}, {"valueBoolean": None}, {"valueBoolean": None, "valueString": "Perhaps"},
    {"valueBoolean": None, "valueQuantity": quantity(2, "1")}, {"status": "entered-in-error"},
    {"code": {"text": "Chest X-ray"}}, {"code": concept("chest", LOINC) | {"text": CHEST}},
])  # fmt: skip
def test_nothing_else_under_a_text_answers_a_question(more: Resource) -> None:
    """A no in words never helps, another text is not the question, and a code is stronger than its text."""
    found = read_all(worded(CHEST, **more))
    assert [one for one in found.readings if isinstance(one, SafetyAnswer)] == []
    assert not any(one.unidentified for one in found.refusals)


def named(code: Resource, *parts: Resource, **more: Any) -> Resource:
    """A session with another code."""
    return {**walking(*parts), "code": code, **more}


@pytest.mark.parametrize(
    ("resource", "what"),
    [
        (named({"text": "Exercise session"}, component=[]), "session.exercise"),
        (named({"coding": [{"display": "exercise-session"}]}, component=[]), "session.exercise"),
        (named({"text": "Tolerance trial"}, component=[]), "trial.exercise"),
        (named({"text": "Dose limit"}, component=[]), "dose-limit.exercise"),
        (named({}), "session.exercise"),
        (named({"coding": "x"}), "session.exercise"),
        (named({}, component("amount", valueQuantity=quantity(9, "min"))), "dose-limit.exercise"),
    ],
)
def test_a_report_without_a_code(resource: Resource, what: str) -> None:
    """It is known by its text or its components, and refused as a whole, so that it holds."""
    found = read_all(resource)
    assert [(one.what, one.reason) for one in found.refusals] == [(what, "malformed")]
    assert found.readings == ()


LOST: list[tuple[Resource, bool]] = [
    ({}, True),
    ({"category": [concept("survey")]}, True),
    ({"category": [concept("activity")]}, True),
    ({"category": [concept("vital-signs")]}, True),
    ({"category": [concept("laboratory"), concept("survey")]}, True),
    ({"category": "survey"}, True),
    ({"category": [{"text": "Survey"}]}, True),
    ({"category": [concept("laboratory")]}, False),
    ({"category": [concept("imaging")]}, False),
    ({"status": "entered-in-error"}, False),
]


@pytest.mark.parametrize("code", [{}, "pain", {"coding": []}, {"coding": [{"code": "72514-3"}]}, 7])
@pytest.mark.parametrize(("more", "unidentified"), LOST)
def test_a_record_that_nothing_identifies(more: Resource, unidentified: bool, code: object) -> None:
    """One that the patient may have reported is marked; a laboratory's is not."""
    (refused,) = read_all(pain(code=code, **more)).refusals
    assert (refused.source.reference, refused.unidentified) == ("Observation/o-72514-3", unidentified)


@pytest.mark.parametrize(
    "code",
    [concept("1234-5", LOINC), {"text": "Steps, my app"}, {"coding": [{"code": "GLU", "display": "Glucose"}]}],
)
def test_an_unmapped_code_or_text_is_never_unidentified(code: Resource) -> None:
    """It is readable, and nothing that the service knows."""
    (refused,) = read_all(pain(code=code)).refusals
    assert (refused.reason, refused.unidentified) == ("not-mapped", False)


LIMIT = observation(
    "dose-limit",
    component=[
        component("exercise", valueCodeableConcept=concept("walking")),
        component("amount", valueQuantity=quantity(9, "min")),
    ],
    performer=[PRACTITIONER],
)
REPORTS: list[tuple[Resource, type]] = [
    (pain(8), Measurement),
    (walking(), SessionReported),
    (LIMIT, DoseLimit),
    (observation("flare-self-report", valueBoolean=True), SafetyAnswer),
]


@pytest.mark.parametrize("lost", [{"status": "ok"}, {"status": 3}, {"subject": None}, {"subject": "Patient/p"}])
@pytest.mark.parametrize(("resource", "kind"), REPORTS)
def test_without_a_usable_status_or_subject_a_record_counts_downward(
    resource: Resource, kind: type, lost: Resource
) -> None:
    """Everything in it is preliminary, and it is refused as well."""
    found = read_all({**resource, **lost})
    assert found.refusals != () or lost == {"status": 3}
    (reading,) = found.readings
    assert isinstance(reading, kind)
    assert reading.stamp.preliminary
    assert read_all({**resource, **lost, "status": "entered-in-error"}).readings == ()
