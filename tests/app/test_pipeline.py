"""One pipeline for every use: the patient's plan resources are sorted once, and derived states equal sorted ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import pytest

from tests.cli.running import PATIENTS, moment
from tests.fixtures.test_golden import rules
from tests.plan_lifecycle.ehr_server import PHYSIOTHERAPIST, EhrServer
from tests.plan_lifecycle.patients import enrolled_patient
from titrate.app.decisions.approval import Approval, approval_outcome
from titrate.app.decisions.carry_out_decision import DecisionStatus, plan_case
from titrate.app.fetch_result import FetchResult, completeness_of
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.clinical.values.completeness import Retrieval
from titrate.ehr.fetch import IncompleteType, fetch_patient
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.elements import Resource
from titrate.fhir.plan_state import PlanResources
from titrate.fhir.transaction_entries import simulate
from titrate.json_codec import loads

NAMES = sorted(path.name for path in PATIENTS.iterdir() if (path / "bundle.json").is_file())
SORT = PlanResources.sort.__func__.__code__  # type: ignore[attr-defined]
FETCH = fetch_patient.__code__


@dataclass
class Calls:
    """The number of times the resources were sorted, and the number of times the EHR was read."""

    sorts: int = 0
    fetches: int = 0


@contextmanager
def counted() -> Iterator[Calls]:
    """Counts the calls of this thread."""
    calls = Calls()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls.sorts += frame.f_code is SORT
            calls.fetches += frame.f_code is FETCH

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def read(name: str) -> tuple[FetchResult, datetime]:
    """A synthetic patient at the time of the story."""
    resources, refusals = resources_of(loads((PATIENTS / name / "bundle.json").read_bytes()))
    return FetchResult(resources, refusals), datetime.fromisoformat(moment(name))


@pytest.mark.parametrize("name", ["e2-progress", "e3-hold", "red-flag", "under-18"])
def test_a_run_sorts_once(name: str) -> None:
    """Also if a draft is written, nothing changes, exercise stops, or the patient is not eligible."""
    fetched, at = read(name)
    with counted() as calls:
        plan_patient(fetched, rules(), at)
    assert calls.sorts == 1


def approved_in_the_ehr(resources: Sequence[Resource]) -> list[Resource]:
    """Every draft plan activated, as a clinician does it in the EHR."""
    return [
        {**one, "status": "active"} if one["resourceType"] == "CarePlan" and one["status"] == "draft" else one
        for one in resources
    ]


def test_a_run_that_propagates_a_status_change_sorts_once() -> None:
    """The state after the change is derived from the sorted one."""
    fetched, at = read("e2-progress")
    drafted = simulate(fetched.resources, plan_patient(fetched, rules(), at).bundle["entry"])
    with counted() as calls:
        result = plan_patient(FetchResult(approved_in_the_ehr(drafted)), rules(), at + timedelta(days=1))
    assert result.status_changes
    assert calls.sorts == 1


@pytest.mark.parametrize("act", [EhrServer.approve, EhrServer.reject])
def test_a_decision_sorts_once_for_each_read_of_the_ehr(act: Callable[..., Any], ehr_server: EhrServer) -> None:
    """Approving and rejecting a draft, with all checks and writes."""
    who, at = enrolled_patient(ehr_server), datetime.fromisoformat("2025-01-13T09:00:00+00:00")
    ehr_server.run(who, at)
    with counted() as calls:
        result = act(ehr_server, ehr_server.draft(who), at + timedelta(hours=1))
    assert result.ending is DecisionStatus.DONE
    assert (calls.fetches, calls.sorts) == (1, 1)


def sorted_again(result: PipelineResult, resources: Sequence[Resource]) -> PlanResources:
    """The plan resources sorted from scratch."""
    plans = result.plans
    return PlanResources.sort(resources, plans.person, plans.rulebook, plans.site, plans.at)


@pytest.mark.parametrize("name", NAMES)
def test_a_derived_state_equals_a_sorted_one(name: str) -> None:
    """After the Bundle of a run, after a status change in the EHR, and after an approval with another dose."""
    fetched, at = read(name)
    first = plan_patient(fetched, rules(), at)
    entries = first.bundle.get("entry", ())
    drafted = simulate(fetched.resources, entries)
    assert first.plans.after(entries) == sorted_again(first, drafted)
    for draft in (one for one in first.plans.after(entries).care_plans if one["status"] == "draft"):
        case = plan_case(FetchResult(drafted), f"CarePlan/{draft['id']}", rules(), at + timedelta(hours=1))
        choice = Approval(str(draft["id"]), PHYSIOTHERAPIST, {}, "seen together")
        approved = approval_outcome(case, choice, rules(), at + timedelta(hours=1)).entries
        assert case.plans.after(approved) == sorted_again(case.result, simulate(drafted, approved))
    changed = plan_patient(FetchResult(approved_in_the_ehr(drafted)), rules(), at + timedelta(days=1))
    entries = changed.bundle.get("entry", ())
    assert changed.plans.after(entries) == sorted_again(changed, simulate(approved_in_the_ehr(drafted), entries))


def test_faults_of_the_fetch_are_completeness_by_type() -> None:
    """A truncated type is partial, a missing one withheld, every other complete."""
    faults = [
        IncompleteType("Task", "odd-entry", ""),
        IncompleteType("Flag", "lenient", ""),
        IncompleteType("Flag", "total", ""),
        IncompleteType("Flag", "forbidden", ""),
        IncompleteType("Goal", "lenient", ""),
        IncompleteType("Consent", "type-not-offered", ""),
    ]
    found = completeness_of(faults)
    assert {kind: one.retrieval for kind, one in found.incomplete.items()} == {
        "Task": Retrieval.PARTIAL,
        "Flag": Retrieval.WITHHELD,
    }
    assert found.of("Observation") is Retrieval.COMPLETE
