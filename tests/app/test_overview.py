"""The clinician's overview of a patient in prose, JSON and the assessment Observation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from tests.cli.running import PATIENTS, moment, titrate
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.app.report.json_report import plan_json
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.narrative.clinician_sections import explain
from titrate.fhir.site import Site
from titrate.json_codec import loads
from titrate.rulebook import load_with_lookup

RULES = PlanningRules(*load_with_lookup(), Site())


@cache
def pipeline_result(name: str) -> PipelineResult:
    """The result of the pipeline for a synthetic patient."""
    resources, refusals = resources_of(loads((PATIENTS / name / "bundle.json").read_bytes()))
    return plan_patient(FetchResult(resources, refusals), RULES, datetime.fromisoformat(moment(name)))


def words(name: str) -> str:
    """The prose of a patient's plan."""
    proposal = pipeline_result(name).proposal
    assert proposal is not None
    return explain(proposal)


def components(name: str) -> Mapping[str, Any]:
    """The components of the assessment Observation by local code."""
    written = [entry["resource"] for entry in pipeline_result(name).bundle["entry"]]
    (found,) = [
        one
        for one in written
        if one["resourceType"] == "Observation" and one["code"]["coding"][0]["code"] == "exercise-tolerance-assessment"
    ]
    return {part["code"]["coding"][0]["code"]: part for part in found["component"]}


def test_zone_and_timeline_are_components_of_the_assessment() -> None:
    """Structured data in addition to the prose."""
    found = components("e1-baseline-set")
    zone = found["heart-rate-zone"]["valueRange"]
    assert (zone["low"]["value"], zone["high"]["value"]) == (101, 109)
    assert found["walking.outlook.earliest-week"]["valueInteger"] == 42
    assert found["walking.outlook.realistic"]["valueBoolean"] is False


def test_a_suppressed_zone_has_a_reason_and_no_number() -> None:
    """H10: no output shows a zone for a patient who takes a beta-blocker."""
    assert components("beta-blocker")["heart-rate-zone"] == {
        "code": components("beta-blocker")["heart-rate-zone"]["code"],
        "valueString": "not shown: a beta-blocker is taken",
    }
    heart = plan_json(pipeline_result("beta-blocker"), RULES.rulebook)["heartRate"]
    assert (heart["low"], heart["high"]) == (None, None)


def test_function_is_shown_before_pain() -> None:
    """In the table of changes and in the sentence."""
    shown = words("function-before-pain")
    assert shown.index("Function: 2 improved, 1 possible, 1 worse") < shown.index("pain: 1 no change")
    assert shown.index("Patient-Specific Functional Scale") < shown.index("Morning pain, 0-10")


def test_the_patients_own_words_are_for_the_clinician_only_in_the_plan() -> None:
    """The comment is in the prose and, with its source, in the JSON, but in no identifier or code."""
    comments = plan_json(pipeline_result("function-before-pain"), RULES.rulebook)["profile"]["cues"]["comments"]
    assert comments[0]["text"].startswith("Carried my own shopping")
    assert comments[0]["source"].startswith("Observation/")
    assert "Carried my own shopping" in words("function-before-pain")


@pytest.mark.parametrize("title", ["Timeline", "Example week", "On a less good day"])
def test_with_a_red_flag_there_is_no_outlook_and_no_week(title: str) -> None:
    """Nothing suggests exercise while a flag is open."""
    assert title in words("e1-baseline-set")
    assert title not in words("red-flag")


def test_a_patient_who_is_not_eligible_has_no_overview() -> None:
    """The keys are present and empty."""
    found = plan_json(pipeline_result("under-18"), RULES.rulebook)
    assert (found["outlook"], found["outcomes"], found["effects"]) == ([], [], [])
    assert (found["heartRate"], found["profile"], found["week"]) == (None, None, None)


def test_a_site_chooses_its_programme() -> None:
    """A patient without a plan and trials gets the exercises of the programme for persistent knee pain."""
    arguments = (
        "plan",
        "--bundle",
        str(PATIENTS / "nothing-known-yet" / "bundle.json"),
        "--at",
        "2025-01-13T09:00:00Z",
        "--json",
    )
    knee = [d["exercise"] for d in titrate(*arguments, programme="knee-pain").json["decision"]["doses"]]
    assert sorted(knee) == ["hip-abduction", "sit-to-stand", "step-up", "walking"]
    general = [d["exercise"] for d in titrate(*arguments).json["decision"]["doses"]]
    assert sorted(general) == ["sit-to-stand", "walking"]


def test_an_unknown_programme_is_a_usage_error() -> None:
    """The message names the available programmes."""
    done = titrate("plan", "--bundle", str(PATIENTS / "under-18" / "bundle.json"), programme="ankle")
    assert done.code == 2
    assert "general, knee-pain" in done.err


def test_the_knee_programme_has_all_parts() -> None:
    """Education with questions, pacing by chunks, priorities and recovery, exposure ladders with their next step."""
    knee = RULES.rulebook.programmes["knee-pain"]
    assert sum("Ask back:" in line for line in knee.education) >= 4
    for start in (
        "Pacing, chunks",
        "Pacing, priorities",
        "Pacing, recovery",
        "Exposure, stairs",
        "Exposure, next step",
    ):
        assert any(line.startswith(start) for line in knee.adjuncts), start
    assert any("locks" in line and "same day" in line for line in knee.stop)
