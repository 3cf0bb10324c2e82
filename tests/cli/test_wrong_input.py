"""Wrong input through the real command and a real socket: a named outcome with advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import ROOT, Done, titrate
from tests.cli.wrong import (
    AT,
    FAILING,
    INCOMPLETE,
    PAIN,
    PATIENT,
    UNUSABLE,
    Failing,
    Incomplete,
    Unusable,
    ehr,
    pain,
    table,
)
from tests.ehr.odd_server import page, serving

NOWHERE = "http://127.0.0.1:9/fhir"


def plan_patient(base_url: str) -> Done:
    """`titrate plan --patient ... --json`."""
    return titrate("plan", "--patient", PATIENT, "--at", AT, "--json", fhir_url=base_url)


@pytest.mark.parametrize("case", UNUSABLE, ids=lambda case: case.what)
def test_an_unusable_record_is_refused_and_the_rest_decides(case: Unusable) -> None:
    """One refusal with reason, source and advice; the other record is read; no patient data is printed."""
    neighbour = pain(id="o2", effectiveDateTime="2025-05-31T07:00:00Z", note=None)
    with serving(ehr(Observation=page(case.held, neighbour))) as server:
        done = plan_patient(server.base_url)
    assert done.code == 0
    refusal, *others = done.json["refusals"]
    assert (refusal["reason"], refusal["source"], others) == (case.reason, "Observation/o1", [])
    assert case.advice in refusal["message"]
    assert len(refusal["message"].split()) > 4
    assert done.json["readings"] >= 1
    assert "ecret" not in str(refusal).replace(PATIENT, "") + done.err.replace("secret-id", "")


@pytest.mark.parametrize("case", INCOMPLETE, ids=lambda case: case.what)
def test_a_type_that_is_not_complete_is_named(case: Incomplete) -> None:
    """The reason is on standard error and in the JSON; no patient data is printed."""
    with serving(case.script) as server:
        done = plan_patient(server.base_url)
    assert done.code == 0
    (found,) = done.json["completeness"]["incomplete"]
    assert (found["type"], found["retrieval"]) == ("Condition", case.retrieval)
    assert done.json["decision"]["rule"] == "D5"
    assert case.advice in done.err
    assert "ecret" not in done.err + str(done.json["decision"]).replace(PATIENT, "")


@pytest.mark.parametrize("case", FAILING, ids=lambda case: case.what)
def test_a_failure_ends_the_command(case: Failing, tmp_path: Path) -> None:
    """Standard output is empty; standard error has the outcome and advice, and no patient data."""
    done = ended(case, tmp_path)
    assert (done.code, done.out) == (case.code, "")
    last = done.err.splitlines()[-1]
    assert last.startswith(f"{case.outcome}: ")
    assert case.advice in last
    assert "ecret" not in done.err


def ended(case: Failing, folder: Path) -> Done:
    """The result for a file, for a missing server, or for a scripted server."""
    if case.file is not None:
        (folder / "bundle.json").write_bytes(case.file)
        return titrate("plan", "--bundle", str(folder / "bundle.json"), "--at", AT, "--json")
    if case.script is None:
        return plan_patient(NOWHERE)
    with serving(case.script) as server:
        return plan_patient(server.base_url)


def test_the_page_for_integrators_shows_the_same_table() -> None:
    """`python -m tests.cli.wrong` prints it."""
    text = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in text


def test_a_plain_pain_score_is_read() -> None:
    """The resource of this table is not refused without a mistake in it."""
    with serving(ehr(Observation=page(PAIN))) as server:
        assert plan_patient(server.base_url).json["refusals"] == []
