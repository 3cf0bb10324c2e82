"""A record that may be incomplete: what the EHR and a file say about it, and what follows for the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.ehr.ehr_client import client
from tests.ehr.odd_server import ReceivedRequest, Reply, Script, outcome, page, resource, serving
from titrate.app.decisions.approval import Approval, approval_outcome
from titrate.app.decisions.carry_out_decision import DecisionStatus, plan_case
from titrate.app.draft_lifecycle import Transition
from titrate.app.fetch_and_deliver import preview
from titrate.app.fetch_result import FetchResult, file_result
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.app.report.json_report import plan_json
from titrate.app.report.worklist import WorkKind, work_items
from titrate.clinical.values.completeness import DECIDING_TYPES, Completeness, Incomplete, Retrieval, UnusedTypes
from titrate.ehr.errors import RecordsOfOthers
from titrate.fhir.errors import OtherPatients
from titrate.fhir.narrative.clinician_sections import clinician_sections
from titrate.fhir.site import Site
from titrate.fhir.transaction_entries import simulate
from titrate.json_codec import loads
from titrate.messages.completeness import PageMissing
from titrate.rulebook import load_with_lookup

PATIENTS = Path(__file__).resolve().parents[2] / "fixtures" / "patients"
SEARCHED = tuple(kind for kind in DECIDING_TYPES if kind != "Medication")
OTHER_TYPES = ("Goal", "AllergyIntolerance", "Task", "Communication")
RISES, FLARES, FLAGGED = "e2-progress", "e5-flare", "red-flag"
# A dose is in force, and what lowers it is in the record.
LOWERED = [(FLARES, "D2"), ("e4-reactive-deload", "D3")]
SITE = UnusedTypes(("Flag", "Consent"), "Dr A. Example, 2026-01-02")


@cache
def rules(unused: UnusedTypes | None = None) -> PlanningRules:
    """The rules that come with the service, at a site that does not use some types."""
    return PlanningRules(*load_with_lookup(), Site(), unused=unused or UnusedTypes())


@cache
def stored(name: str) -> tuple[Mapping[str, Any], datetime]:
    """The Bundle of a synthetic patient, and the time of the decision."""
    folder = PATIENTS / name
    at = datetime.fromisoformat(loads((folder / "expected.json").read_bytes())["at"])
    return loads((folder / "bundle.json").read_bytes()), at


def bundle_of(name: str, kind: str = "collection") -> dict[str, Any]:
    """A copy of the patient's Bundle with another type."""
    return {**deepcopy(dict(stored(name)[0])), "type": kind}


def from_file(bundle: Mapping[str, Any], name: str = RISES, unused: UnusedTypes | None = None) -> PipelineResult:
    """The decision on a Bundle at the time of a synthetic patient."""
    return plan_patient(file_result(bundle), rules(unused), stored(name)[1])


def ehr_of(name: str, odd: Mapping[str, Reply | Callable[[Reply], Reply]]) -> Script:
    """An EHR that holds a synthetic patient and answers for some types otherwise."""
    resources = [entry["resource"] for entry in stored(name)[0]["entry"]]

    def script(request: ReceivedRequest) -> Reply:
        kind = request.path.split("/")[2].partition("?")[0]
        found = [one for one in resources if one["resourceType"] == kind]
        usual = resource(found[0]) if kind == "Patient" else page(*found)
        given = odd.get(kind, usual)
        return given(usual) if callable(given) else given

    return script


def from_ehr(name: str, odd: Mapping[str, Reply | Callable[[Reply], Reply]]) -> PipelineResult:
    """The decision on what an EHR answers."""
    with serving(ehr_of(name, odd)) as server:
        return preview(client(server.base_url, tries=1), name, rules(), stored(name)[1])[0]


def rises(result: PipelineResult) -> list[str]:
    """The exercises whose dose rises."""
    changes = result.evaluation.decision.doses
    return [
        one.exercise
        for one in changes
        if one.next is not None and (one.current is None or one.next.amount > one.current.amount)
    ]


def held_for(result: PipelineResult) -> str:
    """The first reason of a decision by rule D5 that raises no dose."""
    decision = result.evaluation.decision
    assert (decision.rule, rises(result)) == ("D5", [])
    return str(decision.reasons[0])


def withheld(kinds: Iterable[str]) -> Completeness:
    """These types are withheld."""
    return Completeness({kind: Incomplete(Retrieval.WITHHELD, PageMissing()) for kind in kinds})


def decided(name: str, completeness: Completeness, later: timedelta = timedelta(0)) -> PipelineResult:
    """The decision on all resources of a patient, as if some types were not complete."""
    fetched = file_result(stored(name)[0])
    return plan_patient(
        FetchResult(fetched.resources, fetched.refusals, completeness), rules(), stored(name)[1] + later
    )


# --- What follows from it ---------------------------------------------------------------------------------------------


def test_a_complete_record_decides_as_before() -> None:
    """From a file and from the EHR."""
    assert rises(from_file(bundle_of(RISES))) == rises(from_ehr(RISES, {})) == ["walking"]


@pytest.mark.parametrize("kind", DECIDING_TYPES)
def test_no_dose_rises_without_a_type_that_can_hold_a_flag_or_a_reason_to_lower(kind: str) -> None:
    """D5, and the reason, the trace, the worklist, the JSON and the draft name the type."""
    result = decided(RISES, withheld([kind]))
    assert kind in held_for(result)
    decision = result.evaluation.decision
    assert any(kind in str(entry.text) and entry.rule == "D5" and entry.held for entry in decision.trace)
    assert WorkKind.INCOMPLETE in [item.work for item in work_items(result, None)]
    described = plan_json(result, rules().rulebook)["completeness"]
    assert [(one["type"], one["retrieval"]) for one in described["incomplete"]] == [(kind, "withheld")]
    assert kind in page_text(result)


@pytest.mark.parametrize("kind", OTHER_TYPES)
def test_a_type_that_cannot_hold_a_flag_holds_nothing(kind: str) -> None:
    """It is shown, and the dose rises."""
    result = decided(RISES, withheld([kind]))
    assert rises(result) == ["walking"]
    assert WorkKind.INCOMPLETE not in [item.work for item in work_items(result, None)]
    assert [one["type"] for one in plan_json(result, rules().rulebook)["completeness"]["incomplete"]] == [kind]


@pytest.mark.parametrize(("name", "rule"), LOWERED)
def test_a_rule_that_lowers_still_lowers(name: str, rule: str) -> None:
    """Its draft says what is missing, and D5 is among the rules that match."""
    whole, part_only = decided(name, Completeness()), decided(name, withheld(DECIDING_TYPES))
    assert part_only.evaluation.decision.rule == rule
    assert part_only.evaluation.decision.doses == whole.evaluation.decision.doses
    assert part_only.transition == whole.transition
    assert "Condition" in page_text(part_only)


def test_a_red_flag_still_stops() -> None:
    """And its alert is written, also where the plan in force is unknown."""
    result = from_ehr(FLAGGED, {"CarePlan": outcome(403, "forbidden"), "ServiceRequest": outcome(403, "forbidden")})
    assert result.evaluation.decision.rule == "D1"
    assert {entry["resource"]["resourceType"] for entry in result.bundle["entry"]} >= {"Flag"}
    assert "CarePlan" not in {entry["resource"]["resourceType"] for entry in result.bundle["entry"]}


def test_no_draft_is_written_where_the_plan_in_force_is_unknown() -> None:
    """A first plan beside one that the EHR withholds would be a second one."""
    result = from_ehr(RISES, {"CarePlan": outcome(403, "forbidden")})
    assert result.transition is Transition.LEAVE_UNKNOWN
    assert "entry" not in result.bundle or not result.bundle["entry"]
    assert "CarePlan" in held_for(result)


def test_a_rise_on_an_incomplete_record_is_approved_with_a_reason_only() -> None:
    """A clinician decides, knowing what was not there."""
    first = from_file(bundle_of(RISES))
    drafted = simulate(file_result(stored(RISES)[0]).resources, first.bundle["entry"])
    (draft,) = (one for one in drafted if one["resourceType"] == "CarePlan" and one["status"] == "draft")
    at = stored(RISES)[1] + timedelta(hours=1)
    for completeness, reason, ending in (
        (Completeness(), "", DecisionStatus.DONE),
        (withheld(["Condition"]), "", DecisionStatus.REFUSED),
        (withheld(["Condition"]), "seen in the other system", DecisionStatus.DONE),
    ):
        case = plan_case(FetchResult(drafted, completeness=completeness), f"CarePlan/{draft['id']}", rules(), at)
        decided_on = approval_outcome(case, Approval(str(draft["id"]), "Practitioner/p", {}, reason), rules(), at)
        assert decided_on.ending is ending
        assert any("Condition" in str(why) for why in decided_on.why) is ("Condition" in completeness.incomplete)


def page_text(result: PipelineResult) -> str:
    """All that a clinician reads in the draft."""
    assert result.proposal is not None
    sections = clinician_sections(result.proposal)
    return " ".join(str(text) for one in sections for text in (*one.sentences, *one.items))


# --- What the EHR says ------------------------------------------------------------------------------------------------

REFUSALS = {
    "forbidden": outcome(403, "forbidden"),
    "forbidden without a body": Reply(status=403),
    "outcome as body": outcome(200, "exception"),
    "time-out": outcome(504, "timeout"),
    "throttled": outcome(429, "throttled"),
    "not found": outcome(404, "not-found"),
}


def cut_short(**more: Any) -> Callable[[Reply], Reply]:
    """The usual answer with other elements of the Bundle."""
    return lambda usual: resource({**loads(usual.body), **more})


def with_remark(severity: str, code: str) -> Callable[[Reply], Reply]:
    """The usual answer with an OperationOutcome among its entries."""
    remark = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": code}]}

    def changed(usual: Reply) -> Reply:
        bundle = loads(usual.body)
        return resource({**bundle, "entry": [*bundle["entry"], {"resource": remark, "search": {"mode": "outcome"}}]})

    return changed


CUTS: Mapping[str, Callable[[Reply], Reply]] = {
    "total": cut_short(total=4711),
    "next link that fails": cut_short(link=[{"relation": "next", "url": "/fhir/Nothing?page=2"}]),
    "next link to another server": cut_short(link=[{"relation": "next", "url": "http://other.example/2"}]),
    "error": with_remark("error", "processing"),
    "fatal": with_remark("fatal", "exception"),
    **{
        code: with_remark("warning", code)
        for code in ("incomplete", "suppressed", "timeout", "too-costly", "forbidden", "throttled")
    },
}


@pytest.mark.parametrize("what", REFUSALS)
@pytest.mark.parametrize("kind", ["Condition", "QuestionnaireResponse", "MedicationStatement", "Flag", "Consent"])
def test_a_type_that_the_ehr_refuses_holds(kind: str, what: str) -> None:
    """Withheld: there may be something."""
    result = from_ehr(RISES, {kind: REFUSALS[what]})
    assert kind in held_for(result)
    assert result.evaluation.completeness.of(kind) is Retrieval.WITHHELD


@pytest.mark.parametrize("what", CUTS)
@pytest.mark.parametrize("kind", ["Condition", "Observation"])
def test_an_answer_that_was_cut_short_holds(kind: str, what: str) -> None:
    """Partial: what came is used, and nothing rises on it."""
    odd: dict[str, Reply | Callable[[Reply], Reply]] = {kind: CUTS[what], "Nothing": outcome(404, "not-found")}
    result = from_ehr(RISES, odd)
    assert kind in held_for(result)
    assert result.evaluation.completeness.of(kind) is Retrieval.PARTIAL


@pytest.mark.parametrize("remark", [("information", "informational"), ("warning", "processing")])
def test_a_remark_that_says_nothing_about_completeness_changes_nothing(remark: tuple[str, str]) -> None:
    """Large EHRs send one with every answer."""
    assert rises(from_ehr(RISES, {"Condition": with_remark(*remark)})) == ["walking"]


# --- What a file says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["collection", "batch", "transaction"])
def test_a_saved_record_is_the_whole_ehr(kind: str) -> None:
    """Whatever its total and its links say."""
    more = {"total": 4711, "link": [{"relation": "next", "url": "https://ehr.example/fhir?page=2"}]}
    result = from_file({**bundle_of(RISES, kind), **more})
    assert rises(result) == ["walking"]
    assert result.evaluation.completeness == Completeness()


@pytest.mark.parametrize("kind", ["searchset", "history"])
def test_an_answer_without_a_remark_is_whole(kind: str) -> None:
    """Its total fits, and its last page is this one; an empty next link leads nowhere."""
    bundle = bundle_of(RISES, kind)
    more = {
        "total": len(bundle["entry"]),
        "link": [
            {"relation": "self", "url": "https://ehr.example/fhir/Patient/x/$everything"},
            {"relation": "next", "url": ""},
        ],
    }
    assert rises(from_file({**bundle, **more})) == ["walking"]


@pytest.mark.parametrize("kind", ["searchset", "history", "batch-response", "message"])
@pytest.mark.parametrize(
    "more",
    [
        {"total": 4711},
        {"total": "4711"},
        {"link": [{"relation": "next", "url": "https://ehr.example/fhir?page=2"}]},
        {"link": [{"relation": "previous", "url": "https://ehr.example/fhir?page=1"}]},
    ],
    ids=["total", "unreadable total", "saved page", "last page"],
)
def test_a_saved_page_holds(kind: str, more: dict[str, Any]) -> None:
    """The rest can be of any type."""
    result = from_file({**bundle_of(RISES, kind), **more})
    assert "Condition" in held_for(result)
    assert all(result.evaluation.completeness.of(one) is Retrieval.PARTIAL for one in DECIDING_TYPES)


@pytest.mark.parametrize("name_and_rule", LOWERED)
def test_a_saved_page_still_lowers(name_and_rule: tuple[str, str]) -> None:
    """The rule that lowers decides."""
    name, rule = name_and_rule
    assert from_file({**bundle_of(name, "searchset"), "total": 4711}, name).evaluation.decision.rule == rule


@pytest.mark.parametrize("kind", ["searchset", "batch-response", "collection", "history"])
@pytest.mark.parametrize("code", ["incomplete", "suppressed", "timeout", "too-costly", "forbidden", "throttled"])
def test_an_outcome_in_a_file_holds(kind: str, code: str) -> None:
    """As in an answer of the EHR."""
    remark = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": code}]}
    bundle = bundle_of(RISES, kind)
    bundle["entry"].append({"resource": remark})
    result = from_file(bundle)
    held_for(result)
    assert any(refusal.path.startswith("Bundle.entry[") for refusal in result.readings.refusals)


def in_batch(*answers: Mapping[str, Any]) -> dict[str, Any]:
    """The patient's record as the answer to a batch, with other answers behind it."""
    bundle = bundle_of(RISES)
    patient = [{"resource": one["resource"]} for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"]
    others = [one for one in bundle["entry"] if one["resource"]["resourceType"] != "Patient"]
    searched = {"resourceType": "Bundle", "type": "searchset", "total": len(others), "entry": others}
    return {"resourceType": "Bundle", "type": "batch-response", "entry": [*patient, {"resource": searched}, *answers]}


def searchset(**more: Any) -> dict[str, Any]:
    """An entry of a batch-response with a search that found nothing."""
    return {"resource": {"resourceType": "Bundle", "type": "searchset", **more}, "response": {"status": "200 OK"}}


def test_the_answers_in_a_batch_are_opened() -> None:
    """A searchset in a batch-response, or in parameters."""
    assert rises(from_file(in_batch(searchset(total=0)))) == ["walking"]
    inner = in_batch()["entry"][1]["resource"]
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "return", "resource": inner}]}
    wrapped = in_batch()
    wrapped["entry"][1] = {"resource": parameters}
    assert rises(from_file(wrapped)) == ["walking"]


CONDITION_SEARCH = [{"relation": "self", "url": "https://ehr.example/fhir/Condition?patient=x"}]


@pytest.mark.parametrize(
    ("answer", "retrieval"),
    [
        (searchset(total=1, link=CONDITION_SEARCH), Retrieval.PARTIAL),
        (searchset(link=[*CONDITION_SEARCH, {"relation": "next", "url": "x"}]), Retrieval.PARTIAL),
        (
            {"response": {"status": "403 Forbidden"}, "request": {"method": "GET", "url": "Condition?patient=x"}},
            Retrieval.WITHHELD,
        ),
        (
            {"response": {"status": "500"}, "request": {"method": "GET", "url": "Condition?patient=x"}},
            Retrieval.PARTIAL,
        ),
    ],
    ids=["total", "page", "403", "500"],
)
def test_an_answer_in_a_batch_that_is_not_whole_holds(answer: Mapping[str, Any], retrieval: Retrieval) -> None:
    """The reason names the type that was asked for, and no other."""
    result = from_file(in_batch(answer))
    held_for(result)
    assert {kind: one.retrieval for kind, one in result.evaluation.completeness.incomplete.items()} == {
        "Condition": retrieval
    }


@pytest.mark.parametrize("status", ["401", "403 Forbidden", "404 Not Found", "500", "504"])
def test_a_failed_request_of_a_batch_holds(status: str) -> None:
    """Where nothing says what it was for, it can be of any type."""
    held_for(from_file(in_batch({"response": {"status": status}})))


def test_bundles_that_lie_too_deep_are_named_and_hold() -> None:
    """They are not opened without bound."""
    bundle = bundle_of(RISES)
    inner: dict[str, Any] = {"resourceType": "Bundle", "type": "collection", "entry": []}
    for _ in range(7):
        inner = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": inner}]}
    bundle["entry"].append({"resource": inner})
    result = from_file(bundle)
    held_for(result)
    assert any("more than 5 levels" in str(refusal.message) for refusal in result.readings.refusals)


# --- What a site does not use -----------------------------------------------------------------------------------------


def test_a_type_that_the_site_does_not_use_counts_as_complete_and_empty() -> None:
    """It is not asked for, holds nothing, and every draft names it and who declared it."""
    odd = {"Flag": outcome(403, "forbidden"), "Consent": outcome(403, "forbidden")}
    with serving(ehr_of(RISES, odd)) as server:
        result, faults = preview(client(server.base_url), RISES, rules(SITE), stored(RISES)[1])
        searched = {request.path.split("/")[2] for request in server.requests}
    assert rises(result) == ["walking"]
    assert not searched & {"Flag", "Consent"}
    assert faults == ()
    assert "Flag, Consent (declared by Dr A. Example, 2026-01-02)" in page_text(result)
    described = plan_json(result, rules().rulebook)["completeness"]
    assert described == {"incomplete": [], "notUsed": ["Flag", "Consent"], "declaredBy": SITE.declared_by}


def test_what_a_site_does_not_use_says_nothing_about_the_other_types() -> None:
    """A saved page still holds."""
    result = from_file({**bundle_of(RISES, "searchset"), "total": 4711}, unused=SITE)
    assert "Flag" not in held_for(result)


# --- Whose record it is -----------------------------------------------------------------------------------------------


def of_another_patient(usual: Reply) -> Reply:
    """The usual answer with the records of another patient."""
    return replace(usual, body=usual.body.replace(f'"Patient/{RISES}"'.encode(), b'"Patient/other"'))


def test_a_patient_whose_records_are_another_patients_fails() -> None:
    """From the EHR and from a file; nothing is decided on what is left."""
    odd = dict.fromkeys(SEARCHED, of_another_patient)
    with pytest.raises(RecordsOfOthers, match="belong to another patient"):
        from_ehr(RISES, odd)
    bundle = bundle_of(RISES)
    for entry in bundle["entry"]:
        if "subject" in entry["resource"]:
            entry["resource"]["subject"] = {"reference": "https://other.example/fhir/Patient/e2-progress"}
    with pytest.raises(OtherPatients, match="belong to another patient"):
        from_file(bundle)


def test_one_record_of_another_patient_is_refused_and_the_others_decide() -> None:
    """A misfiled record does not cost a patient the plan."""
    bundle = bundle_of(RISES)
    stranger = {"resourceType": "Condition", "id": "misfiled", "subject": {"reference": "Patient/other"}}
    bundle["entry"].append({"resource": stranger})
    result = from_file(bundle)
    assert rises(result) == ["walking"]
    assert [one.source.reference for one in result.readings.refusals if one.reason == "wrong-patient"] == [
        "Condition/misfiled"
    ]
