"""A clinician's decision on one plan: read, decide, write once, and after a conflict read again.

If a resource that the decision changes was edited in between, nothing is written and the result reports it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from titrate.app.fetch_and_deliver import MAX_ATTEMPTS, fetch, receipt_record, send
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, checked_bundle, plan_patient
from titrate.app.report.summary import receipt_json
from titrate.ehr.client import EHR
from titrate.ehr.errors import Conflict, NotFound
from titrate.ehr.receipt import DeliveryOutcome, Receipt
from titrate.fhir.elements import Resource, part, target
from titrate.fhir.entries import plan_statuses, updated_places
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate
from titrate.fhir.references import relative
from titrate.messages import Message
from titrate.messages import plan_decisions as say
from titrate.settings.values import FHIR_ID

if TYPE_CHECKING:
    from titrate.ledger.ledger import Ledger


class DecisionStatus(StrEnum):
    """How a decision ended. `overtaken`: the plan was edited meanwhile; `already`: there was nothing left to do."""

    DONE = "done"
    ALREADY = "already"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlanCase:
    """One plan, its patient's plan resources, and what a run finds at the same moment."""

    plan: Resource
    plans: PlanResources
    result: PipelineResult


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What is to be written, or why the decision is refused. `changes` are the differences from the plan in force."""

    ending: DecisionStatus
    why: tuple[Message | str, ...] = ()
    changes: tuple[Message | str, ...] = ()
    entries: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The result of a decision on a plan, as text for the command line and the API."""

    ending: DecisionStatus
    plan: str
    patient: str
    why: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    receipt: Receipt | None = None


def read_plan_case(ehr: EHR, plan: str, rules: PlanningRules, at: datetime) -> PlanCase:
    """Read a plan (`ID` or `CarePlan/ID`) and its patient. Raises EHRError, NotFound for another author's plan."""
    name = plan.removeprefix("CarePlan/")
    if not FHIR_ID.fullmatch(name):
        raise NotFound("read CarePlan", say.PlanIdExpected())
    place = f"CarePlan/{name}"
    read = relative([ehr.get(place, "read CarePlan")], ehr.base_url)[0]
    subject = target(part(read, "subject")) or ""
    if not from_titrate(read, rules.site) or not subject.startswith("Patient/"):
        raise NotFound("read CarePlan", say.NotAPlanOfTheService())
    fetched, _ = fetch(ehr, subject.removeprefix("Patient/"), rules, at)
    return plan_case(fetched, place, rules, at)


def plan_case(fetched: FetchResult, place: str, rules: PlanningRules, at: datetime) -> PlanCase:
    """The case of one plan (`CarePlan/ID`) among a patient's resources. Pure. Raises NotFound."""
    result = plan_patient(fetched, rules, at)
    if place not in result.plans.by_name:
        raise NotFound("read CarePlan", say.PlanNotInSearch())
    return PlanCase(result.plans.by_name[place], result.plans, result)


def carry_out_decision(
    ehr: EHR, plan: str, rules: PlanningRules, at: datetime, propose: Callable[[PlanCase], DecisionOutcome]
) -> DecisionResult:
    """Carry out what `propose` makes of the case. Raises EHRError and InvalidPlan."""
    case = read_plan_case(ehr, plan, rules, at)
    for _ in range(MAX_ATTEMPTS):
        outcome = propose(case)
        if outcome.ending is not DecisionStatus.DONE:
            return _result(case, outcome)
        try:
            receipt = send(ehr, checked_bundle(outcome.entries, rules.site))
        except Conflict:
            before, case = case, read_plan_case(ehr, plan, rules, at)
            edited = _edited(before, case, outcome)
            if edited:
                return _result(case, DecisionOutcome(DecisionStatus.OVERTAKEN, edited))
            continue
        return _delivered(ehr, case, outcome, receipt)
    return _result(case, DecisionOutcome(DecisionStatus.OVERTAKEN, (say.EveryWriteConflicts(),)))


def _delivered(ehr: EHR, case: PlanCase, outcome: DecisionOutcome, receipt: Receipt) -> DecisionResult:
    """After a lost reply the plan is read: it has its new status, or the outcome is unknown."""
    ending = outcome.ending
    if receipt.outcome is DeliveryOutcome.REFUSED:
        ending = DecisionStatus.REFUSED
    if receipt.outcome is DeliveryOutcome.UNKNOWN:
        requested = next(status for _, status in plan_statuses(outcome.entries))
        now = ehr.get(f"CarePlan/{case.plan['id']}", "read after a lost reply")
        ending = DecisionStatus.DONE if now.get("status") == requested else DecisionStatus.UNKNOWN
    why = tuple(str(issue) for issue in receipt.issues) if ending is not DecisionStatus.DONE else ()
    return _result(case, DecisionOutcome(ending, why, outcome.changes), receipt)


def _edited(before: PlanCase, after: PlanCase, outcome: DecisionOutcome) -> tuple[Message, ...]:
    """The resources of the transaction that were edited since they were read."""
    return tuple(
        say.ResourceChangedMeanwhile(resource=place)
        for place in updated_places(outcome.entries)
        if _content(before.plans.by_name.get(place)) != _content(after.plans.by_name.get(place))
    )


def _content(resource: Resource | None) -> object:
    return None if resource is None else {key: item for key, item in resource.items() if key not in ("meta", "text")}


def _result(case: PlanCase, outcome: DecisionOutcome, receipt: Receipt | None = None) -> DecisionResult:
    subject = target(part(case.plan, "subject")) or ""
    plan = f"CarePlan/{case.plan['id']}"
    why, changes = tuple(map(str, outcome.why)), tuple(map(str, outcome.changes))
    return DecisionResult(outcome.ending, plan, subject, why, changes, receipt)


def record_decision_receipt(
    ledger: Ledger, kind: str, rules: PlanningRules, result: DecisionResult, at: datetime
) -> None:
    """Store the receipt, if a transaction was sent, as a run of its own. Raises LedgerUnusable."""
    if result.receipt is None:
        return
    run = ledger.begin_run(kind, rules.rulebook.digest, at)
    key = ledger.patient_key(result.patient.removeprefix("Patient/"))
    ledger.record_receipt(receipt_record(run, key, result.receipt, at))
    ledger.end_run(run, at)


def decision_json(result: DecisionResult) -> dict[str, Any]:
    """The result as JSON, for the command line and the API."""
    return {
        "plan": result.plan,
        "patient": result.patient,
        "ending": result.ending.value,
        "why": list(result.why),
        "changes": list(result.changes),
        "receipt": None if result.receipt is None else receipt_json(result.receipt),
    }
