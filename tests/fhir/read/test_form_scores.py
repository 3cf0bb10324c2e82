"""PHQ-9 and PHQ-2 by item code, wherever they come from: scored, item 9 read, and nothing counted twice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sample_resources import LOINC, Resource, component, form, item, observation, read_all
from titrate.clinical.values.readings import Measurement

ITEMS = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")
TOTAL, DIFFICULTY = "44261-6", "69722-7"
ANSWERS = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
WORDS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
ELSEWHERE = "https://forms.example/Questionnaire/mood"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
MADE = [{"reference": "QuestionnaireResponse/q-phq"}]

Answer = Callable[[int], Resource]
AS_LOINC: Answer = lambda n: {"valueCoding": {"system": LOINC, "code": ANSWERS[n]}}  # noqa: E731
AS_INTEGER: Answer = lambda n: {"valueInteger": n}  # noqa: E731


def phq(digits: str, link: str = "/{}", answer: Answer = AS_LOINC, **more: Any) -> Resource:
    """A response of another publisher; one digit for each item, `-` for an unanswered one."""
    items = [
        item(link.format(code), *([] if one == "-" else [answer(int(one))]))
        for code, one in zip(ITEMS, digits, strict=False)
    ]
    return form("phq", *items, *more.pop("added", ()), questionnaire=ELSEWHERE, **more)


QUESTIONS = (
    "Little interest or pleasure in doing things", "2. Feeling down, depressed, or hopeless?",
    "Trouble falling or staying asleep, or sleeping too much", "Feeling tired or having little energy",
    "Poor appetite or overeating", "Feeling bad about yourself - or that you are a failure",
    "Trouble concentrating on things, such as reading", "Moving or speaking so slowly that others noticed",
    "In the last 2 weeks: Thoughts that you would be better off dead, or of hurting yourself",
)  # fmt: skip


def in_words(digits: str, **more: Any) -> Resource:
    """A response of another publisher, whose items have the words of the questions and numbers as linkIds."""
    pairs = zip(QUESTIONS, digits, strict=False)
    items = [item(str(n), AS_LOINC(int(one)), text=words) for n, (words, one) in enumerate(pairs, 1)]
    return form("phq", *items, questionnaire=ELSEWHERE, **more)


def scores(*resources: Resource) -> dict[str, list[tuple[Any, bool]]]:
    """The values of totals and of item 9, and whether each is preliminary."""
    found: dict[str, list[tuple[Any, bool]]] = {}
    for one in read_all(*resources).readings:
        if isinstance(one, Measurement) and one.what in ("phq-9", "phq-2", "phq-9-item-9"):
            found.setdefault(one.what, []).append((one.value, one.stamp.preliminary))
    return found


def refusals(*resources: Resource) -> list[tuple[str, str | None]]:
    """Why something was refused, and of which measure."""
    return [(str(one.reason), one.what) for one in read_all(*resources).refusals]


def test_items_by_their_words() -> None:
    """Nothing that only the words identify helps."""
    assert scores(in_words("111100211")) == {"phq-9": [(8, True)], "phq-9-item-9": [(1, True)]}
    assert scores(form("x", item("9", AS_INTEGER(2), text="Gedanken, dass Sie lieber tot wären"))) == {
        "phq-9-item-9": [(2, True)]
    }


def test_words_of_the_questionnaire() -> None:
    """Where the response does not repeat them."""
    given = {"resourceType": "Questionnaire", "id": "q", "item": [{"linkId": "a", "text": QUESTIONS[8]}]}
    assert scores(form("x", item("a", AS_INTEGER(2)), questionnaire="#q", contained=[given])) == {
        "phq-9-item-9": [(2, True)]
    }


def test_words_and_code_of_two_items() -> None:
    """The answer counts for both (B13.2)."""
    one = item("/44253-3", AS_INTEGER(2), text=QUESTIONS[8])
    assert scores(form("x", one, questionnaire=ELSEWHERE))["phq-9-item-9"] == [(2, True)]


def test_a_code_without_a_system() -> None:
    """In the code of an item."""
    one = item("9", AS_INTEGER(2), code=[{"code": "44260-8"}])
    assert scores(form("x", one, questionnaire=ELSEWHERE))["phq-9-item-9"] == [(2, False)]


@pytest.mark.parametrize("text", ["Thoughts about your work", "How often are you better off dead tired?", ""])
def test_other_words(text: str) -> None:
    """Of no item."""
    assert scores(form("x", item("9", AS_INTEGER(2), text=text), questionnaire=ELSEWHERE)) == {}


@pytest.mark.parametrize(
    "link",
    ["/{}", "{}", "/44249-1/{}", "http://loinc.org/{}", "http://loinc.org|{}", "loinc:{}"],
)
def test_a_link_that_is_a_loinc_code(link: str) -> None:
    """As form renderers and guides write it."""
    assert scores(phq("111100211", link)) == {"phq-9": [(8, False)], "phq-9-item-9": [(1, False)]}
    assert refusals(phq("111100211", link)) == []


@pytest.mark.parametrize(
    "answer",
    [
        AS_LOINC,
        AS_INTEGER,
        lambda n: {"valueDecimal": Decimal(f"{n}.0")},
        lambda n: {"valueString": WORDS[n]},
        lambda n: {"valueString": WORDS[n].upper()},
        lambda n: {"valueString": str(n)},
        lambda n: {"valueCoding": {"code": ANSWERS[n]}},
        lambda n: {"valueCoding": {"system": "https://forms.example", "code": f"a{n}", "display": WORDS[n]}},
        lambda n: {"valueCoding": {"code": "x", "extension": [{"url": ORDINAL, "valueDecimal": n}]}},
        lambda n: {"valueCoding": {"display": ("Ningún día", "Varios días", "Más de la mitad de los días",
                                               "Casi todos los días")[n]}},
        lambda n: {"valueCoding": {"display": ("Überhaupt nicht", "An einzelnen Tagen",
                                               "An mehr als der Hälfte der Tage", "Beinahe jeden Tag")[n]}},
        lambda n: {"valueQuantity": {"value": n, "system": "http://unitsofmeasure.org", "code": "{score}"}},
    ],
)  # fmt: skip
def test_how_an_answer_is_written(answer: Answer) -> None:
    """Each of the four answers is the same number in every value type."""
    assert scores(phq("012301230", answer=answer)) == {"phq-9": [(12, False)], "phq-9-item-9": [(0, False)]}


def coded(code: str) -> Resource:
    return {"system": LOINC, "code": code}


def questionnaire(**more: Any) -> Resource:
    """The publisher's Questionnaire, whose linkIds say nothing."""
    items = [{"linkId": str(at), "code": [coded(code)]} for at, code in enumerate(ITEMS)]
    return {"resourceType": "Questionnaire", "id": "17", "url": ELSEWHERE, "version": "2",
            "item": [{"linkId": "group", "item": items}], **more}  # fmt: skip


def numbered(digits: str, **more: Any) -> Resource:
    """A response with these linkIds."""
    items = [item(str(at), AS_INTEGER(int(one))) for at, one in enumerate(digits)]
    return form("phq", item("group", item=items), **{"questionnaire": ELSEWHERE, **more})


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        (ELSEWHERE, False), (f"{ELSEWHERE}|2", False), (f"{ELSEWHERE}|1", False), (f"{ELSEWHERE}/", False),
        (ELSEWHERE.replace("https", "http"), False), ("Questionnaire/17", False),
        ("Questionnaire/17/_history/3", False), ("#17", True), (ELSEWHERE, True), (None, True),
    ],
)  # fmt: skip
def test_codes_of_the_questionnaire(address: str | None, inside: bool) -> None:
    """A Questionnaire in the record, or inside the response, says what its items ask."""
    contained = [questionnaire()] if inside else None
    resources = [numbered("111111111", questionnaire=address, contained=contained)]
    found = scores(*resources, *([] if inside else [questionnaire()]))
    assert found == {"phq-9": [(9, False)], "phq-9-item-9": [(1, False)]}


@pytest.mark.parametrize(
    "more",
    [
        lambda code: {"code": [coded(code)]},
        lambda code: {"extension": [{"url": "https://forms.example/code", "valueCoding": coded(code)}]},
        lambda code: {"extension": [{"url": "x", "valueCodeableConcept": {"coding": [coded(code)]}}]},
    ],
)
def test_a_code_of_the_answered_item(more: Callable[[str], Resource]) -> None:
    """Some programs write the code beside the answer."""
    items = [item(f"q{at}", AS_INTEGER(2), **more(code)) for at, code in enumerate(ITEMS)]
    assert scores(form("phq", *items, questionnaire=ELSEWHERE))["phq-9"] == [(18, False)]


def test_items_in_groups_and_below_answers() -> None:
    """Wherever the item is in the form."""
    first, *rest = phq("111111111")["item"]
    first["answer"][0]["item"] = rest[:4]
    nested = form("phq", item("g", item=[first, item("h", item=rest[4:])]), questionnaire=ELSEWHERE)
    assert scores(nested)["phq-9"] == [(9, False)]


@pytest.mark.parametrize(
    ("digits", "total", "refused"),
    [
        ("22222222-", [(18, False)], []), ("2111111--", [(11, False)], []),
        ("222222---", [(12, True)], [("no-value", "phq-9")]), ("3-------3", [(6, True)], [("no-value", "phq-9")]),
        ("--------2", None, [("no-value", "phq-9")]), ("---------", None, []),
    ],
)  # fmt: skip
def test_missing_items(digits: str, total: list[tuple[int, bool]] | None, refused: list[tuple[str, str]]) -> None:
    """Up to two are the mean of the others. With more there is no score; the sum so far can hold and proves nothing."""
    assert scores(phq(digits)).get("phq-9") == total
    assert refusals(phq(digits)) == refused


def test_an_unreadable_item_counts_as_the_highest() -> None:
    """It can hold and proves nothing, and item 9 holds the plan until it can be read."""
    broken = phq("11111111-", added=[item("/44260-8", {"valueInteger": 7})])
    assert scores(broken) == {"phq-9": [(11, True)]}
    assert refusals(broken) == [("implausible", "phq-9-item-9")]
    first = phq("-11111111", added=[item("/44250-9", {"valueString": "sometimes"})])
    assert scores(first)["phq-9"] == [(11, True)]
    assert refusals(first) == [("wrong-value", "phq-9-item-1")]


def test_two_answers_of_an_item() -> None:
    """The higher counts."""
    assert scores(phq("111111110", added=[item("/44260-8", AS_INTEGER(2))])) == {
        "phq-9": [(10, False)],
        "phq-9-item-9": [(0, False), (2, False)],
    }


def test_the_two_questions_alone() -> None:
    """They are the PHQ-2."""
    assert scores(phq("12")) == {"phq-2": [(3, False)]}
    assert refusals(phq("12")) == []
    assert scores(phq("1-")) == {}
    assert refusals(phq("1-")) == [("no-value", "phq-2")]


@pytest.mark.parametrize("status", ["in-progress", "stopped", None])
def test_an_unfinished_form(status: str | None) -> None:
    """Its total and its item 9 can hold and prove nothing."""
    assert scores(phq("111111111", status=status)) == {"phq-9": [(9, True)], "phq-9-item-9": [(1, True)]}


def total(value: int, **more: Any) -> Resource:
    """A reported total, an hour after the form."""
    return observation(TOTAL, LOINC, **{"valueInteger": value, "effectiveDateTime": "2025-01-10T08:30:00Z", **more})


@pytest.mark.parametrize(("reported", "counted"), [(8, [9]), (9, [9]), (10, [10])], ids=["below", "equal", "above"])
@pytest.mark.parametrize(
    "more",
    [
        {}, {"derivedFrom": MADE}, {"effectiveDateTime": "2025-01-10T07:30:00Z"}, {"effectiveDateTime": "2025-01-10"},
        {"derivedFrom": MADE, "effectiveDateTime": "2025-01-12T09:00:00Z"},
    ],
)  # fmt: skip
def test_a_reported_total_is_the_same_total(reported: int, counted: list[int], more: Resource) -> None:
    """It counts once; of two that disagree the higher, and nothing is held by that."""
    resources = (phq("111111111"), total(reported, **more))
    assert [value for value, _ in scores(*resources)["phq-9"]] == counted
    assert refusals(*resources) == ([("conflict", None)] if reported == 8 else [])


def test_a_total_of_the_form_itself() -> None:
    """Form renderers add the calculated total as an item."""
    for value, counted in ((9, 9), (3, 9), (12, 12)):
        made = phq("111111111", added=[item(f"/{TOTAL}", {"valueDecimal": value})])
        assert scores(made)["phq-9"] == [(counted, False)]


def test_a_total_of_another_day_is_another_total() -> None:
    """Both count."""
    later = total(3, effectiveDateTime="2025-01-12T08:30:00Z")
    assert [value for value, _ in scores(phq("111111111"), later)["phq-9"]] == [9, 3]


def test_a_preliminary_total_does_not_replace_the_items() -> None:
    """The items of the completed form still count as final."""
    assert (9, False) in scores(phq("111111111"), total(9, status="preliminary"))["phq-9"]


def test_items_as_observations() -> None:
    """Components of a panel, and one Observation for each question."""
    parts = [component(code, LOINC, valueInteger=1) for code in ITEMS]
    assert scores(observation("44249-1", LOINC, component=parts)) == {
        "phq-9": [(9, False)],
        "phq-9-item-9": [(1, False)],
    }
    single = [observation(code, LOINC, valueCodeableConcept={"coding": [coded(ANSWERS[1])]}) for code in ITEMS]
    assert scores(*single)["phq-9"] == [(9, False)]
    assert scores(phq("111111111"), *[one | {"derivedFrom": MADE} for one in single]) == scores(*single)
    assert scores(single[-1]) == {"phq-9-item-9": [(1, False)]}


def test_a_form_that_has_more() -> None:
    """The other items are counted as not mapped, once, and hold nothing."""
    made = phq("000000000", added=[item(f"/{DIFFICULTY}", {"valueString": "somewhat"}), item("note")])
    assert refusals(made) == [("not-mapped", None)]
    assert scores(made) == {"phq-9": [(0, False)], "phq-9-item-9": [(0, False)]}


def test_a_screening_of_something_else() -> None:
    """A form without a known code is not mapped, whatever it asks."""
    made = form("x", *(item(f"/{n}-1", AS_INTEGER(3)) for n in range(6)), questionnaire=ELSEWHERE)
    assert (scores(made), refusals(made)) == ({}, [("not-mapped", None)])


def test_questions_that_a_site_added_to_a_form_of_the_service() -> None:
    """They are read beside the form's own."""
    made = form("daily-check-in", item("mood", {"valueInteger": 5}), *phq("111111111")["item"], id="q-phq")
    assert scores(made)["phq-9"] == [(9, False)]
    assert refusals(made) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"authored": None}, {"authored": "2027-01-01"}, {"authored": "soon"}, {"subject": None},
        {"status": "in-error", "authored": None},
    ],
)  # fmt: skip
def test_a_fault_of_the_form_loses_no_answer_about_self_harm(fault: Resource) -> None:
    """Item 9 counts downward, and total and item hold the plan until the form is corrected."""
    made = phq("000000001", **fault)
    assert scores(made) == {"phq-9-item-9": [(1, True)]}
    assert {what for _, what in refusals(made)} >= {"phq-9", "phq-9-item-9"}


@pytest.mark.parametrize("change", [{"status": "entered-in-error"}, {"subject": {"reference": "Patient/other"}}])
def test_a_form_that_was_taken_back(change: Resource) -> None:
    """It and another patient's have no effect."""
    assert scores(phq("333333333", **change)) == {}
