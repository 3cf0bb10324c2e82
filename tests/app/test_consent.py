"""A patient who opts out in the EHR: no decision and no resource, on real servers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.values import concept
from tests.plan_lifecycle.ehr_server import EhrServer
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.decisions.carry_out_decision import DecisionStatus
from titrate.app.draft_lifecycle import Transition
from titrate.clinical.values.decision import Outcome

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
LATER = AT + timedelta(hours=1)


def consent(who: str, status: str, provision: str, category: str = "programme-consent") -> dict[str, Any]:
    """A Consent of the patient."""
    return {
        "resourceType": "Consent",
        "id": f"consent-{who}",
        "status": status,
        "scope": concept("treatment", "http://terminology.hl7.org/CodeSystem/consentscope"),
        "category": [concept(category)],
        "patient": {"reference": f"Patient/{who}"},
        "dateTime": AT.date().isoformat(),
        "policyRule": {"text": "Taking part in the graded exercise programme"},
        "provision": {"type": provision},
    }


@pytest.mark.parametrize(("status", "provision"), [("active", "deny"), ("inactive", "permit"), ("rejected", "permit")])
def test_a_refusal_in_the_ehr_ends_planning(ehr_server: EhrServer, status: str, provision: str) -> None:
    """D0 with its reason and no resource, whatever the reports."""
    who = enrolled_patient(ehr_server)
    ehr_server.put([consent(who, status, provision)])
    before = ehr_server.everything(who)
    done = ehr_server.run(who, AT)
    assert done.result.evaluation.decision.outcome is Outcome.NOT_ELIGIBLE
    assert "opted out" in str(done.result.evaluation.decision.reasons[0])
    assert (done.result.transition, done.result.bundle.get("entry", []), done.receipt) == (Transition.NOTHING, [], None)
    assert ehr_server.everything(who) == before


@pytest.mark.parametrize(("status", "provision", "category"), [
    ("active", "permit", "programme-consent"), ("active", "deny", "something-else"),
    ("entered-in-error", "deny", "programme-consent"),
])  # fmt: skip
def test_consent_and_other_consents_change_nothing(
    ehr_server: EhrServer, status: str, provision: str, category: str
) -> None:
    """Only a Consent to this programme counts, unless it was entered in error."""
    who = enrolled_patient(ehr_server)
    ehr_server.put([consent(who, status, provision, category)])
    assert ehr_server.preview(who, AT).evaluation.decision.outcome is Outcome.PROGRESS


def test_no_draft_is_approved_after_a_refusal(ehr_server: EhrServer) -> None:
    """The draft stays visible, the error gives the reason, and a run writes nothing."""
    who = enrolled_patient(ehr_server)
    ehr_server.run(who, AT)
    draft = ehr_server.draft(who)
    ehr_server.put([consent(who, "active", "deny")])
    result = ehr_server.approve(draft, LATER)
    assert result.ending is DecisionStatus.REFUSED
    assert any("opted out" in one for one in result.why)
    assert ehr_server.run(who, LATER).receipt is None
    assert ehr_server.draft(who) == draft
