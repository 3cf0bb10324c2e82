"""A person's decision on one plan, carried out: read, decide, write once. After a conflict read again.

If what we were about to change is no longer what we read, a person was there: stop and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from titrate.app.fetch_and_deliver import MAX_ATTEMPTS, fetch, receipt_record
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, checked_bundle, plan_patient
from titrate.app.report.summary import receipt_json
from titrate.ehr.capabilities import known_profiles
from titrate.ehr.client import EHR
from titrate.ehr.deliver import deliver
from titrate.ehr.errors import Conflict, NotFound
from titrate.ehr.receipt import Outcome, Receipt
from titrate.fhir.bundles import relative
from titrate.fhir.elements import Resource, part, target
from titrate.fhir.entries import plan_statuses, updated_places
from titrate.fhir.plan_state.plan_resources import PlanResources, is_ours
from titrate.fhir.write import with_known_profiles
from titrate.settings.validators import FHIR_ID

if TYPE_CHECKING:
    from titrate.ledger.ledger import Ledger


class DecisionStatus(StrEnum):
    """How it ended. `overtaken`: somebody changed it while we decided; `already`: there was nothing left to do."""

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
    """What would be written, or why it may not be. `changes` are sentences for whoever decided."""

    ending: DecisionStatus
    why: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    entries: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What became of a decision on a plan."""

    ending: DecisionStatus
    plan: str
    patient: str
    why: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    receipt: Receipt | None = None


def read_plan_case(ehr: EHR, plan: str, rules: PlanningRules, at: datetime) -> PlanCase:
    """Read a plan (`ID` or `CarePlan/ID`) and its patient. Raises EHRError, NotFound for a plan that is not ours."""
    name = plan.removeprefix("CarePlan/")
    if not FHIR_ID.fullmatch(name):
        raise NotFound("read CarePlan", "A FHIR id has 1 to 64 letters, digits, dots and dashes.")
    place = f"CarePlan/{name}"
    read = relative([ehr.get(place, "read CarePlan")], ehr.base_url)[0]
    subject = target(part(read, "subject")) or ""
    if not is_ours(read, rules.site) or not subject.startswith("Patient/"):
        raise NotFound("read CarePlan", "It is no plan of this service.")
    fetched, _ = fetch(ehr, subject.removeprefix("Patient/"), rules, at)
    return plan_case(fetched, place, rules, at)


def plan_case(fetched: FetchResult, place: str, rules: PlanningRules, at: datetime) -> PlanCase:
    """The case of one plan (`CarePlan/ID`) among a patient's resources. Pure. Raises NotFound."""
    result = plan_patient(fetched, rules, at)
    if place not in result.plans.by_name:
        raise NotFound("read CarePlan", "A search for the patient's plans does not find it.")
    return PlanCase(result.plans.by_name[place], result.plans, result)


def decide_on_plan(
    ehr: EHR, plan: str, rules: PlanningRules, at: datetime, propose: Callable[[PlanCase], DecisionOutcome]
) -> DecisionResult:
    """Carry out what `propose` makes of the case. Raises EHRError, and FaultyPlan for a fault of ours."""
    case = read_plan_case(ehr, plan, rules, at)
    for _ in range(MAX_ATTEMPTS):
        proposal = propose(case)
        if proposal.ending is not DecisionStatus.DONE:
            return _settled(case, proposal)
        try:
            receipt = deliver(
                ehr, with_known_profiles(checked_bundle(proposal.entries, rules.site), known_profiles(ehr))
            )
        except Conflict:
            before, case = case, read_plan_case(ehr, plan, rules, at)
            moved = _moved(before, case, proposal)
            if moved:
                return _settled(case, DecisionOutcome(DecisionStatus.OVERTAKEN, moved))
            continue
        return _told(ehr, case, proposal, receipt)
    return _settled(
        case, DecisionOutcome(DecisionStatus.OVERTAKEN, ("the EHR refuses every write as a conflict; try again later",))
    )


def _told(ehr: EHR, case: PlanCase, proposal: DecisionOutcome, receipt: Receipt) -> DecisionResult:
    """A lost reply is settled by looking: the plan has its new status, or it has not."""
    ending = proposal.ending
    if receipt.outcome is Outcome.REFUSED:
        ending = DecisionStatus.REFUSED
    if receipt.outcome is Outcome.UNKNOWN:
        requested = next(status for _, status in plan_statuses(proposal.entries))
        now = ehr.get(f"CarePlan/{case.plan['id']}", "read after a lost reply")
        ending = DecisionStatus.DONE if now.get("status") == requested else DecisionStatus.UNKNOWN
    why = tuple(str(issue) for issue in receipt.issues) if ending is not DecisionStatus.DONE else ()
    return _settled(case, DecisionOutcome(ending, why, proposal.changes), receipt)


def _moved(before: PlanCase, after: PlanCase, proposal: DecisionOutcome) -> tuple[str, ...]:
    """The resources of the transaction that say something else now."""
    return tuple(
        f"{place} was changed in the meantime"
        for place in updated_places(proposal.entries)
        if _content(before.plans.by_name.get(place)) != _content(after.plans.by_name.get(place))
    )


def _content(resource: Resource | None) -> object:
    return None if resource is None else {key: item for key, item in resource.items() if key not in ("meta", "text")}


def _settled(case: PlanCase, proposal: DecisionOutcome, receipt: Receipt | None = None) -> DecisionResult:
    subject = target(part(case.plan, "subject")) or ""
    plan = f"CarePlan/{case.plan['id']}"
    return DecisionResult(proposal.ending, plan, subject, proposal.why, proposal.changes, receipt)


def record_decision_receipt(
    ledger: Ledger, kind: str, rules: PlanningRules, result: DecisionResult, at: datetime
) -> None:
    """Store the receipt as a run of its own; nothing where nothing was sent. Raises LedgerUnusable."""
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
