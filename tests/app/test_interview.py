"""The intake profile from a patient's Bundle to prose, JSON and the assessment Observation."""

from __future__ import annotations

from dataclasses import replace

from tests.app.test_overview import RULES, components, pipeline_result, words
from titrate.app.report.json_report import plan_json
from titrate.fhir.narrative.clinician_sections import clinician_sections, explain
from titrate.fhir.narrative.section import div

PATIENT = "intake-profile"


def test_readiness_comes_with_questions_to_ask() -> None:
    """Findings and questions are shown together, in the words of the mappings."""
    shown = " ".join(words(PATIENT).split())
    assert "Importance 9 of 10, confidence 6 of 10; getting ready." in shown
    assert RULES.rulebook.prompts["confidence.low"].ask in shown
    assert RULES.rulebook.prompts["barrier.time"].ask in shown


def test_own_words_are_shown_and_escaped() -> None:
    """An ampersand is readable in the text and escaped in the narrative."""
    proposal = pipeline_result(PATIENT).proposal
    assert proposal is not None
    assert "give way on the steps & " in explain(proposal)
    assert "give way on the steps &amp; " in div(clinician_sections(proposal))


def test_control_characters_never_reach_a_terminal() -> None:
    """Not even in a table."""
    proposal = pipeline_result(PATIENT).proposal
    assert proposal is not None
    assert proposal.overview is not None
    assert proposal.overview.intake is not None
    found = proposal.overview.intake
    blocks = tuple(replace(one, task="iron\x1b[2J\ning") for one in found.routine.blocks)
    odd = replace(found, routine=replace(found.routine, blocks=blocks))
    shown = explain(replace(proposal, overview=replace(proposal.overview, intake=odd)))
    assert "\x1b" not in shown
    assert '"iron [2J ing"' in shown


def test_very_long_words_are_truncated() -> None:
    """A table stays readable."""
    proposal = pipeline_result(PATIENT).proposal
    assert proposal is not None
    assert proposal.overview is not None
    goal = replace(proposal.overview.goal_priorities[0], text="x" * 500)
    shown = explain(replace(proposal, overview=replace(proposal.overview, goal_priorities=(goal,))))
    assert "x" * 200 + " ..." in shown
    assert "x" * 201 not in shown


def test_unanswered_questions_are_named() -> None:
    """By the words of the question."""
    assert "Not answered: Average pain of 7 days, 0-10; Parts of the day that suit." in words(PATIENT)


def test_without_a_profile_there_are_no_sections() -> None:
    """The page does not mention a missing profile."""
    for title in (
        "An ordinary day",
        "Readiness and barriers",
        "Exercises to choose together",
        "Not answered at intake",
    ):
        assert title in words(PATIENT)
        assert title not in words("e2-progress")


def test_without_choices_nothing_is_offered() -> None:
    """For example while a red flag is open."""
    proposal = pipeline_result(PATIENT).proposal
    assert proposal is not None
    assert proposal.overview is not None
    assert proposal.overview.intake is not None
    choices = replace(proposal.overview.intake.preferences, choices=(), without=(), doubts=())
    shown = replace(proposal.overview, intake=replace(proposal.overview.intake, preferences=choices))
    assert "Exercises to choose together" not in explain(replace(proposal, overview=shown))


def test_answers_are_in_the_assessment() -> None:
    """Coded answers and numbers, without the patient's own words."""
    found = components(PATIENT)
    assert found["irritability"]["valueString"] == "high"
    assert found["boom-bust-index"]["valueQuantity"]["value"] == 3
    assert found["change-confidence"]["valueQuantity"]["value"] == 6
    assert found["barriers"]["valueString"] == "fear-of-harm; time"
    assert found["task-independence"]["valueString"] == "with-aid"
    assert "irritability" not in components("e2-progress")


def test_the_json_contains_the_profile() -> None:
    """Null for a patient without answers."""
    found = plan_json(pipeline_result(PATIENT), RULES.rulebook)["profile"]
    assert found["interview"]["readiness"]["barriers"] == ["fear-of-harm", "time"]
    assert found["interview"]["swaps"] == [
        {"exercise": "step-up", "factors": ["stairs"], "instead": ["sit-to-stand", "hip-abduction"]}
    ]
    assert [goal["importance"] for goal in found["goals"]] == [9, 7]
    assert found["technique"][0]["what"] == "compensatory movement: knee-in"
    assert plan_json(pipeline_result("e2-progress"), RULES.rulebook)["profile"]["interview"] is None


def test_the_week_names_the_free_days() -> None:
    """Weekdays instead of numbers, and each walk on a free one."""
    assert "Monday (free)" in words(PATIENT)
    assert "Day 1" in words("e2-progress")
    assert plan_json(pipeline_result(PATIENT), RULES.rulebook)["week"]["freeDays"] == [1, 3, 5, 6]


def test_goals_of_a_form_are_not_linked() -> None:
    """A form is not a Goal: the plan links Goals of the EHR and the one written with it."""
    written = [entry["resource"] for entry in pipeline_result(PATIENT).bundle["entry"]]
    (plan,) = [one for one in written if one["resourceType"] == "CarePlan"]
    assert [link["reference"].partition(":")[0].partition("/")[0] for link in plan["goal"]] == ["Goal", "urn"]
