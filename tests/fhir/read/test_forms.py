"""Forms: the daily check-in, the safety screens, goals, and which questionnaires are read."""

from __future__ import annotations

import pytest

from tests.fhir.read.sample_resources import SITE, as_values, concept, form, item, observation, pain, quantity, read_all
from titrate.clinical.values.readings import Comment, Measurement, PatientGoal, SafetyAnswer

SHORT = {"rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19"}


def test_a_daily_check_in_with_a_date() -> None:
    """Its date is a morning; its items are read; a unit that the question names can be left out."""
    result = read_all(form(
        "daily-check-in",
        item("date", {"valueDate": "2025-01-09"}),
        item("pain-morning", {"valueInteger": 3}),
        item("fatigue-morning", {"valueCoding": {"system": "http://loinc.org", "code": "LA6115-5"}}),
        item("sleep-hours", {"valueDecimal": 7}),
        item("sleep-quality", {"valueInteger": 6}),
        item("mood", {"valueInteger": 5}),
        item("stressor", {"valueCoding": {"system": SITE.codes, "code": "minor"}}),
        item("flare", {"valueBoolean": False}),
        item("daily-activity", {"valueCoding": {"system": SITE.codes, "code": "yes"}}),
        item("rescue-analgesia", {"valueBoolean": False}),
        item("comment", {"valueString": "stiff at first"}),
    ))  # fmt: skip
    assert result.refusals == ()
    numbers = {one.what: one.value for one in result.readings if isinstance(one, Measurement)}
    assert numbers == {"pain-morning": 3, "fatigue-morning": 4, "sleep-hours": 7, "sleep-quality": 6, "mood": 5}
    answers = {one.what: one.value for one in result.readings if isinstance(one, SafetyAnswer)}
    assert answers == {
        "stressor": "minor", "flare-self-report": False, "daily-activity-kept": "yes", "rescue-analgesia-new": False,
    }  # fmt: skip
    assert [one.text for one in result.readings if isinstance(one, Comment)] == ["stiff at first"]
    assert {(str(one.stamp.day), one.stamp.timed) for one in result.readings} == {("2025-01-09", False)}


@pytest.mark.parametrize(
    ("authored", "what"), [("2025-01-10T07:30:00Z", "pain-morning"), ("2025-01-10T21:00:00Z", "pain-other")]
)
def test_without_a_date_the_time_of_answering_decides(authored: str, what: str) -> None:
    """A check-in in the evening is not about morning pain."""
    result = read_all(form("daily-check-in", item("pain-morning", {"valueInteger": 3}), authored=authored))
    assert [one.what for one in result.readings if isinstance(one, Measurement)] == [what]


@pytest.mark.parametrize(
    "address",
    [
        SITE.questionnaire("daily-check-in"),
        SITE.questionnaire("daily-check-in") + "|1",
        "Questionnaire/daily-check-in",
        "daily-check-in",
        "daily-check-in|1.2.0",
    ],
)
def test_how_a_form_names_its_questionnaire(address: str) -> None:
    """By address or name, with or without a version."""
    made = form("daily-check-in", item("pain-morning", {"valueInteger": 3}), questionnaire=address)
    assert len(read_all(made).readings) == 1


def test_a_questionnaire_of_another_publisher_is_unknown() -> None:
    """The base of the canonical is part of the name."""
    address = "https://other.example/Questionnaire/daily-check-in"
    made = form("daily-check-in", item("pain-morning", {"valueInteger": 3}), questionnaire=address)
    assert [refusal.reason for refusal in read_all(made).refusals] == ["not-mapped"]


def test_a_short_screen() -> None:
    """Answers count per item; an item without an answer, or not in the form, is unanswered from then on."""
    result = read_all(form("safety-screen-short", item("rf01", {"valueBoolean": False}), item("rf02"),
                      item("rf05", {"valueBoolean": True})))  # fmt: skip
    answers = {one.what: one.value for one in result.readings if isinstance(one, SafetyAnswer)}
    assert answers == dict.fromkeys(SHORT) | {"rf01": False, "rf05": True}
    assert result.refusals == ()


def test_a_full_screen_in_groups() -> None:
    """All 27 items, wherever they are in the form."""
    items = [item(f"rf{number:02}", {"valueBoolean": number == 27}) for number in range(1, 28)]
    groups = [{"linkId": "a", "item": items[:10]}, {"linkId": "b", "item": items[10:]}]
    result = read_all(form("safety-screen-full", *groups))
    answers = {one.what: one.value for one in result.readings if isinstance(one, SafetyAnswer)}
    assert answers == {f"rf{number:02}": number == 27 for number in range(1, 28)}
    assert {refusal.reason for refusal in result.refusals} == set()


@pytest.mark.parametrize(("status", "soft"), [("completed", False), ("in-progress", True), ("stopped", True)])
def test_status_of_forms(status: str, soft: bool) -> None:
    """A form that is not finished can only lower or hold a dose."""
    result = read_all(form("safety-screen-short", item("rf01", {"valueBoolean": True}), status=status))
    assert {one.stamp.preliminary for one in result.readings} == {soft}


def test_an_unknown_item_is_counted() -> None:
    """The other items are read."""
    result = read_all(
        form("daily-check-in", item("weather", {"valueString": "rain"}), item("flare", {"valueBoolean": True}))
    )
    assert [refusal.path for refusal in result.refusals] == ["QuestionnaireResponse.item[0]"]
    assert len(result.readings) == 1


def test_an_implausible_answer_holds_and_the_rest_is_read() -> None:
    """A pain of 12 is refused with its day, and the flare in the same form is read."""
    result = read_all(
        form("daily-check-in", item("pain-morning", {"valueInteger": 12}), item("flare", {"valueBoolean": True}))
    )
    assert [(refusal.what, str(refusal.day)) for refusal in result.refusals] == [("pain-morning", "2025-01-10")]
    assert [one.what for one in result.readings if isinstance(one, SafetyAnswer)] == ["flare-self-report"]


def test_goals_in_the_patients_words() -> None:
    """Text, exercise, target and date of each goal."""
    inside = [
        item("exercise", {"valueString": "Walking"}),
        item("target", {"valueQuantity": quantity("0.5", "h")}),
        item("due", {"valueDate": "2025-04-01"}),
    ]
    result = read_all(form("goals", item("goal", {"valueString": "walk to the shop", "item": inside},
                                    {"valueString": "garden again"}), item("psfs", {"valueInteger": 4})))  # fmt: skip
    assert result.refusals == ()
    first, second = [one for one in result.readings if isinstance(one, PatientGoal)]
    assert as_values(first.text, first.exercise, first.target, first.unit) == ("walk to the shop", "walking", 30, "min")
    assert (str(first.due), first.written_by_service, first.reference) == (
        "2025-04-01",
        False,
        "QuestionnaireResponse/q-goals#1",
    )
    assert (second.text, second.target) == ("garden again", None)


MADE = [{"reference": "QuestionnaireResponse/q-daily-check-in"}]


def test_an_observation_made_from_a_form_is_the_same_reading() -> None:
    """It is counted as a duplicate."""
    answered = form(
        "daily-check-in", item("date", {"valueDate": "2025-01-10"}), item("pain-morning", {"valueInteger": 3})
    )
    result = read_all(answered, pain(3, derivedFrom=MADE))
    assert [one.stamp.source.reference for one in result.readings] == ["QuestionnaireResponse/q-daily-check-in"]
    assert [(refusal.reason, refusal.what) for refusal in result.refusals] == [("duplicate", "pain-morning")]


def test_of_a_form_and_its_observation_at_one_instant_the_form_counts() -> None:
    """The Observation is the duplicate, even if both have the same time."""
    result = read_all(form("daily-check-in", item("pain-morning", {"valueInteger": 3})), pain(3, derivedFrom=MADE))
    assert [refusal.source.reference for refusal in result.refusals] == ["Observation/o-72514-3"]


def test_another_value_than_the_form_is_kept() -> None:
    """Two values at one time are a conflict, and both are kept."""
    answered = form("daily-check-in", item("pain-morning", {"valueInteger": 3}))
    result = read_all(answered, pain(6, derivedFrom=MADE))
    assert sorted(one.value for one in result.readings if isinstance(one, Measurement)) == [3, 6]


def test_a_missing_form_makes_no_duplicate() -> None:
    """Only a form that was read makes its Observations duplicates."""
    result = read_all(pain(3, derivedFrom=MADE))
    assert (len(result.readings), result.refusals) == (1, ())


def test_a_screen_answer_of_an_observation() -> None:
    """A single flag is read like an item of the screen."""
    result = read_all(observation("rf09", valueCodeableConcept=concept("yes")))
    assert [one.value for one in result.readings if isinstance(one, SafetyAnswer)] == [True]


CANONICAL = SITE.questionnaire("safety-screen-short")


@pytest.mark.parametrize(
    "address",
    [
        CANONICAL, f"{CANONICAL}|2", f"{CANONICAL}/", f"{CANONICAL}/_history/2", CANONICAL.replace("https", "http"),
        "safety-screen-short", "Questionnaire/safety-screen-short", "#q",
        "Questionnaire/safety-screen-short/_history/2",
    ],
)  # fmt: skip
def test_a_form_is_known_by_each_of_its_addresses(address: str) -> None:
    """Its canonical URL, its place on the record's own server, or the URL of the questionnaire inside it."""
    inside = [{"resourceType": "Questionnaire", "id": "q", "url": CANONICAL}]
    answer = item("rf09", {"valueBoolean": True})
    result = read_all(form("safety-screen-short", answer, questionnaire=address, contained=inside))
    assert not result.refusals
    assert {one.what: one.value for one in result.readings if isinstance(one, SafetyAnswer)}["rf09"] is True


@pytest.mark.parametrize(("value", "counts"), [(True, True), (False, None)])
@pytest.mark.parametrize("address", ["https://other.example/Questionnaire/x", None, "Questionnaire/17"])
def test_a_safety_question_in_an_unknown_form_is_never_lost(
    value: bool, counts: bool | None, address: str | None
) -> None:
    """A yes counts; a no leaves the question open."""
    result = read_all(form("x", item("rf09", {"valueBoolean": value}), questionnaire=address))
    assert [one.reason for one in result.refusals] == ["not-mapped"]
    assert [(one.what, one.value) for one in result.readings if isinstance(one, SafetyAnswer)] == [("rf09", counts)]
