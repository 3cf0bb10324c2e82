"""`approve` and `reject`: a clinician's decision on a draft, as one act. The command line and the API call these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from titrate.app.decisions.decide_on_plan import (
    DecisionOutcome,
    DecisionResult,
    DecisionStatus,
    PlanCase,
    decide_on_plan,
)
from titrate.app.draft_lifecycle import is_outdated
from titrate.app.pipeline import PlanningRules
from titrate.clinical.outcome.approval_checks import RequestedDose, lower_since, objections, screen_objection
from titrate.clinical.rules.decision_table import OUTCOMES
from titrate.clinical.values.plan import Dose
from titrate.ehr.client import EHR
from titrate.fhir.elements import Json, targets
from titrate.fhir.narrative.plan_differences import differences, version_in_force
from titrate.fhir.plan_state import current_plan, prior_runs
from titrate.fhir.plan_state.current_plan import open_draft_state
from titrate.fhir.plan_state.decisions import outcome_code, read_decision, written_with
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.transitions.approve_and_reject import Banner, approval_entries, plan_names, rejection_entries
from titrate.fhir.transitions.changed_decision import DoseChangeRequest
from titrate.fhir.transitions.dose_input import InvalidDose, parse_dose
from titrate.fhir.transitions.plan_members import plan_members
from titrate.fhir.transitions.provenance import PlanDecision
from titrate.settings.validators import ID_PATTERN

PRACTITIONER_REFERENCE = re.compile(f"(?:Practitioner|PractitionerRole)/{ID_PATTERN}")


class NotAPractitioner(ValueError):
    """Who decides is not named as `Practitioner/ID` or `PractitionerRole/ID`."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Approve `plan` (a CarePlan's id) as `who`. `doses` are amounts as typed, by exercise."""

    plan: str
    who: str
    doses: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Reject `plan` as `who`, for a reason."""

    plan: str
    who: str
    reason: str


def approve(ehr: EHR, approval: Approval, rules: PlanningRules, at: datetime) -> DecisionResult:
    """Approve a draft in one transaction. Raises EHRError, NotAPerson, and NotADose for an amount that is none."""
    require_practitioner(ehr, approval.who)
    return decide_on_plan(ehr, approval.plan, rules, at, lambda case: approval_outcome(case, approval, rules, at))


def reject(ehr: EHR, rejection: Rejection, rules: PlanningRules, at: datetime) -> DecisionResult:
    """Reject a draft in one transaction. Raises EHRError and NotAPerson."""
    require_practitioner(ehr, rejection.who)
    return decide_on_plan(ehr, rejection.plan, rules, at, lambda case: rejection_outcome(case, rejection))


def approval_outcome(case: PlanCase, approval: Approval, rules: PlanningRules, at: datetime) -> DecisionOutcome:
    """What approving would write, or why it may not be. Pure."""
    settled = _not_a_draft(case, "active")
    if settled is not None:
        return settled
    redoses = _redoses(case, approval.doses, rules)
    asked = {**_drafted(case), **{code: RequestedDose(r.current, r.drafted, r.approved) for code, r in redoses.items()}}
    forbids, explain = _objections(case, asked, at)
    if forbids or (explain and not approval.reason):
        needs = () if forbids else tuple(f"{item} (give a reason to approve it all the same)" for item in explain)
        return DecisionOutcome(DecisionStatus.REFUSED, (*forbids, *needs))
    changed = [redose.words for redose in redoses.values()]
    because = (f"Reason: {approval.reason}",) if approval.reason else ()
    more = (*(f"Dose changed on approval: {line}" for line in changed), *because)
    today = plan_names(case.plans, case.plan).today
    words = Banner("APPROVED", f"Approved by {approval.who} on {today}.", more)
    entries = approval_entries(case.plans, case.plan, PlanDecision(approval.who, approval.reason), words, redoses)
    return DecisionOutcome(DecisionStatus.DONE, explain, _changes(case, entries), tuple(entries))


def _changes(case: PlanCase, entries: list[Json]) -> tuple[str, ...]:
    """What the approved plan changes against the plan in force until now."""
    after = case.plans.after(entries)
    now = version_in_force(case.result.plan, prior_runs(case.plans).limits or ())
    then = version_in_force(current_plan(after), prior_runs(after).limits or ())
    return tuple(map(str, differences(now, then, case.plans.rulebook)))


def rejection_outcome(case: PlanCase, rejection: Rejection) -> DecisionOutcome:
    """What rejecting would write, or why it may not be. Pure."""
    settled = _not_a_draft(case, "revoked")
    if settled is not None:
        return settled
    today = plan_names(case.plans, case.plan).today
    words = Banner("REJECTED", f"Rejected by {rejection.who} on {today}.", (f"Reason: {rejection.reason}",))
    entries = rejection_entries(case.plans, case.plan, PlanDecision(rejection.who, rejection.reason), words)
    return DecisionOutcome(DecisionStatus.DONE, entries=tuple(entries))


def require_practitioner(ehr: EHR, who: str) -> None:
    """The person must be in the EHR: an approval by nobody is none."""
    if not PRACTITIONER_REFERENCE.fullmatch(who):
        raise NotAPractitioner("Name the clinician as Practitioner/ID or PractitionerRole/ID.")
    ehr.get(who, f"read {who.split('/', maxsplit=1)[0]}")


def _not_a_draft(case: PlanCase, proposal: str) -> DecisionOutcome | None:
    status = str(case.plan.get("status"))
    if status == "draft":
        return None
    if status == proposal:
        return DecisionOutcome(DecisionStatus.ALREADY, (f"the plan is {status} already",))
    return DecisionOutcome(DecisionStatus.REFUSED, (f"the plan is {status}: only a draft can be decided on",))


def _drafted(case: PlanCase) -> dict[str, RequestedDose]:
    """Every exercise of the draft: the dose in force and the draft's, as its orders say it now."""
    recorded = read_decision(case.plans, written_with(case.plans, case.plan))
    current = _current(case)
    found: dict[str, RequestedDose] = {}
    for resource in plan_members(case.plans, case.plan).orders:
        order = read_order(case.plans, resource)
        if order is not None and order.status == "draft":
            dose = order.dose(recorded.exercise(order.exercise).dose)
            found[order.exercise] = RequestedDose(current.get(order.exercise), dose, dose)
    return found


def _current(case: PlanCase) -> dict[str, Dose | None]:
    return {state.exercise: state.dose for state in case.result.plan.exercises}


def _redoses(case: PlanCase, doses: Mapping[str, str], rules: PlanningRules) -> dict[str, DoseChangeRequest]:
    """The doses that differ from the draft's. Raises NotADose, also for an exercise that the draft has no order for."""
    drafted = _drafted(case)
    found: dict[str, DoseChangeRequest] = {}
    for code, typed in doses.items():
        if code not in drafted:
            raise InvalidDose(
                f"The draft has no order for this exercise. It has: {', '.join(sorted(drafted)) or 'none'}"
            )
        asked = drafted[code]
        dose = parse_dose(typed, rules.rulebook.exercises[code], asked.drafted)
        if dose != asked.drafted:
            found[code] = DoseChangeRequest(code, asked.current, asked.drafted, dose)
    return found


def _objections(
    case: PlanCase, asked: Mapping[str, RequestedDose], at: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    evaluation = case.result.evaluation
    record = replace(evaluation.picture.record, at=at)
    found, screen = objections(record, asked), screen_objection(record, _rule(case))
    explain = (*found.explain, *lower_since(evaluation.decision, asked), *_edited(case))
    return (*found.forbids, *screen, *_out_of_date(case, at)), explain


def _rule(case: PlanCase) -> str:
    """The rule that the draft came from, as its decision says."""
    decision = written_with(case.plans, case.plan)
    if decision is None:
        return ""
    outcome = outcome_code(case.plans, decision)
    return next((rule for rule, known in OUTCOMES.items() if known.code == outcome), "")


def _edited(case: PlanCase) -> tuple[str, ...]:
    """A draft that somebody changed is approved as it stands now, and knowingly."""
    return ("the draft was changed by a person",) if open_draft_state(case.plans, case.plan).touched else ()


def _out_of_date(case: PlanCase, at: datetime) -> tuple[str, ...]:
    seen, in_force = open_draft_state(case.plans, case.plan), case.result.plan.reference
    found = []
    if is_outdated(seen, case.plans.rulebook, at):
        days = case.plans.rulebook.numbers.draft_valid_days
        found.append(f"the draft is older than {days} days: run again for a new one")
    if in_force is not None and in_force not in targets(case.plan, "replaces"):
        found.append(f"the draft does not build on the plan in force, {in_force}: run again for a new one")
    return tuple(found)
