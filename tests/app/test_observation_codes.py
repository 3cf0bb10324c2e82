"""Which Observations are searched however old they are, and which need a signer, follows from the mappings."""

from __future__ import annotations

from tests.contract.people import rules
from titrate.app.fetch_and_deliver import observation_codes

LOCAL = "https://titrate.example/fhir/CodeSystem/titrate"


def test_lasting_reports_are_searched_without_a_date() -> None:
    """Flags, limits, clearances, decisions, lasting measures and the items of a lasting total."""
    lasting = observation_codes(rules()).lasting
    local = {
        "rf01",
        "dose-limit",
        "flag-clearance",
        "exercise-progression-decision",
        "pain-ceiling",
        "ladder-step-walk",
    }
    assert {f"{LOCAL}|{code}" for code in local} <= set(lasting)
    assert {"http://loinc.org|44261-6", "http://loinc.org|44260-8", "http://loinc.org|29463-7"} <= set(lasting)
    assert "http://loinc.org|72514-3" not in lasting


def test_other_measures_and_panels_are_known() -> None:
    """What a search by code needs: measures, panels with mapped components, and reports of the service."""
    codes = observation_codes(rules())
    assert {"http://loinc.org|72514-3", "http://loinc.org|85354-9", f"{LOCAL}|exercise-session"} <= set(codes.known)
    assert set(codes.known).isdisjoint(codes.lasting)


def test_measures_of_clinicians_need_a_signer() -> None:
    """Limits, clearances and every measure that only a clinician can report."""
    signed = observation_codes(rules()).signed
    assert {"dose-limit", "flag-clearance", "pain-ceiling", "usual-pain", "cautious-profile"} <= set(signed)
    assert "72514-3" not in signed
