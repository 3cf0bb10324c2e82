"""The intake profile from a patient's bundle to prose, JSON and the assessment Observation."""

from __future__ import annotations

from dataclasses import replace

from tests.app.test_overview import RULES, components, walked, words
from titrate.app.report.json_report import plan_json
from titrate.fhir.narrative.clinician_page import clinician_sections
from titrate.fhir.narrative.plain_text import explain
from titrate.fhir.narrative.xhtml import div

WHO = "intake-profile"


def test_readiness_comes_with_questions_to_ask() -> None:
    """Findings and questions stand side by side, in the words of the mappings."""
    told = " ".join(words(WHO).split())
    assert "Importance 9 of 10, confidence 6 of 10; getting ready." in told
    assert RULES.rulebook.prompts["confidence.low"].ask in told
    assert RULES.rulebook.prompts["barrier.time"].ask in told


def test_own_words_are_shown_and_escaped() -> None:
    """An ampersand stays one for the reader and is escaped in the narrative."""
    proposal = walked(WHO).proposal
    assert proposal is not None
    assert "on the steps & nobody" in explain(proposal)
    assert "on the steps &amp; nobody" in div(clinician_sections(proposal))


def test_control_characters_never_reach_a_terminal() -> None:
    """Not even in a table."""
    proposal = walked(WHO).proposal
    assert proposal is not None
    assert proposal.overview is not None
    assert proposal.overview.intake is not None
    found = proposal.overview.intake
    blocks = tuple(replace(one, task="iron\x1b[2J\ning") for one in found.routine.blocks)
    odd = replace(found, routine=replace(found.routine, blocks=blocks))
    shown = explain(replace(proposal, overview=replace(proposal.overview, intake=odd)))
    assert "\x1b" not in shown
    assert '"iron [2J ing"' in shown


def test_very_long_words_are_cut_where_they_are_shown() -> None:
    """A table stays readable."""
    proposal = walked(WHO).proposal
    assert proposal is not None
    assert proposal.overview is not None
    wish = replace(proposal.overview.goal_priorities[0], text="x" * 500)
    shown = explain(replace(proposal, overview=replace(proposal.overview, goal_priorities=(wish,))))
    assert "x" * 200 + " ..." in shown
    assert "x" * 201 not in shown


def test_what_was_not_answered_is_named() -> None:
    """By the words of the question."""
    assert "Not known: Average pain of 7 days, 0-10; Parts of the day that suit." in words(WHO)


def test_whoever_was_not_asked_has_no_such_sections() -> None:
    """Nothing is said of a profile that is not there."""
    for title in ("An ordinary day", "Readiness and barriers", "To choose from together", "Not answered at intake"):
        assert title in words(WHO)
        assert title not in words("e2-progress")


def test_where_nothing_may_be_chosen_nothing_is_offered() -> None:
    """As while a red flag is open."""
    proposal = walked(WHO).proposal
    assert proposal is not None
    assert proposal.overview is not None
    assert proposal.overview.intake is not None
    choices = replace(proposal.overview.intake.preferences, choices=(), without=(), doubts=())
    told = replace(proposal.overview, intake=replace(proposal.overview.intake, preferences=choices))
    assert "To choose from together" not in explain(replace(proposal, overview=told))


def test_what_was_told_is_in_the_assessment() -> None:
    """Coded answers and numbers; own words are not repeated there."""
    found = components(WHO)
    assert found["irritability"]["valueString"] == "high"
    assert found["boom-bust-index"]["valueQuantity"]["value"] == 3
    assert found["change-confidence"]["valueQuantity"]["value"] == 6
    assert found["barriers"]["valueString"] == "fear-of-harm; time"
    assert found["task-independence"]["valueString"] == "with-aid"
    assert "irritability" not in components("e2-progress")


def test_the_json_has_all_of_it() -> None:
    """Under the profile; null for whoever was not asked."""
    found = plan_json(walked(WHO), RULES.rulebook)["profile"]
    assert found["interview"]["readiness"]["barriers"] == ["fear-of-harm", "time"]
    assert found["interview"]["swaps"] == [
        {"exercise": "step-up", "factors": ["stairs"], "instead": ["sit-to-stand", "hip-abduction"]}
    ]
    assert [goal["importance"] for goal in found["goals"]] == [9, 7]
    assert found["technique"][0]["what"] == "compensation: knee-in"
    assert plan_json(walked("e2-progress"), RULES.rulebook)["profile"]["interview"] is None


def test_the_week_names_the_free_days() -> None:
    """Weekdays instead of numbers, and each walk on a free one."""
    assert "Monday (free)" in words(WHO)
    assert "Day 1" in words("e2-progress")
    assert plan_json(walked(WHO), RULES.rulebook)["week"]["freeDays"] == [1, 3, 5, 6]


def test_wishes_of_a_form_are_not_linked_as_goals() -> None:
    """A form is no Goal: the plan links what the EHR holds, and the goal that is written with it."""
    written = [entry["resource"] for entry in walked(WHO).bundle["entry"]]
    (plan,) = [one for one in written if one["resourceType"] == "CarePlan"]
    assert [link["reference"].partition(":")[0].partition("/")[0] for link in plan["goal"]] == ["Goal", "urn"]
