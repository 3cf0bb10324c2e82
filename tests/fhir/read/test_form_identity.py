"""The service's forms under another address: the EHR's copy of the questionnaire, renamed items, or linkIds alone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sample_resources import LOCAL, SITE, Resource, form, item, mapped, read_all
from titrate.clinical.values.readings import Measurement, SafetyAnswer
from titrate.fhir.questionnaires import questionnaire

SCREEN, CHECK_IN = "safety-screen-short", "daily-check-in"
CANONICAL = SITE.questionnaire(SCREEN)
ELSEWHERE = "https://ehr.example/fhir/Questionnaire/4711"
SHORT = ("rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19")
FULL = tuple(f"rf{number:02}" for number in range(1, 28))


def copy(**more: Any) -> Resource:
    """The EHR's own copy of the short screen."""
    made = questionnaire(SCREEN, *mapped(), SITE)
    return {**made, "id": "4711", "url": ELSEWHERE, **more}


def renamed(made: Resource) -> Resource:
    """A copy whose linkIds are numbers; the codes of the items are as they were."""
    return {**made, "item": [{**one, "linkId": str(at)} for at, one in enumerate(made["item"])]}


def answered(links: Iterable[str], yes: str = "", **more: Any) -> Resource:
    """A screen with a no to each question, and a yes to one."""
    items = (item(link, {"valueBoolean": link == yes}) for link in links)
    return form(SCREEN, *items, **{"questionnaire": ELSEWHERE, **more})


def answers(*resources: Resource) -> dict[str, bool | str | None]:
    """The answers by question."""
    return {one.what: one.value for one in read_all(*resources).readings if isinstance(one, SafetyAnswer)}


def reasons(*resources: Resource) -> list[str]:
    """Why something was refused."""
    return [str(one.reason) for one in read_all(*resources).refusals]


NO = dict.fromkeys(SHORT, False)


@pytest.mark.parametrize(
    "origin",
    [
        {"derivedFrom": [CANONICAL]},
        {"derivedFrom": ["https://other.example/Questionnaire/x", f"{CANONICAL}|1.0"]},
        {"derivedFrom": [f"{CANONICAL.replace('https', 'http')}/"]},
        {"identifier": [{"system": "urn:ietf:rfc:3986", "value": CANONICAL}]},
        {"identifier": [{"value": "4711"}, {"value": CANONICAL}]},
        {"url": CANONICAL},
    ],
)
@pytest.mark.parametrize("address", [ELSEWHERE, f"{ELSEWHERE}|3", "Questionnaire/4711", "#4711"])
def test_the_copy_of_an_ehr(origin: Resource, address: str) -> None:
    """Its origin or its identifier names the service's questionnaire, so that every answer counts."""
    inside = address.startswith("#")
    made = answered(SHORT, questionnaire=address, contained=[copy(**origin)] if inside else None)
    others = () if inside else (copy(**origin),)
    if origin == {"url": CANONICAL} and address.startswith(ELSEWHERE):
        others = (copy(),)
    assert answers(made, *others) == NO
    assert reasons(made, *others) == []


def test_a_copy_with_other_links() -> None:
    """The codes of its items say what is asked."""
    made = answered(map(str, range(len(SHORT))), yes="4")
    for origin in ({"derivedFrom": [CANONICAL]}, {}):
        assert answers(made, renamed(copy(**origin))) == NO | {"rf09": True}
        assert reasons(made, renamed(copy(**origin))) == []


def test_a_check_in_with_other_links() -> None:
    """Measures are known by their codes, too."""
    made = questionnaire(CHECK_IN, *mapped(), SITE)
    own = {**made, "id": "4711", "url": ELSEWHERE, "derivedFrom": [SITE.questionnaire(CHECK_IN)]}
    links = {one["linkId"]: f"q{at}" for at, one in enumerate(own["item"])}
    own = {**own, "item": [{**one, "linkId": links[one["linkId"]]} for one in own["item"]]}
    pain = item(links["pain-morning"], {"valueInteger": 3})
    (reading,) = read_all(form(CHECK_IN, pain, questionnaire=ELSEWHERE), own).readings
    assert isinstance(reading, Measurement)
    assert (reading.what, reading.value, reading.stamp.preliminary) == ("pain-morning", Decimal(3), False)


@pytest.mark.parametrize(
    "origin", [{"derivedFrom": ["https://x.example/Questionnaire/y"]}, {"identifier": [{"value": SCREEN}]}]
)
def test_another_origin(origin: Resource) -> None:
    """A name without an address is not the service's canonical URL."""
    assert answers(answered(["rf09", "q2"]), copy(**origin)) == {"rf09": None}


@pytest.mark.parametrize("links", [SHORT, FULL], ids=["short", "full"])
@pytest.mark.parametrize("address", [ELSEWHERE, "Questionnaire/4711", None])
def test_all_linkids_of_a_screen(links: tuple[str, ...], address: str | None) -> None:
    """A response with exactly these is the screen: each yes and each no counts."""
    made = answered(links, yes="rf09", questionnaire=address)
    assert answers(made) == dict.fromkeys(links, False) | {"rf09": True}
    assert reasons(made) == []


def test_all_codes_of_a_screen() -> None:
    """As linkIds, so the codes that the answered items carry themselves."""
    items = [
        item(str(at), {"valueBoolean": False}, code=[{"system": LOCAL, "code": flag}]) for at, flag in enumerate(SHORT)
    ]
    assert answers(form(SCREEN, *items, questionnaire=ELSEWHERE)) == NO


@pytest.mark.parametrize(
    ("links", "yes", "counted"),
    [
        (SHORT[:-1], "rf01", dict.fromkeys(SHORT) | {"rf01": True}),
        ((*SHORT, "comment"), "rf01", dict.fromkeys(SHORT) | {"rf01": True}),
        ((*SHORT, "a", "b", "c"), "", dict.fromkeys(SHORT)),
        (FULL[:14], "rf03", dict.fromkeys(FULL) | {"rf03": True}),
    ],
    ids=["one missing", "one more", "three more", "half of the full screen"],
)
def test_most_linkids_of_a_screen(links: tuple[str, ...], yes: str, counted: dict[str, bool | None]) -> None:
    """It is taken for the screen: a yes counts, and every other question is open until it is answered."""
    made = answered(links, yes)
    assert answers(made) == counted
    assert "not-mapped" in reasons(made)


@pytest.mark.parametrize("links", [SHORT[:3], (*SHORT, "a", "b", "c", "d"), FULL[:13], ("rf01", "rf09")])
def test_too_few_linkids(links: tuple[str, ...]) -> None:
    """It is another publisher's form: the questions in it are open, and no others."""
    known = [link for link in links if link in FULL]
    assert answers(answered(links)) == dict.fromkeys(known)
    assert reasons(answered(links)) == ["not-mapped"]


DAY = (
    item("pain-morning", {"valueInteger": 1}), item("fatigue-morning", {"valueInteger": 1}),
    item("sleep-hours", {"valueInteger": 8}), item("sleep-quality", {"valueInteger": 8}),
    item("mood", {"valueInteger": 8}),
    item("stressor", {"valueString": "none"}), item("flare", {"valueBoolean": True}),
    item("daily-activity", {"valueString": "yes"}), item("rescue-analgesia", {"valueBoolean": False}),
    item("comment", {"valueString": "fine"}),
)  # fmt: skip


def test_linkids_of_a_check_in() -> None:
    """With all of them it is the check-in. With most of them it can hold or lower and proves nothing."""
    whole = read_all(form(CHECK_IN, *DAY, questionnaire=ELSEWHERE))
    assert {one.stamp.preliminary for one in whole.readings} == {False}
    assert whole.refusals == ()
    part = read_all(form(CHECK_IN, *DAY[:-1], questionnaire=ELSEWHERE))
    assert {one.stamp.preliminary for one in part.readings} == {True}
    assert len(part.readings) == len(whole.readings) - 1
    few = read_all(form(CHECK_IN, *DAY[:5], questionnaire=ELSEWHERE))
    assert few.readings == ()


@pytest.mark.parametrize("name", ["tolerance-trial", "goals", "teach-back"])
def test_short_forms_need_their_name(name: str) -> None:
    """A few common linkIds do not identify a form: a trial would set a dose."""
    links = mapped()[1].forms[name]
    made = form(name, *(item(link, {"valueInteger": 4}) for link in links), questionnaire=ELSEWHERE)
    assert (read_all(made).readings, reasons(made)) == ((), ["not-mapped"])


def test_the_order_of_the_resources_makes_no_difference() -> None:
    """Also with two Questionnaires of one URL."""
    made = answered(map(str, range(len(SHORT))), yes="4")
    first, second = renamed(copy()), {**copy(), "id": "5", "item": []}
    assert read_all(made, first, second).readings == read_all(second, made, first).readings


@pytest.mark.parametrize("shape", [None, [], "x", {"linkId": 3}, [{"linkId": None, "code": "x"}], [[1]]])
def test_a_questionnaire_of_any_shape(shape: Any) -> None:
    """A malformed one names nothing and breaks nothing."""
    odd = {**copy(), "item": shape, "derivedFrom": shape, "identifier": shape}
    assert answers(answered(SHORT), odd) == NO


@pytest.mark.parametrize("address", [CANONICAL, "https://portal.example/forms/77", None])
@pytest.mark.parametrize(
    "sent",
    [
        {"linkId": "RF09"},
        {"linkId": "1.2", "definition": f"{CANONICAL}#rf09"},
        {"linkId": "1.2", "definition": f"{SITE.questionnaire('safety-screen-full')}|0.1.0#rf09"},
        {"linkId": "1.2", "text": f"  {mapped()[0].flags['rf09'].question.upper()} "},
    ],
)
def test_a_safety_question_is_known_by_name_definition_and_words(sent: Resource, address: str | None) -> None:
    """In any form, also within a group: a yes counts."""
    group = {"linkId": "g", "item": [{**sent, "answer": [{"valueBoolean": True}]}]}
    assert answers(form(SCREEN, group, questionnaire=address))["rf09"] is True


@pytest.mark.parametrize(
    "sent",
    [
        {"linkId": "1.2", "definition": "https://portal.example/Questionnaire/other#rf09"},
        {"linkId": "1.2", "definition": f"{CANONICAL}#chest"},
        {"linkId": "1.2", "text": "Do you have chest pain?"},
        {"linkId": "rf9"},
    ],
)
def test_another_question_is_none_of_the_screen(sent: Resource) -> None:
    """It is not taken for one that is like it."""
    foreign = {**sent, "answer": [{"valueBoolean": True}]}
    assert answers(form(SCREEN, foreign, questionnaire="https://portal.example/forms/77")) == {}
