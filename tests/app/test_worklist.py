"""Which patients need a person after a run, and about which plan."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from tests.project.sources import ROOT
from titrate.app.draft_lifecycle import Transition
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.app.report.worklist import WorkKind, work_items
from titrate.clinical.values.plan import OpenDraftState, Override
from titrate.ehr.receipt import Outcome, Receipt, WrittenEntry
from titrate.fhir.bundles import loads, resources_of
from titrate.fhir.site import Site
from titrate.rulebook import load_with_lookup

RECEIPT = Receipt(Outcome.WRITTEN, (WrittenEntry("CarePlan", "new", "1", 201), WrittenEntry("Task", "t", "1", 201)), 2)
EDIT = Override("ServiceRequest/o", "quantity", "15 min", "12 min", "walking")


@cache
def walked(name: str) -> PipelineResult:
    """A synthetic patient's way through the corridor."""
    folder = ROOT / "fixtures" / "patients" / name
    at = datetime.fromisoformat(json.loads((folder / "expected.json").read_text(encoding="utf-8"))["at"])
    resources, refusals = resources_of(loads((folder / "bundle.json").read_bytes()))
    return plan_patient(FetchResult(resources, refusals), PlanningRules(*load_with_lookup(), Site()), at)


def draft(reference: str = "CarePlan/d", days: float = 1, *, touched: bool = False) -> OpenDraftState:
    """An open draft of ours, so many days old."""
    return OpenDraftState(reference, "v", walked("e2-progress").at - timedelta(days=days), touched)


def with_drafts(move: Transition, *drafts: OpenDraftState, edits: tuple[Override, ...] = ()) -> PipelineResult:
    """A patient with a plan in force and these drafts."""
    found = walked("e2-progress")
    return replace(
        found, transition=move, plan=replace(found.plan, drafts=drafts, overrides=edits), rejected_plans=("CarePlan/r",)
    )


def rows(found: PipelineResult, receipt: Receipt | None = None) -> list[tuple[WorkKind, str | None]]:
    """Work and plan, without the patient."""
    assert {row.patient for row in work_items(found, receipt)} <= {f"Patient/{found.readings.person.id}"}
    return [(row.work, row.plan) for row in work_items(found, receipt)]


def test_a_new_draft_waits_under_the_name_that_the_ehr_gave_it() -> None:
    """In a dry run it has none yet."""
    assert rows(with_drafts(Transition.WRITE_DRAFT), RECEIPT) == [(WorkKind.WAITING, "CarePlan/new")]
    assert rows(with_drafts(Transition.WRITE_DRAFT)) == [(WorkKind.WAITING, None)]


def test_a_draft_that_is_kept_still_waits() -> None:
    """Until somebody approves or rejects it."""
    assert rows(with_drafts(Transition.KEEP_DRAFT, draft())) == [(WorkKind.WAITING, "CarePlan/d")]


def test_a_draft_that_a_person_touched_is_theirs() -> None:
    """It does not wait for approval of what we wrote."""
    touched = draft(touched=True, days=30)
    assert rows(with_drafts(Transition.LEAVE_TOUCHED, touched)) == [(WorkKind.EDITED, "CarePlan/d")]


def test_a_plan_in_force_that_a_person_changed_is_named() -> None:
    """With the plan and not the order."""
    found = with_drafts(Transition.NOTHING, edits=(EDIT,))
    assert rows(found) == [(WorkKind.EDITED, found.plan.reference)]


@pytest.mark.parametrize(("days", "expired"), [(13.99, False), (14, False), (14.01, True)])
def test_a_draft_that_waited_too_long_is_told(days: float, expired: bool) -> None:
    """Beside the new one that takes its place; the limit itself is not over."""
    found = rows(with_drafts(Transition.REPLACE_DRAFT, draft(days=days)), RECEIPT)
    assert found == [(WorkKind.WAITING, "CarePlan/new"), *([(WorkKind.EXPIRED, "CarePlan/d")] if expired else [])]


def test_a_rejected_draft_names_the_plan_that_was_rejected() -> None:
    """The last one."""
    assert rows(with_drafts(Transition.LEAVE_REJECTED)) == [(WorkKind.REJECTED, "CarePlan/r")]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNKNOWN])
def test_what_did_not_reach_the_ehr_is_undeliverable(outcome: Outcome) -> None:
    """And does not wait there."""
    assert rows(with_drafts(Transition.WRITE_DRAFT), Receipt(outcome)) == [(WorkKind.UNDELIVERABLE, None)]


def test_an_open_red_flag_comes_first() -> None:
    """With the draft without exercises that waits."""
    found = walked("red-flag")
    assert rows(found, RECEIPT) == [(WorkKind.FLAGGED, "CarePlan/new"), (WorkKind.WAITING, "CarePlan/new")]


@pytest.mark.parametrize("name", ["under-18", "e3-hold"])
def test_most_patients_need_nobody(name: str) -> None:
    """Not those who are not eligible, and not those whose plan goes on."""
    assert rows(replace(walked(name), transition=Transition.NOTHING)) == []
