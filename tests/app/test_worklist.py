"""Which patients are on the worklist after a run, and with which plan."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from tests.fhir.read.sample_resources import AT, SITE, observation, pain, patient
from tests.project.sources import ROOT
from titrate.app.draft_lifecycle import Transition
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.app.report.worklist import WorkKind, work_items
from titrate.clinical.values.completeness import Completeness, Incomplete, Retrieval
from titrate.clinical.values.plan import EditedElement, OpenDraftState, Override
from titrate.ehr.receipt import DeliveryOutcome, Receipt, WrittenEntry
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.site import Site
from titrate.json_codec import loads
from titrate.messages.completeness import PageMissing
from titrate.rulebook import load_with_lookup

RECEIPT = Receipt(
    DeliveryOutcome.WRITTEN, (WrittenEntry("CarePlan", "new", "1", 201), WrittenEntry("Task", "t", "1", 201)), 2
)
EDIT = Override("ServiceRequest/o", EditedElement.DOSE, "15 min", "12 min", "walking")


@cache
def pipeline_result(name: str) -> PipelineResult:
    """The result of the pipeline for a synthetic patient."""
    folder = ROOT / "fixtures" / "patients" / name
    at = datetime.fromisoformat(json.loads((folder / "expected.json").read_text(encoding="utf-8"))["at"])
    resources, refusals = resources_of(loads((folder / "bundle.json").read_bytes()))
    return plan_patient(FetchResult(resources, refusals), PlanningRules(*load_with_lookup(), Site()), at)


def draft(reference: str = "CarePlan/d", days: float = 1, *, touched: bool = False) -> OpenDraftState:
    """An open draft of the service, `days` days old."""
    return OpenDraftState(reference, "v", pipeline_result("e2-progress").at - timedelta(days=days), touched)


def with_drafts(move: Transition, *drafts: OpenDraftState, edits: tuple[Override, ...] = ()) -> PipelineResult:
    """A patient with a plan in force and these drafts."""
    found = pipeline_result("e2-progress")
    return replace(
        found, transition=move, plan=replace(found.plan, drafts=drafts, overrides=edits), rejected_plans=("CarePlan/r",)
    )


def rows(found: PipelineResult, receipt: Receipt | None = None) -> list[tuple[WorkKind, str | None]]:
    """Work and plan, without the patient."""
    assert {row.patient for row in work_items(found, receipt)} <= {f"Patient/{found.readings.person.id}"}
    return [(row.work, row.plan) for row in work_items(found, receipt)]


@pytest.mark.parametrize(
    ("own", "time", "shown"),
    [(True, "Z", False), (False, "Z", True), (False, "", True), (False, "+00:00", True), (False, "+01:00", False)],
)
def test_an_assumed_time_zone_is_shown(own: bool, time: str, shown: bool) -> None:
    """In the draft and on the worklist, where neither the patient nor the time names one (B13.12)."""
    zone = [{"url": "http://hl7.org/fhir/StructureDefinition/timezone", "valueCode": "Europe/London"}]
    resources = (patient(extension=zone if own else []), pain(effectiveDateTime=f"2025-01-10T07:30:00{time}"))
    found = plan_patient(FetchResult(resources), PlanningRules(*load_with_lookup(), SITE), AT)
    asks = [str(ask) for ask in found.evaluation.decision.asks]
    words = "enter the patient's time zone: times without one, or in UTC, were read as times of Europe/London"
    assert ((words in asks), (WorkKind.ZONE, None) in rows(found)) == (shown, shown)


def test_a_new_draft_waits_with_the_id_from_the_ehr() -> None:
    """In a dry run it has no id yet."""
    assert rows(with_drafts(Transition.WRITE_DRAFT), RECEIPT) == [(WorkKind.WAITING, "CarePlan/new")]
    assert rows(with_drafts(Transition.WRITE_DRAFT)) == [(WorkKind.WAITING, None)]


def test_a_draft_that_is_kept_still_waits() -> None:
    """Until a clinician approves or rejects it."""
    assert rows(with_drafts(Transition.KEEP_DRAFT, draft())) == [(WorkKind.WAITING, "CarePlan/d")]


def test_an_edited_draft_is_listed_as_edited() -> None:
    """It does not wait for the approval of the original draft."""
    touched = draft(touched=True, days=30)
    assert rows(with_drafts(Transition.LEAVE_TOUCHED, touched)) == [(WorkKind.EDITED, "CarePlan/d")]


def test_an_edited_plan_in_force_is_listed() -> None:
    """With the plan, not the order."""
    found = with_drafts(Transition.NOTHING, edits=(EDIT,))
    assert rows(found) == [(WorkKind.EDITED, found.plan.reference)]


@pytest.mark.parametrize(("days", "expired"), [(13.99, False), (14, False), (14.01, True)])
def test_an_expired_draft_is_listed(days: float, expired: bool) -> None:
    """In addition to the new draft; at the limit itself the draft is not expired."""
    found = rows(with_drafts(Transition.REPLACE_DRAFT, draft(days=days)), RECEIPT)
    assert found == [(WorkKind.WAITING, "CarePlan/new"), *([(WorkKind.EXPIRED, "CarePlan/d")] if expired else [])]


def test_a_rejected_draft_names_the_plan_that_was_rejected() -> None:
    """The most recent one."""
    assert rows(with_drafts(Transition.LEAVE_REJECTED)) == [(WorkKind.REJECTED, "CarePlan/r")]


@pytest.mark.parametrize("outcome", [DeliveryOutcome.REFUSED, DeliveryOutcome.UNKNOWN])
def test_an_undelivered_draft_is_undeliverable(outcome: DeliveryOutcome) -> None:
    """It does not wait for approval."""
    assert rows(with_drafts(Transition.WRITE_DRAFT), Receipt(outcome)) == [(WorkKind.UNDELIVERABLE, None)]


def test_an_open_red_flag_comes_first() -> None:
    """Together with the waiting draft without exercises."""
    found = pipeline_result("red-flag")
    assert rows(found, RECEIPT) == [(WorkKind.FLAGGED, "CarePlan/new"), (WorkKind.WAITING, "CarePlan/new")]


@pytest.mark.parametrize(
    ("element", "work"),
    [
        ({"birthDate": "2015-01-01"}, [(WorkKind.FLAGGED, None)]),
        ({"deceasedBoolean": True}, []),
    ],
)
def test_an_urgent_flag_needs_no_eligible_patient(
    element: dict[str, object], work: list[tuple[WorkKind, None]]
) -> None:
    """An emergency of a child reaches a clinician without a plan (D0); a patient who has died has none."""
    yes = observation("rf09", valueBoolean=True, effectiveDateTime="2025-01-10T07:30:00Z")
    found = plan_patient(FetchResult((patient(**element), yes)), PlanningRules(*load_with_lookup(), SITE), AT)
    assert found.evaluation.decision.rule == "D0"
    assert (rows(found), bool(found.evaluation.decision.asks), found.bundle.get("entry")) == (work, bool(work), None)


@pytest.mark.parametrize("name", ["under-18", "e3-hold"])
def test_most_patients_are_not_on_the_worklist(name: str) -> None:
    """Neither patients who are not eligible, nor patients whose plan continues."""
    assert rows(replace(pipeline_result(name), transition=Transition.NOTHING)) == []


def test_an_incomplete_record_is_listed_once() -> None:
    """Beside the draft that waits; a type that cannot hold a flag is no work."""
    found = with_drafts(Transition.KEEP_DRAFT, draft())
    for kind, kinds in (("Condition", [WorkKind.INCOMPLETE, WorkKind.WAITING]), ("Goal", [WorkKind.WAITING])):
        missing = Completeness({kind: Incomplete(Retrieval.PARTIAL, PageMissing())})
        changed = replace(found, evaluation=replace(found.evaluation, completeness=missing))
        assert [work for work, _ in rows(changed)] == kinds
