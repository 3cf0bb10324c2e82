"""What follows from reports that are not there: nothing, where not all reports of the patient were retrieved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.app.test_completeness import FLAGGED, PATIENTS, RISES, decided, from_ehr, held_for, rules, stored, withheld
from tests.ehr.odd_server import Reply, outcome
from titrate.app.draft_lifecycle import Transition
from titrate.app.fetch_result import FetchResult, file_result
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.clinical.picture.data_sufficiency import last_log
from titrate.clinical.values.completeness import DECIDING_TYPES, REPORT_TYPES, Completeness, Incomplete, Retrieval
from titrate.clinical.values.dose_math import is_within
from titrate.fhir.transaction_entries import simulate
from titrate.messages.completeness import FewerThanTotal

GAP = "gap-of-16-days"
NAMES = tuple(sorted(folder.name for folder in PATIENTS.iterdir() if (folder / "bundle.json").is_file()))
REFUSED = {"403": outcome(403, "required"), "400": outcome(400, "invalid"), "timeout": outcome(504, "timeout")}


def keeps_doses(result: PipelineResult) -> bool:
    """Whether every exercise keeps the dose in force."""
    return all(one.next == one.current for one in result.evaluation.decision.doses)


@pytest.mark.parametrize("retrieval", [Retrieval.PARTIAL, Retrieval.WITHHELD])
@pytest.mark.parametrize("kind", REPORT_TYPES)
def test_a_gap_is_none_while_sessions_can_be_missing(kind: str, retrieval: Retrieval) -> None:
    """D5 with the dose in force; the reason names the type, and no draft is written."""
    result = decided(GAP, Completeness({kind: Incomplete(retrieval, FewerThanTotal())}))
    assert kind in held_for(result)
    assert keeps_doses(result)
    assert f"does not have all of {kind}" in str(result.evaluation.decision.reasons[1])
    assert result.transition is Transition.RECORD_DECISION
    assert "D4" not in result.evaluation.decision.matched


@pytest.mark.parametrize("kind", [kind for kind in DECIDING_TYPES if kind not in REPORT_TYPES])
def test_a_gap_lowers_without_the_types_that_hold_no_session(kind: str) -> None:
    """What the patient did is complete."""
    assert decided(GAP, withheld([kind])).evaluation.decision.rule == "D4"


@pytest.mark.parametrize("what", REFUSED)
def test_an_ehr_that_refuses_observations_for_a_night_lowers_no_dose(what: str) -> None:
    """The patient walked three days ago, and the record cannot show it."""
    result = from_ehr(RISES, {"Observation": REFUSED[what]})
    assert "Observation" in held_for(result)
    assert keeps_doses(result)


@pytest.mark.parametrize(("days", "expired"), [(13, False), (14, True), (15, True), (60, True)])
def test_a_plan_does_not_expire_while_logs_can_be_missing(days: int, expired: bool) -> None:
    """Below, at and above the limit of days without a log or an answered screen; on the whole record it does."""
    picture = decided(RISES, Completeness()).evaluation.picture
    log, screen = last_log(picture), picture.safety.screen.last_answered
    assert log is not None
    assert screen is not None
    newest = timedelta(days=days) - (stored(RISES)[1].date() - min(log, screen))
    whole = decided(RISES, Completeness(), newest)
    assert ("PLAN_EXPIRED" in whole.evaluation.decision.notes) is expired
    for kind in REPORT_TYPES:
        result = decided(RISES, withheld([kind]), newest)
        assert "PLAN_EXPIRED" not in result.evaluation.decision.notes
        assert all(one.next is not None for one in result.evaluation.decision.doses if one.current is not None)
        assert kind in held_for(result)


def test_too_few_reports_are_no_reason_while_some_can_be_missing() -> None:
    """D5 names the type; D7 would name what may be there."""
    whole, part_only = decided("few-sessions", Completeness()), decided("few-sessions", withheld(REPORT_TYPES))
    assert whole.evaluation.decision.rule == "D7"
    assert part_only.evaluation.decision.matched == ("D5",)


def test_a_red_flag_in_what_came_still_stops() -> None:
    """And so does what lowers a dose by what is there."""
    assert decided(FLAGGED, withheld(REPORT_TYPES)).evaluation.decision.rule == "D1"


@pytest.mark.parametrize("kinds", [["Observation"], [*REPORT_TYPES]])
@pytest.mark.parametrize("name", NAMES)
def test_withheld_reports_never_give_more_than_the_dose_in_force(name: str, kinds: list[str]) -> None:
    """Whether the types are marked while their resources came, or did not come at all (B13.17)."""
    odd: dict[str, Reply] = dict.fromkeys(kinds, outcome(403, "forbidden"))
    for result in (decided(name, withheld(kinds)), from_ehr(name, dict(odd))):
        for one in result.evaluation.decision.doses:
            assert one.next is None or (one.current is not None and is_within(one.next, one.current))


@pytest.mark.parametrize("name", [GAP, RISES, "return-to-load-first-day", "e5-flare", "e4b-lighter-week"])
def test_a_decision_on_a_part_leaves_no_trace_in_the_next_one(name: str) -> None:
    """What is recorded while Observations are withheld changes nothing once they are back."""
    odd = from_ehr(name, {"Observation": outcome(403, "forbidden")})
    whole = file_result(stored(name)[0])
    after = simulate(whole.resources, odd.bundle.get("entry", ()))
    again = plan_patient(FetchResult(after), rules(), stored(name)[1] + timedelta(hours=1))
    first = plan_patient(whole, rules(), stored(name)[1] + timedelta(hours=1))
    assert again.evaluation.decision == first.evaluation.decision
