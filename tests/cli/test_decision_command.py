"""`titrate approve`, `reject` and `phase` against the sandbox: output, exit code, and the state of the EHR."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.running import Done, titrate
from tests.plan_lifecycle.ehr_server import PHYSIOTHERAPIST, EhrServer
from tests.plan_lifecycle.patients import enrolled_patient

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
LATER = "2025-01-13T10:00:00+00:00"


@pytest.fixture
def case(sandbox_ehr: EhrServer, tmp_path: Path) -> tuple[EhrServer, str, str, Path]:
    """EHR server, patient, draft, and a new ledger."""
    who = enrolled_patient(sandbox_ehr)
    sandbox_ehr.run(who, AT)
    return sandbox_ehr, who, sandbox_ehr.draft(who), tmp_path / "ledger.sqlite"


def decide(case: tuple[EhrServer, str, str, Path], command: str, *words: str, who: str = PHYSIOTHERAPIST) -> Done:
    """Run the command on the draft as the clinician."""
    ehr_server, _, draft, ledger = case
    return titrate(command, draft, *words, "--as", who, "--at", LATER, fhir_url=ehr_server.base_url, ledger=str(ledger))


def test_approve_shows_what_changes(case: tuple[EhrServer, str, str, Path]) -> None:
    """The plan is active, and the changes since the previous plan are printed."""
    ehr_server, who, draft, ledger = case
    done = decide(case, "approve")
    assert (done.code, done.out) == (0, f"CarePlan/{draft}: done\n  Walking: from 15 min to 16 min\n")
    assert ehr_server.active(who)["id"] == draft
    assert ledger.exists()


def test_a_higher_dose_needs_a_reason(case: tuple[EhrServer, str, str, Path]) -> None:
    """The exit code is 1, and the message asks for a reason."""
    done = decide(case, "approve", "--dose", "walking=17")
    assert done.code == 1
    assert "more than the drafted dose (give a reason" in done.out
    assert decide(case, "approve", "--dose", "walking=17", "--reason", "she can").code == 0


def test_reject_and_its_json(case: tuple[EhrServer, str, str, Path]) -> None:
    """The result is one object; a second rejection changes nothing."""
    found = decide(case, "reject", "--reason", "not yet", "--json").json
    assert (found["ending"], found["patient"]) == ("done", f"Patient/{case[1]}")
    assert found["receipt"]["outcome"] == "written"
    assert decide(case, "reject", "--reason", "not yet").out.startswith(f"CarePlan/{case[2]}: nothing to do")


def test_phase_needs_an_active_plan(case: tuple[EhrServer, str, str, Path]) -> None:
    """A draft is refused; an active plan can be discharged."""
    assert decide(case, "phase", "maintenance", "--reason", "goal met").code == 1
    decide(case, "approve")
    assert decide(case, "phase", "discharged", "--reason", "goes on alone").code == 0
    assert case[0].orders(case[1]) == {}


@pytest.mark.parametrize(
    ("words", "who", "code", "expected"),
    [
        (("approve",), "Patient/1", 2, "Practitioner/ID"),
        (("approve",), "Practitioner/unknown", 1, "not-found"),
        (("approve", "--dose", "walking"), PHYSIOTHERAPIST, 2, "EXERCISE=AMOUNT"),
        (("approve", "--dose", "walking=far"), PHYSIOTHERAPIST, 2, "walking: give the amount"),
        (("approve", "--dose", "rowing=5"), PHYSIOTHERAPIST, 2, "no order for this exercise"),
        (("reject", "--reason", " "), PHYSIOTHERAPIST, 2, "say why"),
        (("phase", "maintenance", "--reason", " "), PHYSIOTHERAPIST, 2, "say why"),
    ],
)
def test_a_usage_error_is_reported(
    case: tuple[EhrServer, str, str, Path], words: tuple[str, ...], who: str, code: int, expected: str
) -> None:
    """The draft is unchanged."""
    done = decide(case, *words, who=who)
    assert (done.code, expected in done.err) == (code, True), done
    assert case[0].draft(case[1]) == case[2]


def test_a_missing_address_is_a_settings_error(case: tuple[EhrServer, str, str, Path]) -> None:
    """The message names the setting."""
    done = titrate("approve", case[2], "--as", PHYSIOTHERAPIST)
    assert (done.code, "TITRATE_FHIR_URL" in done.err) == (2, True)
