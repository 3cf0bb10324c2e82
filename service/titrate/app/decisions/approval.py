"""A clinician's approval or rejection of a draft, or the phase of the plan in force: for every entry point."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from titrate.app.decisions.carry_out_decision import (
    DecisionOutcome,
    DecisionResult,
    DecisionStatus,
    PlanCase,
    carry_out_decision,
)
from titrate.app.draft_lifecycle import is_outdated
from titrate.app.errors import NotAPractitioner
from titrate.app.pipeline import PlanningRules
from titrate.clinical.prescription.approval_checks import RequestedDose, lower_since, objections, screen_objection
from titrate.clinical.rules.decision_table import OUTCOMES
from titrate.clinical.values.completeness import incomplete_reasons
from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Dose, Phase
from titrate.ehr.client import EHR
from titrate.fhir.doses import parse_dose
from titrate.fhir.elements import Json, targets
from titrate.fhir.errors import InvalidDose
from titrate.fhir.narrative.labels import PHASES
from titrate.fhir.narrative.plan_differences import differences, version_in_force
from titrate.fhir.plan_decisions.changed_decision import DoseChangeRequest
from titrate.fhir.plan_decisions.clinician_decision import (
    CHOICES,
    Banner,
    PlanDecision,
    approval_entries,
    phase_entries,
    plan_names,
    rejection_entries,
)
from titrate.fhir.plan_decisions.plan_status import plan_members
from titrate.fhir.plan_state import current_plan, prior_runs
from titrate.fhir.plan_state.current_plan import open_draft_state
from titrate.fhir.plan_state.plan_history import outcome_code, read_decision, written_with
from titrate.fhir.plan_state.service_requests import read_order
from titrate.messages import Message
from titrate.messages import plan_decisions as say
from titrate.settings.values import ID_PATTERN

PRACTITIONER_REFERENCE = re.compile(f"(?:Practitioner|PractitionerRole)/{ID_PATTERN}")


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
    """Approve a draft in one transaction. Raises EHRError, NotAPractitioner and InvalidDose."""
    require_practitioner(ehr, approval.who)
    return carry_out_decision(ehr, approval.plan, rules, at, lambda case: approval_outcome(case, approval, rules, at))


def reject(ehr: EHR, rejection: Rejection, rules: PlanningRules, at: datetime) -> DecisionResult:
    """Reject a draft in one transaction. Raises EHRError and NotAPractitioner."""
    require_practitioner(ehr, rejection.who)
    return carry_out_decision(ehr, rejection.plan, rules, at, lambda case: rejection_outcome(case, rejection))


def approval_outcome(case: PlanCase, approval: Approval, rules: PlanningRules, at: datetime) -> DecisionOutcome:
    """What an approval writes, or why it is refused. Pure."""
    decided = _not_a_draft(case, "active")
    if decided is not None:
        return decided
    dose_changes = _dose_changes(case, approval.doses, rules)
    requested = {
        **_drafted(case),
        **{code: RequestedDose(r.current, r.drafted, r.approved) for code, r in dose_changes.items()},
    }
    forbids, explain = _objections(case, requested, at)
    if forbids or (explain and not approval.reason):
        needs = () if forbids else tuple(say.ApprovalNeedsReason(objection=item) for item in explain)
        return DecisionOutcome(DecisionStatus.REFUSED, (*forbids, *needs))
    reason = (say.PlanDecisionReason(reason=approval.reason),) if approval.reason else ()
    today = plan_names(case.plans, case.plan).at.date()
    words = Banner(
        say.PlanApprovedTitle(),
        say.PlanApprovedBy(practitioner=approval.who, today=today),
        (*(change.message for change in dose_changes.values()), *reason),
    )
    entries = approval_entries(case.plans, case.plan, PlanDecision(approval.who, approval.reason), words, dose_changes)
    return DecisionOutcome(DecisionStatus.DONE, explain, _changes(case, entries), tuple(entries))


def _changes(case: PlanCase, entries: list[Json]) -> tuple[str, ...]:
    """What the approved plan changes against the plan in force until now."""
    after = case.plans.after(entries)
    now = version_in_force(case.result.plan, prior_runs(case.plans).limits or ())
    then = version_in_force(current_plan(after), prior_runs(after).limits or ())
    return tuple(map(str, differences(now, then, case.plans.rulebook)))


def rejection_outcome(case: PlanCase, rejection: Rejection) -> DecisionOutcome:
    """What a rejection writes, or why it is refused. Pure."""
    decided = _not_a_draft(case, "revoked")
    if decided is not None:
        return decided
    words = Banner(
        say.PlanRejectedTitle(),
        say.PlanRejectedBy(practitioner=rejection.who, today=plan_names(case.plans, case.plan).at.date()),
        (say.PlanDecisionReason(reason=rejection.reason),),
    )
    entries = rejection_entries(case.plans, case.plan, PlanDecision(rejection.who, rejection.reason), words)
    return DecisionOutcome(DecisionStatus.DONE, entries=tuple(entries))


def require_practitioner(ehr: EHR, who: str) -> None:
    """The clinician must exist in the EHR. Raises NotAPractitioner and EHRError."""
    if not PRACTITIONER_REFERENCE.fullmatch(who):
        raise NotAPractitioner(str(say.PractitionerExpected()))
    ehr.get(who, f"read {who.split('/', maxsplit=1)[0]}")


def _not_a_draft(case: PlanCase, proposal: str) -> DecisionOutcome | None:
    status = str(case.plan.get("status"))
    if status == "draft":
        return None
    if status == proposal:
        return DecisionOutcome(DecisionStatus.ALREADY, (say.PlanHasStatusAlready(status=status),))
    return DecisionOutcome(DecisionStatus.REFUSED, (say.OnlyDraftsAreDecided(status=status),))


def _drafted(case: PlanCase) -> dict[str, RequestedDose]:
    """Every exercise of the draft: the dose in force and the draft's, as its orders are now."""
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


def _dose_changes(case: PlanCase, doses: Mapping[str, str], rules: PlanningRules) -> dict[str, DoseChangeRequest]:
    """The doses that differ from the draft's. Raises InvalidDose, also for an exercise without an order."""
    drafted = _drafted(case)
    found: dict[str, DoseChangeRequest] = {}
    for code, typed in doses.items():
        if code not in drafted:
            exercises = tuple(sorted(drafted))
            fault = say.DraftHasNoSuchOrder(exercises=exercises) if exercises else say.DraftHasNoOrders()
            raise InvalidDose(str(fault))
        requested = drafted[code]
        dose = parse_dose(typed, rules.rulebook.exercises[code], requested.drafted, rules.rulebook.units)
        if dose != requested.drafted:
            found[code] = DoseChangeRequest(code, requested.current, requested.drafted, dose)
    return found


def _objections(
    case: PlanCase, requested: Mapping[str, RequestedDose], at: datetime
) -> tuple[tuple[Message | str, ...], tuple[Message | str, ...]]:
    evaluation = case.result.evaluation
    record = replace(evaluation.picture.record, at=at)
    found, screen = objections(record, requested), screen_objection(record, _rule(case))
    explain: tuple[Message | str, ...] = (
        *found.explain,
        *lower_since(evaluation.decision, requested, record.rulebook),
        *_edited(case),
        *_unseen(case, requested),
    )
    return (*found.forbids, *screen, *_out_of_date(case, at)), explain


def _rule(case: PlanCase) -> str:
    """The rule that the draft came from, as its decision records."""
    decision = written_with(case.plans, case.plan)
    if decision is None:
        return ""
    outcome = outcome_code(case.plans, decision)
    return next((rule for rule, known in OUTCOMES.items() if known.code == outcome), "")


def _edited(case: PlanCase) -> tuple[Message, ...]:
    """A draft that was edited in the EHR is approved as it is now, and knowingly."""
    return (say.DraftWasEdited(),) if open_draft_state(case.plans, case.plan).touched else ()


def _unseen(case: PlanCase, requested: Mapping[str, RequestedDose]) -> tuple[Message, ...]:
    """A dose above the one in force is approved knowingly while the record is incomplete or a fact is not known."""
    if all(is_within(dose.approved, dose.current) for dose in requested.values()):
        return ()
    evaluation = case.result.evaluation
    return (*incomplete_reasons(evaluation.completeness), *evaluation.picture.unknown)


def _out_of_date(case: PlanCase, at: datetime) -> tuple[Message, ...]:
    draft, in_force = open_draft_state(case.plans, case.plan), case.result.plan.reference
    found: list[Message] = []
    if is_outdated(draft, case.plans.rulebook, at):
        found.append(say.DraftIsTooOld(days=case.plans.rulebook.numbers.draft_valid_days))
    if in_force is not None and in_force not in targets(case.plan, "replaces"):
        found.append(say.DraftIsSuperseded(plan=in_force))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PhaseChoice:
    """`who` moves the active plan `plan` into `phase`, for a reason."""

    plan: str
    who: str
    phase: Phase
    reason: str


def set_phase(ehr: EHR, choice: PhaseChoice, rules: PlanningRules, at: datetime) -> DecisionResult:
    """Set the phase in one transaction. Raises EHRError and NotAPractitioner."""
    require_practitioner(ehr, choice.who)
    return carry_out_decision(ehr, choice.plan, rules, at, lambda case: phase_outcome(case, choice))


def phase_outcome(case: PlanCase, choice: PhaseChoice) -> DecisionOutcome:
    """What setting the phase writes, or why it is refused. Pure."""
    current = case.result.plan
    if current.reference != f"CarePlan/{case.plan['id']}" or case.plan.get("status") != "active":
        return DecisionOutcome(DecisionStatus.REFUSED, (say.OnlyPlanInForceHasPhase(),))
    if current.phase is choice.phase:
        return DecisionOutcome(DecisionStatus.ALREADY, (say.PhaseIsAlready(phase=PHASES[choice.phase]),))
    if current.phase not in CHOICES.get(choice.phase, frozenset()):
        reason = say.PhaseCannotFollow(phase=PHASES[choice.phase], current=PHASES[current.phase])
        return DecisionOutcome(DecisionStatus.REFUSED, (reason,))
    before, after, today = PHASES[current.phase], PHASES[choice.phase], plan_names(case.plans, case.plan).at.date()
    words = Banner(
        say.PlanCompletedTitle(),
        say.PlanPhaseSetBy(before=before, after=after, practitioner=choice.who, today=today),
        (say.PlanDecisionReason(reason=choice.reason),),
    )
    entries = phase_entries(case.plans, case.plan, choice.phase, PlanDecision(choice.who, choice.reason), words)
    return DecisionOutcome(DecisionStatus.DONE, (), (say.PlanPhaseChanged(before=before, after=after),), tuple(entries))
