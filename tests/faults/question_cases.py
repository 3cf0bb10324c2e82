"""Questions of a screen that are known by their words, or whose code and words name two of them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.faults.expectations import RISES, Case, Expected, flag
from tests.faults.form_cases import DIASTOLIC, SYSTOLIC_HIGH, pressure
from tests.faults.records import LOINC, Json, added, concept, observation, response
from tests.faults.session_cases import NO

QUESTION_9 = "Thoughts that you would be better off dead, or of hurting yourself in some way"
QUESTIONS = (
    "Little interest or pleasure in doing things", "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much", "Feeling tired or having little energy",
    "Poor appetite or overeating", "Feeling bad about yourself", "Trouble concentrating on things",
    "Moving or speaking slowly", QUESTION_9,
)  # fmt: skip
SOME_DAYS = {"system": LOINC, "code": "LA6569-3"}
WITHOUT_SYSTEM = {"coding": [{"code": "44260-8"}]}


def in_words(**value: Any) -> Json:
    """A form of another publisher in which the words of a question say that it is item 9."""
    return response([{"linkId": "9", "text": QUESTION_9, "answer": [value]}], "https://portal.example/forms/phq")


def all_in_words() -> Json:
    """A form with the nine questions in words, each answered with several days."""
    pairs = enumerate(QUESTIONS, 1)
    items = [{"linkId": str(n), "text": words, "answer": [{"valueCoding": SOME_DAYS}]} for n, words in pairs]
    return response(items, "https://portal.example/forms/phq")


def answered(text: str) -> Json:
    """A coded no to a safety question with a text beside it."""
    return observation("rf09", valueCodeableConcept={"coding": [NO], "text": text})


def pressure_without_systems() -> Json:
    """A high blood pressure whose components do not name the system of their codes."""
    held = deepcopy(pressure(SYSTOLIC_HIGH, DIASTOLIC))
    for part in held["component"]:
        del part["code"]["coding"][0]["system"]
    return held


FILE_CASES = (
    Case("item 9 of a form by its text, another link", flag("rf19"), added(in_words(valueCoding=SOME_DAYS))),
    Case("item 9 of a form by its text, in words", flag("rf19"), added(in_words(valueString="Nearly every day"))),
    Case("item 9 of a form by its text, not at all", RISES, added(in_words(valueString="Not at all"))),
    Case("item 9 of a form by its text, unreadable", Expected(rule="D5"), added(in_words(valueBoolean=True))),
    Case(
        "item 9 under the code of item 8, with its question",
        flag("rf19"),
        added(observation(concept("44253-3", LOINC, display=QUESTION_9), valueInteger=2)),
    ),
    Case(
        "item 8 with its own question",
        RISES,
        added(observation(concept("44253-3", LOINC, display="Moving or speaking so slowly"), valueInteger=2)),
    ),
    Case("item 9 without a system", flag("rf19"), added(observation(WITHOUT_SYSTEM, valueInteger=1))),
    Case("pressure whose components have no system", flag("rf11"), added(pressure_without_systems())),
    Case("no with a yes in its text", flag("rf09"), added(answered("yes, a little"))),
    Case("no with a yes in German in its text", flag("rf09"), added(answered("Ja, etwas"))),
    Case("no with a no in its text", RISES, added(answered("no, not at all"))),
    Case("no with other words in its text", RISES, added(answered("nothing new this week"))),
    Case("all nine items of a form by their texts", flag("rf19"), added(all_in_words())),
)
ON_THE_EHR = {"item 9 of a form by its text, another link", "item 9 without a system"}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
