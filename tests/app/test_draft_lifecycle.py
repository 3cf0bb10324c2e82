"""The table of transitions, row by row, on a store that applies transactions as a server does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.example import (
    AT,
    DECISION,
    IN_FORCE,
    LIMITS,
    MORNING,
    PERSON,
    PRESCRIPTION,
    RULEBOOK,
    SITE,
    WALK,
    minutes,
    prescribed,
    proposal,
    stopped,
)
from tests.fhir.transaction_store import TransactionStore
from titrate.app.draft_lifecycle import DraftCase, Transition, draft_entries, has_expired, same_prescription, transition
from titrate.clinical.values.decision import DoseChange, Flag, LimitUsed, Outcome, Prescription
from titrate.clinical.values.plan import OpenDraftState, Phase, PlanInForce
from titrate.clinical.values.readings import PatientGoal, ReadingSource, Source
from titrate.clinical.values.rulebook import Domain, Urgency
from titrate.fhir.plan_state import PlanResources, PriorRuns, current_plan, prior_runs
from titrate.fhir.validate import validate
from titrate.fhir.write import PlanProposal, transaction
from titrate.messages.red_flags import ScreenAnsweredYes

DAY = timedelta(days=1)
RED = Flag("RF01", Urgency.E0, AT, (MORNING,), ScreenAnsweredYes())


@dataclass(frozen=True)
class Run:
    """One run against the store: what was done and how many resources it wrote."""

    move: Transition
    writes: int


def seen(store: TransactionStore, at: datetime) -> tuple[PlanInForce, PriorRuns]:
    """The data that a run reads first."""
    plans = PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, at)
    return current_plan(plans), prior_runs(plans)


def run(store: TransactionStore, want: PlanProposal, at: datetime = AT) -> Run:
    """Read, decide, write."""
    plan, left = seen(store, at)
    want = replace(want, plan=plan)
    case = DraftCase.of(want, left, SITE, at)
    move = transition(case)
    bundle = transaction(draft_entries(case, move))
    assert validate(bundle) == ()
    before = store.writes
    store.take(bundle)
    return Run(move, store.writes - before)


def walking(amount: str) -> Prescription:
    """The example's prescription with another dose of walking."""
    walk = replace(PRESCRIPTION.exercises[0], dose=minutes(amount))
    return replace(PRESCRIPTION, exercises=(walk, *PRESCRIPTION.exercises[1:]))


def held(prescription: Prescription = PRESCRIPTION) -> PlanProposal:
    """A run that holds the plan in force."""
    doses = (DoseChange(WALK, Domain.AEROBIC, minutes("16"), minutes("16")),)
    hold = replace(DECISION, rule="D11", outcome=Outcome.HOLD, matched=("D11",), doses=doses)
    return proposal(decision=hold, prescription=prescription)


def with_draft() -> TransactionStore:
    """A store after a first run."""
    store = TransactionStore()
    assert run(store, proposal()) == Run(Transition.WRITE_DRAFT, 8)
    return store


def with_plan() -> TransactionStore:
    """A store whose plan a clinician approved."""
    store = with_draft()
    store.approve(key(store, "CarePlan"))
    return store


def key(store: TransactionStore, kind: str, index: int = 0) -> str:
    """`Type/id` of one resource."""
    return f"{kind}/{store.of(kind)[index]['id']}"


def statuses(store: TransactionStore, kind: str) -> list[Any]:
    """The statuses of a type, in the order in which they were made."""
    return [item.get("status") or item.get("lifecycleStatus") for item in store.of(kind)]


def test_a_second_run_writes_nothing() -> None:
    """Right after the first, and on the next day with its later dates."""
    store = with_draft()
    assert run(store, proposal()) == Run(Transition.KEEP_DRAFT, 0)
    later = replace(
        PRESCRIPTION,
        period_start=PRESCRIPTION.period_start + DAY,
        period_end=PRESCRIPTION.period_end + DAY,
    )
    assert run(store, proposal(prescription=later), AT + DAY) == Run(Transition.KEEP_DRAFT, 0)


def test_another_prescription_revokes_the_draft_and_writes_the_new_one() -> None:
    """Plan and orders are revoked, the goal and the task cancelled; one open draft is left."""
    store = with_draft()
    assert run(store, proposal(prescription=walking("15.5")), AT + DAY).move is Transition.REPLACE_DRAFT
    assert statuses(store, "CarePlan") == ["revoked", "draft"]
    assert statuses(store, "ServiceRequest") == ["revoked", "revoked", "draft", "draft"]
    assert statuses(store, "Goal") == ["cancelled", "proposed"]
    assert statuses(store, "Task") == ["cancelled", "requested"]


def test_a_revocation_names_the_version_that_was_read() -> None:
    """A concurrent write makes the server refuse it."""
    store = with_draft()
    plan, left = seen(store, AT)
    want = proposal(plan=plan, prescription=walking("15.5"))
    entries = draft_entries(DraftCase.of(want, left, SITE, AT), Transition.REPLACE_DRAFT)
    puts = [entry["request"] for entry in entries if entry["request"]["method"] == "PUT"]
    assert len(puts) == 5
    assert {request["ifMatch"] for request in puts} == {'W/"1"'}


def test_an_earlier_goal_outlives_a_draft_that_linked_it() -> None:
    """Only goals proposed with the draft are closed with it."""
    store = TransactionStore()
    store.stored["Goal/early"] = {
        "resourceType": "Goal",
        "id": "early",
        "lifecycleStatus": "active",
        "description": {"text": "Walk to the shop"},
        "subject": {"reference": "Patient/b"},
        "identifier": [{"system": SITE.resource_system, "value": "early"}],
        "meta": {"versionId": "1"},
    }
    stamp = ReadingSource(Source("Goal/early"), AT)
    wish = PatientGoal("Goal/early", "Walk to the shop", "active", WALK, None, None, None, True, stamp)
    run(store, proposal(goals=(wish,)))
    assert run(store, proposal(goals=(wish,), prescription=walking("15.5")), AT + DAY).move is Transition.REPLACE_DRAFT
    assert statuses(store, "Goal") == ["active", "cancelled", "proposed"]


def test_a_prescription_that_comes_back_gets_a_new_version() -> None:
    """A, then B, then A again: the revoked A is not reused."""
    store = with_draft()
    run(store, proposal(prescription=walking("15.5")), AT + DAY)
    assert run(store, proposal(), AT + 2 * DAY).move is Transition.REPLACE_DRAFT
    assert statuses(store, "CarePlan") == ["revoked", "revoked", "draft"]
    assert run(store, proposal(), AT + 3 * DAY) == Run(Transition.KEEP_DRAFT, 0)


def test_an_edited_draft_is_not_changed() -> None:
    """Whatever was edited, and whatever is proposed now."""
    changes: list[tuple[str, dict[str, Any]]] = [
        ("CarePlan", {"note": [{"text": "I will call."}]}),
        ("CarePlan", {"period": {"start": "2025-01-20"}}),
        ("ServiceRequest", {"quantityQuantity": {"value": Decimal(12), "code": "min"}}),
        ("ServiceRequest", {"status": "on-hold"}),
        ("Goal", {"lifecycleStatus": "accepted"}),
    ]
    for kind, change in changes:
        store = with_draft()
        store.set(key(store, kind), **change)
        assert run(store, proposal(prescription=walking("15.5")), AT + DAY) == Run(Transition.LEAVE_TOUCHED, 0)
        assert run(store, proposal(), AT + DAY) == Run(Transition.LEAVE_TOUCHED, 0)


def test_the_plan_in_force_is_unchanged_when_nothing_changes() -> None:
    """One decision a day at most, and only if it has new content."""
    store = with_plan()
    assert run(store, held()) == Run(Transition.NOTHING, 0)
    assert run(store, held(), AT + DAY) == Run(Transition.RECORD_DECISION, 1)
    assert run(store, held(), AT + DAY) == Run(Transition.NOTHING, 0)
    assert run(store, held(), AT + 2 * DAY) == Run(Transition.NOTHING, 0)
    lighter = held(replace(PRESCRIPTION, phase=Phase.DELOAD))
    assert run(store, lighter, AT + 2 * DAY) == Run(Transition.RECORD_DECISION, 1)
    assert len(store.of("CarePlan")) == len(store.of("Task")) == 1


def test_another_prescription_than_the_one_in_force_is_a_draft_that_replaces_it() -> None:
    """The active plan stays active until a clinician approves the new one."""
    store = with_plan()
    assert run(store, proposal(prescription=walking("17")), AT + DAY).move is Transition.WRITE_DRAFT
    assert statuses(store, "CarePlan") == ["active", "draft"]
    assert store.of("CarePlan")[1]["replaces"] == [{"reference": key(store, "CarePlan")}]
    assert current_plan(PlanResources.sort(store.resources, PERSON, RULEBOOK, SITE, AT + DAY)).exercises[
        0
    ].dose == minutes("16")
    assert run(store, proposal(prescription=walking("17")), AT + DAY) == Run(Transition.KEEP_DRAFT, 0)


def test_a_draft_is_withdrawn_when_the_plan_in_force_is_proposed_again() -> None:
    """The step is no longer earned: the draft is revoked, the plan stays, the day's decision has the reason."""
    store = with_plan()
    run(store, proposal(prescription=walking("17")), AT + DAY)
    assert run(store, held(), AT + 2 * DAY) == Run(Transition.WITHDRAW_DRAFT, 6)
    assert statuses(store, "CarePlan") == ["active", "revoked"]
    assert run(store, held(), AT + 2 * DAY) == Run(Transition.NOTHING, 0)


def with_numbers(**days: str) -> PlanProposal:
    """The example's proposal under a rulebook with other numbers."""
    changed = {name: replace(RULEBOOK.constants[name], value=Decimal(value)) for name, value in days.items()}
    return proposal(rulebook=replace(RULEBOOK, constants={**RULEBOOK.constants, **changed}))


@pytest.mark.parametrize("days", ["7", "14", "28"])
def test_a_draft_is_kept_up_to_its_last_moment(days: str) -> None:
    """At DRAFT_VALID_DAYS it is kept, a second later it has expired, a second before it is kept."""
    second, last = timedelta(seconds=1), AT + timedelta(days=int(days))
    draft = OpenDraftState("CarePlan/d", "v", AT, touched=False)
    rulebook = with_numbers(DRAFT_VALID_DAYS=days).rulebook
    moments = (last - second, last, last + second)
    assert [has_expired(draft, rulebook, at) for at in moments] == [False, False, True]
    assert not has_expired(replace(draft, touched=True), rulebook, last + second)


@pytest.mark.parametrize("days", ["3", "7", "28"])
def test_a_rejection_is_valid_up_to_its_last_moment(days: str) -> None:
    """At REJECTION_VALID_DAYS the same prescription is not proposed, a second later it is."""
    run_ = with_numbers(REJECTION_VALID_DAYS=days)
    version = DraftCase.of(run_, PriorRuns(), SITE, AT).names.version
    prior = PriorRuns(spent=frozenset({version}), rejected={version: AT})
    second, last = timedelta(seconds=1), AT + timedelta(days=int(days))
    rests = [DraftCase.of(run_, prior, SITE, at).is_rejected for at in (last - second, last, last + second)]
    assert rests == [True, True, False]


def test_a_rejected_prescription_is_not_proposed_for_seven_days() -> None:
    """After a rejection another prescription may be proposed at once, the same one after a week."""
    store = with_draft()
    store.set(key(store, "CarePlan"), status="revoked")
    rejected = (AT + DAY).isoformat()
    store.set(key(store, "Task"), status="rejected", lastModified=rejected)
    assert run(store, proposal(), AT + 7 * DAY) == Run(Transition.LEAVE_REJECTED, 0)
    assert run(store, proposal(), AT + 9 * DAY).move is Transition.WRITE_DRAFT


def test_a_draft_of_more_than_fourteen_days_expires() -> None:
    """It is revoked, and the same prescription is proposed again."""
    store = with_draft()
    assert run(store, proposal(), AT + 14 * DAY) == Run(Transition.KEEP_DRAFT, 0)
    assert run(store, proposal(), AT + 15 * DAY).move is Transition.REPLACE_DRAFT
    assert statuses(store, "CarePlan") == ["revoked", "draft"]


def test_a_red_flag_revokes_drafts_and_raises_the_alert_once() -> None:
    """The active plan is not edited; the next run writes nothing."""
    store = with_plan()
    run(store, proposal(prescription=walking("17")), AT + DAY)
    before = dict(store.stored[key(store, "CarePlan")])
    assert run(store, stopped((RED,)), AT + 2 * DAY).move is Transition.STOP
    assert statuses(store, "CarePlan") == ["active", "revoked", "draft"]
    assert store.stored[key(store, "CarePlan")] == before
    assert (len(store.of("Flag")), len(store.of("Communication"))) == (1, 1)
    assert store.of("Task")[-1]["priority"] == "stat"
    assert run(store, stopped((RED,)), AT + 3 * DAY) == Run(Transition.KEEP_DRAFT, 0)


def test_a_second_red_flag_raises_an_alert_without_a_second_draft() -> None:
    """Only the new Flag and a message are written."""
    store = TransactionStore()
    run(store, stopped((RED,)))
    other = replace(RED, flag="RF09")
    assert run(store, stopped((RED, other)), AT + DAY) == Run(Transition.STOP, 2)
    assert len(store.of("CarePlan")) == 1


def test_a_red_flag_does_not_change_an_edited_draft() -> None:
    """It remains the only open draft; the alert is written in addition."""
    store = with_draft()
    store.set(key(store, "CarePlan"), note=[{"text": "mine"}])
    assert run(store, stopped((RED,)), AT + DAY).move is Transition.STOP
    assert statuses(store, "CarePlan") == ["draft"]
    assert [len(store.of(kind)) for kind in ("Flag", "Communication")] == [1, 1]
    assert run(store, stopped((RED,)), AT + DAY) == Run(Transition.LEAVE_TOUCHED, 0)


def test_an_approved_stop_writes_no_second_alert() -> None:
    """The plan without exercise is in force: only a record of the day is written."""
    store = with_plan()
    run(store, stopped((RED,)), AT + DAY)
    store.approve(key(store, "CarePlan", 1))
    plan, _ = seen(store, AT + DAY)
    assert (plan.phase, [item.dose for item in plan.exercises], plan.overrides) == (Phase.STOPPED, [], ())
    assert run(store, stopped((RED,)), AT + DAY).writes <= 1
    assert run(store, stopped((RED,)), AT + 2 * DAY) == Run(Transition.NOTHING, 0)


def test_another_red_flag_after_a_stop_is_written_in_one_run() -> None:
    """The alert and the day's decision together: a second run of the day writes nothing."""
    store = with_plan()
    run(store, stopped((RED,)), AT + DAY)
    store.approve(key(store, "CarePlan", 1))
    run(store, stopped((RED,)), AT + DAY)
    other = stopped((RED, replace(RED, flag="RF09")))
    assert run(store, other, AT + 2 * DAY) == Run(Transition.STOP, 3)
    assert run(store, other, AT + 2 * DAY) == Run(Transition.NOTHING, 0)


def test_not_eligible_writes_nothing() -> None:
    """Not even if a draft is open."""
    refused = proposal(decision=replace(DECISION, rule="D0", outcome=Outcome.NOT_ELIGIBLE))
    assert run(with_draft(), refused) == Run(Transition.NOTHING, 0)


def test_same_prescription_compares_doses_frequencies_and_limits() -> None:
    """Phases and texts need no approval of their own; a changed limit does."""
    same = replace(
        PRESCRIPTION,
        phase=Phase.DELOAD,
        exercises=(
            prescribed(WALK, minutes("15.0"), 3),
            PRESCRIPTION.exercises[1],
            prescribed("sit-to-stand", None, 2),
        ),
    )
    assert same_prescription(IN_FORCE, same, LIMITS)
    assert same_prescription(IN_FORCE, same, None)
    assert not same_prescription(IN_FORCE, PRESCRIPTION, LIMITS)
    assert not same_prescription(replace(IN_FORCE, reference=None), same, LIMITS)
    raised = (LimitUsed("pain-ceiling", Decimal(6), "{score}", "Practitioner/p", None),)
    assert not same_prescription(IN_FORCE, same, raised)
