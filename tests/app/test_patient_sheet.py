"""From draft to approval to sheet on real servers: the patient sees no draft before its approval."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.fixtures.values import observation
from tests.fixtures.who import Who
from tests.plan_lifecycle.ehr_server import EhrServer, rules
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.errors import NoPatientSheet
from titrate.app.report.patient_sheet import patient_sheet
from titrate.fhir.narrative.section import plain_text

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
DAY = timedelta(days=1)


def sheet(ehr_server: EhrServer, patient: str, at: datetime) -> str:
    """The patient's sheet as text."""
    return plain_text(patient_sheet(ehr_server.preview(patient, at), rules()))


def test_a_draft_changes_the_sheet_only_once_it_is_approved(ehr_server: EhrServer) -> None:
    """15 minutes before and while the draft of 16 waits, 16 from the approval on."""
    patient = enrolled_patient(ehr_server)
    assert "15 minutes" in sheet(ehr_server, patient, AT)
    ehr_server.run(patient, AT)
    waiting = sheet(ehr_server, patient, AT)
    assert "15 minutes" in waiting
    assert "16 minutes" not in waiting
    ehr_server.approve(ehr_server.draft(patient), AT + DAY)
    approved = sheet(ehr_server, patient, AT + DAY)
    assert "16 minutes" in approved
    assert "Use it from 14 January 2025." in approved


def test_a_flare_after_the_approval_withholds_the_sheet(ehr_server: EhrServer) -> None:
    """A reported flare: no sheet until a clinician has approved its lower dose."""
    patient = enrolled_patient(ehr_server)
    assert sheet(ehr_server, patient, AT)
    flare = observation(
        Who(patient, "Europe/London", "1960-05-01", "male"), "flare-self-report", "2025-01-13 07:00", valueBoolean=True
    )
    ehr_server.put([flare])
    with pytest.raises(NoPatientSheet, match="lower dose"):
        sheet(ehr_server, patient, AT)
    ehr_server.run(patient, AT)
    with pytest.raises(NoPatientSheet, match="lower dose"):
        sheet(ehr_server, patient, AT)
    ehr_server.approve(ehr_server.draft(patient), AT + timedelta(hours=1))
    decided = sheet(ehr_server, patient, AT + timedelta(hours=2))
    assert "How it may feel in a flare" in decided
    assert "15 minutes" not in decided
