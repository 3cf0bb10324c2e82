"""H16, H07: explanations contain only numbers of the decision, and a draft is marked as one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fixtures.test_golden import NAMES, PATIENTS, expected, planned
from titrate.fhir.narrative.clinician_sections import clinician_sections, explain
from titrate.fhir.plan_proposal import PlanProposal

NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Names of rules and dates of records, which are not results.
RULE = re.compile(r"\d{4}-\d\d-\d\d|\b(?:D\d+|G\d+|B\d+(?:\.\d+)?|RF\d+|F\d)\b")


def reported(folder: Path) -> tuple[PlanProposal | None, dict[str, object]]:
    """The explanation of a synthetic patient's plan, and its Bundle."""
    done = planned(folder)
    return done.proposal, dict(done.bundle)


@pytest.mark.parametrize("folder", PATIENTS, ids=NAMES)
def test_every_number_of_the_reasons_is_in_the_trace(folder: Path) -> None:
    """For every synthetic patient's plan."""
    proposal, _ = reported(folder)
    if proposal is None:
        assert expected(folder)["decision"]["rule"] == "D0"
        return
    (why,) = [section for section in clinician_sections(proposal) if str(section.title) == "Why"]
    stated = {n for line in (*why.sentences, *why.items) for n in NUMBER.findall(RULE.sub("", str(line)))}
    parts = [part for e in proposal.decision.trace for part in (str(e.text), e.value, e.limit) if part]
    assert stated - {n for part in parts for n in NUMBER.findall(part)} == set()


@pytest.mark.parametrize("folder", PATIENTS, ids=NAMES)
def test_every_plan_is_written_and_marked_as_a_draft(folder: Path) -> None:
    """No plan or order of the service is active, and the prose begins with the word."""
    proposal, bundle = reported(folder)
    entries = bundle.get("entry", [])
    assert isinstance(entries, list)
    generated = [e["resource"] for e in entries if e["resource"]["resourceType"] in ("CarePlan", "ServiceRequest")]
    assert {r["status"] for r in generated if r.get("status") != "revoked"} <= {"draft"}
    if proposal is not None:
        assert explain(proposal).startswith("DRAFT")
