"""The questionnaires are valid FHIR, ask for what the mappings know, and every answer to them is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.questionnaires import NAMES, questionnaire
from titrate.fhir.read import read_patient
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup

SITE = Site()
RULEBOOK, LOOKUP = load_with_lookup()
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
EXERCISE = "walking"
PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01"}
# The clinician judges the teach-back.
BY_CLINICIANS = {"teach-back"}
ALL = {name: questionnaire(name, RULEBOOK, LOOKUP, SITE) for name in NAMES}
# Collected elsewhere or from a clinician, so that no form of the service asks for it.
EITHER = {"rpe-6-20": "rpe-cr10"}


def flat(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All items of a form, including nested ones."""
    for item in items:
        yield item
        yield from flat(item.get("item", []))


def answer(item: dict[str, Any]) -> dict[str, Any]:
    """A plausible answer to an item."""
    kind = item["type"]
    if kind == "choice":
        options = [one["valueCoding"] for one in item["answerOption"]]
        return {"valueCoding": next((one for one in options if one["code"] == EXERCISE), options[0])}
    if kind == "quantity":
        units = [one["valueCoding"]["code"] for one in item["extension"]]
        value = 90 if units[0] == "/min" else 8
        return {"valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": units[0]}}
    if kind in {"decimal", "integer"}:
        low: dict[str, Any] = next((one for one in item.get("extension", ()) if one["url"].endswith("minValue")), {})
        lowest = next((int(value) for key, value in low.items() if key.startswith("value")), 0)
        return {f"value{kind.capitalize()}": max(lowest, 3)}
    plain: dict[str, dict[str, Any]] = {
        "boolean": {"valueBoolean": False},
        "text": {"valueString": "a good day"},
        "string": {"valueString": "walk to the shop"},
        "date": {"valueDate": "2026-03-01"},
        "dateTime": {"valueDateTime": f"2026-03-01T1{9 - len(item['linkId'])}:00:00Z"},
    }
    return plain[kind]


def filled(item: dict[str, Any]) -> dict[str, Any]:
    """The item of a response with every question answered."""
    inside = [filled(one) for one in item.get("item", []) if one["linkId"] not in EITHER]
    if item["type"] == "group":
        return {"linkId": item["linkId"], "item": inside}
    nested = {"item": inside} if inside else {}
    return {"linkId": item["linkId"], "answer": [{**answer(item), **nested}]}


def response(form: dict[str, Any]) -> dict[str, Any]:
    """A response to a form."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "r",
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "authored": "2026-03-02T09:00:00Z",
        "item": [filled(item) for item in form["item"]],
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_read(name: str) -> None:
    """A complete response gives readings and no refusal."""
    filled_in = response(ALL[name]) | ({"author": {"reference": "Practitioner/c"}} if name in BY_CLINICIANS else {})
    readings = read_patient([PATIENT, filled_in], RULEBOOK, LOOKUP, SITE, AT)
    assert readings.refusals == ()
    assert readings.readings


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_everything_that_the_mappings_read(name: str) -> None:
    """Each linkId of the mappings is in the form once."""
    links = [item["linkId"] for item in flat(ALL[name]["item"])]
    assert len(links) == len(set(links))
    assert set(LOOKUP.forms[name]) <= set(links)


def test_the_screens_ask_the_questions_of_the_red_flags() -> None:
    """All 27 in the full screen, those of the week in the short one."""
    full, short = (
        {one["linkId"]: one["text"] for one in ALL[f"safety-screen-{size}"]["item"]} for size in ("full", "short")
    )
    assert full == {flag.name: flag.question for flag in RULEBOOK.flags.values()}
    assert short == {flag.name: flag.question for flag in RULEBOOK.flags.values() if flag.short}


def test_another_rulebook_asks_other_questions() -> None:
    """The forms are derived from the mappings."""
    book: Rulebook = RULEBOOK
    fewer = {name: one for name, one in book.exercises.items() if name != EXERCISE}
    form = questionnaire("tolerance-trial", replace(book, exercises=fewer), LOOKUP, SITE)
    (choice,) = [item for item in flat(form["item"]) if item["linkId"] == "exercise"]
    assert [one["valueCoding"]["code"] for one in choice["answerOption"]] == list(fewer)


@pytest.mark.validator
def test_the_reference_validator_finds_no_error(validator: Any) -> None:
    """All Questionnaires in one Bundle, validated as R4."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": form["url"], "resource": form} for form in ALL.values()
    ]}  # fmt: skip
    assert validator.errors(bundle) == ()
