"""One question of a form with several answers that disagree: the stricter counts, and it is a conflict (B13.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fhir.read.sample_resources import Resource, form, item, quantity, read_all
from titrate.clinical.values.readings import Measurement, SafetyAnswer, SessionReported

SCREEN, CHECK_IN = "safety-screen-short", "daily-check-in"
YES, NO, ODD, EMPTY = {"valueBoolean": True}, {"valueBoolean": False}, {"valueInteger": 7}, None
Answer = dict[str, Any] | None
Shape = Callable[[str, Answer, Answer], list[Resource]]


def given(link: str, answer: Answer) -> Resource:
    """An item with one answer, or without."""
    return item(link) if answer is None else item(link, answer)


def twice(link: str, one: Answer, other: Answer) -> list[Resource]:
    """The same linkId twice."""
    return [given(link, one), given(link, other)]


def grouped(link: str, one: Answer, other: Answer) -> list[Resource]:
    """In two groups, one of them inside the other."""
    return [item("a", item=[given(link, one), item("b", item=[given(link, other)])])]


def below(link: str, one: Answer, other: Answer) -> list[Resource]:
    """The second as an item inside the answer to the first."""
    return [item(link, {**(one or {}), "item": [given(link, other)]})]


def beneath(link: str, one: Answer, other: Answer) -> list[Resource]:
    """The second as an item inside the first."""
    return [{**given(link, one), "item": [given(link, other)]}]


SHAPES: tuple[Shape, ...] = (twice, grouped, below, beneath)


def answer_of(what: str, *resources: Resource) -> tuple[list[Any], list[tuple[str, str | None]]]:
    """The values of a question, and what was refused."""
    result = read_all(*resources)
    values = [one.value for one in result.readings if isinstance(one, SafetyAnswer | Measurement) and one.what == what]
    return values, [(str(one.reason), one.what) for one in result.refusals]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("one", "other", "counted", "refused"),
    [
        (NO, YES, True, ["conflict"]), (YES, NO, True, ["conflict"]), (NO, NO, False, []), (YES, YES, True, []),
        (NO, ODD, None, ["wrong-value"]), (ODD, NO, None, ["wrong-value"]), (YES, ODD, True, ["wrong-value"]),
        (NO, EMPTY, False, []), (EMPTY, NO, False, []), (EMPTY, YES, True, []), (EMPTY, EMPTY, None, []),
    ],
)  # fmt: skip
def test_a_safety_question(shape: Shape, one: Answer, other: Answer, counted: bool | None, refused: list[str]) -> None:
    """A yes among them is a yes, and a no beside an answer that cannot be read leaves the question open."""
    values, refusals = answer_of("rf09", form(SCREEN, *shape("rf09", one, other)))
    assert values == [counted]
    assert refusals == [(reason, "rf09") for reason in refused]


def test_several_answers_of_one_item() -> None:
    """As for items that are repeated."""
    assert answer_of("rf09", form(SCREEN, item("rf09", NO, YES))) == ([True], [("conflict", "rf09")])
    assert answer_of("rf09", form(SCREEN, item("rf09", NO, ODD))) == ([None], [("wrong-value", "rf09")])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("link", "what", "answers", "counted"),
    [
        ("flare", "flare-self-report", (NO, YES), True),
        ("rescue-analgesia", "rescue-analgesia-new", (YES, NO), True),
        ("stressor", "stressor", ({"valueString": "major"}, {"valueString": "none"}), "major"),
        ("stressor", "stressor", ({"valueString": "none"}, {"valueString": "minor"}), "minor"),
        ("daily-activity", "daily-activity-kept", ({"valueString": "yes"}, {"valueString": "no"}), "no"),
    ],
)
def test_an_answer_of_the_check_in(
    shape: Shape, link: str, what: str, answers: tuple[Answer, Answer], counted: bool | str
) -> None:
    """The stricter one alone is counted."""
    made = form(CHECK_IN, *shape(link, *answers))
    assert answer_of(what, made) == ([counted], [("conflict", what)])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("values", "refused"), [((2, 7), True), ((3, 2), False), ((2, "3.5"), True), ((4, 4), False)])
def test_a_rating(shape: Shape, values: tuple[Any, Any], refused: bool) -> None:
    """Both values are kept, so that the worse counts; more than the tolerance apart they are a conflict."""
    one, other = ({"valueString": str(value)} for value in values)
    found, refusals = answer_of("pain-morning", form(CHECK_IN, *shape("pain-morning", one, other)))
    assert {str(value) for value in found} == {str(value) for value in values}
    assert refusals == ([("conflict", "pain-morning")] if refused else [])


def test_questions_with_several_answers() -> None:
    """Those that ask for more than one answer have no conflict."""
    days = [{"valueString": day} for day in ("monday", "thursday")]
    values, refusals = answer_of("free-day", form("intake-profile", item("free-day", *days)))
    assert (sorted(values), refusals) == (["monday", "thursday"], [])


def test_two_answers_about_self_harm() -> None:
    """In a form of another publisher, too: both are kept, and differ."""
    both = twice("/44260-8", {"valueInteger": 0}, {"valueInteger": 3})
    values, refusals = answer_of("phq-9-item-9", form("x", *both, questionnaire="https://forms.example/q"))
    assert values == [0, 3]
    assert ("conflict", "phq-9-item-9") in refusals


@pytest.mark.parametrize("shape", SHAPES)
def test_a_part_of_a_session(shape: Shape) -> None:
    """The reader of sessions compares the answers of each report."""
    fixed = [item("exercise", {"valueString": "walking"}), item("done", {"valueQuantity": quantity(15, "min")})]
    made = form("session-check-in", *fixed, *shape("form", {"valueString": "good"}, {"valueString": "lost"}))
    result = read_all(made)
    (reading,) = result.readings
    assert isinstance(reading, SessionReported)
    assert reading.form == "lost"
    assert [(str(one.reason), one.what) for one in result.refusals] == [("conflict", "session.form")]
