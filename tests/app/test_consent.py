"""A patient who opts out in the EHR: no decision and no resource, on real servers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.values import concept
from tests.plan_lifecycle.hospital import Hospital
from tests.plan_lifecycle.people import admitted
from titrate.app.decisions.decide_on_plan import DecisionStatus
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
def test_a_refusal_in_the_ehr_ends_planning(hospital: Hospital, status: str, provision: str) -> None:
    """D0 with its reason and no resource, whatever the reports."""
    who = admitted(hospital)
    hospital.put([consent(who, status, provision)])
    before = hospital.everything(who)
    done = hospital.run(who, AT)
    assert done.result.evaluation.decision.outcome is Outcome.NOT_ELIGIBLE
    assert "opted out" in str(done.result.evaluation.decision.reasons[0])
    assert (done.result.transition, done.result.bundle.get("entry", []), done.receipt) == (Transition.NOTHING, [], None)
    assert hospital.everything(who) == before


@pytest.mark.parametrize(("status", "provision", "category"), [
    ("active", "permit", "programme-consent"), ("active", "deny", "something-else"),
    ("entered-in-error", "deny", "programme-consent"),
])  # fmt: skip
def test_consent_and_other_consents_change_nothing(
    hospital: Hospital, status: str, provision: str, category: str
) -> None:
    """Only a Consent to this programme counts, unless it was entered in error."""
    who = admitted(hospital)
    hospital.put([consent(who, status, provision, category)])
    assert hospital.preview(who, AT).evaluation.decision.outcome is Outcome.PROGRESS


def test_no_draft_is_approved_after_a_refusal(hospital: Hospital) -> None:
    """The draft stays visible, the error gives the reason, and a run writes nothing."""
    who = admitted(hospital)
    hospital.run(who, AT)
    draft = hospital.draft(who)
    hospital.put([consent(who, "active", "deny")])
    result = hospital.approve(draft, LATER)
    assert result.ending is DecisionStatus.REFUSED
    assert any("opted out" in one for one in result.why)
    assert hospital.run(who, LATER).receipt is None
    assert hospital.draft(who) == draft
