"""From draft to approval to sheet, on real servers: nothing of a draft reaches the patient before it was signed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.fixtures.values import observation
from tests.fixtures.who import Who
from tests.living.hospital import Hospital, rules
from tests.living.people import admitted
from titrate.app.report.patient_sheet import NoPatientSheet, patient_sheet
from titrate.fhir.narrative.plain_text import plain_text

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
DAY = timedelta(days=1)


def sheet(hospital: Hospital, who: str, at: datetime) -> str:
    """The patient's sheet as text."""
    return plain_text(patient_sheet(hospital.look(who, at), rules()))


def test_a_draft_changes_the_sheet_only_once_it_is_approved(hospital: Hospital) -> None:
    """15 minutes before, 15 while the draft of 16 waits, 16 from the approval on."""
    who = admitted(hospital)
    assert "15 minutes" in sheet(hospital, who, AT)
    hospital.run(who, AT)
    waiting = sheet(hospital, who, AT)
    assert "15 minutes" in waiting
    assert "16 minutes" not in waiting
    hospital.approve(hospital.draft(who), AT + DAY)
    approved = sheet(hospital, who, AT + DAY)
    assert "16 minutes" in approved
    assert "It holds from 14 January 2025." in approved


def test_what_happens_after_the_approval_takes_the_sheet_back(hospital: Hospital) -> None:
    """A flare by the patient's own word: no sheet before its lower dose was decided on."""
    who = admitted(hospital)
    assert sheet(hospital, who, AT)
    told = observation(
        Who(who, "Europe/London", "1960-05-01", "male"), "flare-self-report", "2025-01-13 07:00", valueBoolean=True
    )
    hospital.put([told])
    with pytest.raises(NoPatientSheet, match="lower dose"):
        sheet(hospital, who, AT)
    hospital.run(who, AT)
    with pytest.raises(NoPatientSheet, match="lower dose"):
        sheet(hospital, who, AT)
    hospital.approve(hospital.draft(who), AT + timedelta(hours=1))
    decided = sheet(hospital, who, AT + timedelta(hours=2))
    assert "How it may feel in a flare" in decided
    assert "15 minutes" not in decided
