"""What one run does to the EHR, given the plan in force, its proposal and what earlier runs left. Pure.

Only a clinician approves. This module writes drafts, closes untouched drafts of the service, and records decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from titrate.app.close_stale import answered_tasks, cleared_alerts, revocations
from titrate.clinical.values.decision import ClassedSession, LimitUsed, Outcome, Prescription, SessionClass
from titrate.clinical.values.plan import OpenDraftState, Phase, PlanInForce
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.elements import Json, identifier
from titrate.fhir.entries import entries_of
from titrate.fhir.identifiers import attempts
from titrate.fhir.plan_state import OpenDraft, PriorRuns
from titrate.fhir.site import Site
from titrate.fhir.write import (
    PlanProposal,
    alert,
    compose,
    fingerprint,
    record,
    resource_ids,
    stopping_flags,
    text_task_entries,
)
from titrate.fhir.write.resource_ids import ResourceIds, in_force


class Transition(StrEnum):
    """What one run does to the EHR."""

    NOTHING = "nothing"
    WRITE_DRAFT = "write-draft"
    KEEP_DRAFT = "keep-draft"
    REPLACE_DRAFT = "replace-draft"
    WITHDRAW_DRAFT = "withdraw-draft"
    RECORD_DECISION = "record-decision"
    LEAVE_TOUCHED = "leave-touched"
    LEAVE_REJECTED = "leave-rejected"
    LEAVE_HELD = "leave-held"
    LEAVE_ENDED = "leave-ended"
    LEAVE_UNKNOWN = "leave-unknown"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class DraftCase:
    """A proposal beside what earlier runs left, with the identifiers of what this run would write."""

    proposal: PlanProposal
    prior: PriorRuns
    names: ResourceIds
    at: datetime

    @classmethod
    def of(cls, proposal: PlanProposal, prior: PriorRuns, site: Site, at: datetime) -> Self:
        """The case at `at`. Versions that ended or expired cannot be used again."""
        expired = {draft.state.version for draft in prior.drafts if has_expired(draft.state, proposal.rulebook, at)}
        proposal = replace(proposal, spent=prior.spent | expired)
        return cls(proposal, prior, resource_ids(proposal, site, at), at)

    @property
    def stale_drafts(self) -> tuple[OpenDraft, ...]:
        """Open drafts that no one has touched and that differ from this proposal."""
        return tuple(
            draft
            for draft in self.prior.drafts
            if not draft.state.touched and draft.state.version != self.names.version
        )

    @property
    def is_plan_unknown(self) -> bool:
        """Whether no plan in force was found and plans or orders are not complete: then there may be one."""
        return self.proposal.plan.reference is None and not self.proposal.completeness.knows_plan

    @property
    def is_drafted(self) -> bool:
        """Whether this proposal is an open draft already."""
        return any(draft.state.version == self.names.version for draft in self.prior.drafts)

    @property
    def is_touched(self) -> bool:
        """Whether an open draft was edited in the EHR."""
        return any(draft.state.touched for draft in self.prior.drafts)

    @property
    def is_stopped(self) -> bool:
        """Whether the plan in force is already one without exercise."""
        return self.proposal.plan.reference is not None and self.proposal.plan.phase is Phase.STOPPED

    @property
    def is_new_decision(self) -> bool:
        """Whether the decision differs from the last one recorded, which was not recorded today."""
        if self.prior.decided_on is not None and self.prior.decided_on >= self.names.at.date():
            return False
        return self.prior.fingerprint != fingerprint(self.proposal, self.names)

    @property
    def has_new_alerts(self) -> bool:
        """Whether a flag that stops exercise has no Flag resource yet."""
        flags = stopping_flags(self.proposal)
        return any(self.names.flag_value(flag) not in self.prior.known_flags for flag in flags)

    @property
    def paused(self) -> Transition | None:
        """The transition for a plan that a clinician suspended or ended; only they or a new baseline start it again."""
        if self.proposal.plan.on_hold:
            return Transition.LEAVE_HELD
        ended, tried = self.prior.ended_on, self.proposal.tried
        return Transition.LEAVE_ENDED if ended is not None and (tried is None or tried <= ended) else None

    @property
    def is_rejected(self) -> bool:
        """Whether a clinician rejected this prescription lately, and no session has counted since."""
        proposal, names = self.proposal, self.names
        versions = attempts(names.series, in_force(proposal), proposal.prescription, self.prior.spent)
        rejected = self.prior.rejected
        when = max((rejected[version] for version in versions if version in rejected), default=None)
        valid = timedelta(days=int(proposal.rulebook.numbers.rejection_valid_days))
        if when is None or names.at - when > valid:
            return False
        return not any(_counts(session) and session.end > when for session in proposal.assessment.sessions)


@dataclass(frozen=True, slots=True)
class DraftAction:
    """What a run does to the EHR, with its transaction entries."""

    transition: Transition
    entries: tuple[Json, ...] = ()


def draft_action(proposal: PlanProposal | None, prior: PriorRuns, site: Site, at: datetime) -> DraftAction:
    """The transition from what earlier runs left to the proposal. Without a proposal nothing is written."""
    if proposal is None:
        return DraftAction(Transition.NOTHING)
    case = DraftCase.of(proposal, prior, site, at)
    chosen = transition(case)
    return DraftAction(chosen, tuple(draft_entries(case, chosen)))


def transition(case: DraftCase) -> Transition:
    """What to do. The first row that fits decides."""
    proposal = case.proposal
    if proposal.decision.outcome is Outcome.NOT_ELIGIBLE:
        return Transition.NOTHING
    if case.is_plan_unknown:
        stops = proposal.decision.outcome is Outcome.STOP_ESCALATE and case.has_new_alerts
        return Transition.STOP if stops else Transition.LEAVE_UNKNOWN
    if proposal.decision.outcome is Outcome.STOP_ESCALATE:
        return _on_red_flag(case)
    if case.is_touched:
        return Transition.LEAVE_TOUCHED
    if case.paused is not None:
        return Transition.WITHDRAW_DRAFT if case.prior.drafts else case.paused
    if same_prescription(proposal.plan, proposal.prescription, case.prior.limits):
        return _on_same_prescription(case)
    return _on_new_prescription(case)


def _on_red_flag(case: DraftCase) -> Transition:
    """Alerts, a draft without exercises, and no other open draft of the service."""
    if case.has_new_alerts or case.stale_drafts:
        return Transition.STOP
    if case.is_drafted:
        return Transition.KEEP_DRAFT
    if case.is_touched:
        return Transition.LEAVE_TOUCHED
    if case.paused is not None:
        return case.paused
    return _on_same_prescription(case) if case.is_stopped else Transition.STOP


def _on_same_prescription(case: DraftCase) -> Transition:
    """The plan in force stays: no draft, and at most one decision a day, if it differs from the last one."""
    if case.prior.drafts:
        return Transition.WITHDRAW_DRAFT
    return Transition.RECORD_DECISION if case.is_new_decision else Transition.NOTHING


def _on_new_prescription(case: DraftCase) -> Transition:
    if case.stale_drafts:
        return Transition.REPLACE_DRAFT
    if case.is_drafted:
        return Transition.KEEP_DRAFT
    return Transition.LEAVE_REJECTED if case.is_rejected else Transition.WRITE_DRAFT


def draft_entries(case: DraftCase, action: Transition) -> list[Json]:
    """The transaction entries of a transition, and Tasks for texts that a clinician should read; can be empty."""
    return [*_transition_entries(case, action), *_text_tasks(case)]


def _text_tasks(case: DraftCase) -> list[Json]:
    """New Tasks, whatever the transition, and those that are done; on an incomplete record no Task is done."""
    names, tasks = case.names, case.prior.text_tasks
    known = frozenset(filter(None, (identifier(task, names.site.resource_system) for task in tasks)))
    needed = frozenset(names.text_value(one.stamp.source.reference) for one in case.proposal.reopened)
    done = [] if case.proposal.completeness.deciding else answered_tasks(tasks, needed, case.at)
    return [*text_task_entries(case.proposal, names, known), *done]


def _transition_entries(case: DraftCase, action: Transition) -> list[Json]:
    at, site = case.at, case.names.site
    # What closes a flag may be missing from an incomplete record, and so may a draft.
    complete = not case.proposal.completeness.deciding
    cleared = cleared_alerts(case.prior.open_alerts, _open_flag_values(case), at) if complete else []
    revoked = [] if case.is_plan_unknown else revocations(case.stale_drafts, at)
    match action:
        case Transition.WRITE_DRAFT | Transition.REPLACE_DRAFT:
            return [*entries_of(compose(case.proposal, site, at)), *revoked, *cleared]
        case Transition.STOP:
            return [*_stop(case), *revoked, *cleared]
        case Transition.WITHDRAW_DRAFT:
            recorded = _recorded(case) if case.paused is None else []
            return [*recorded, *revocations(case.prior.drafts, at), *cleared]
        case Transition.RECORD_DECISION:
            return [*entries_of(record(case.proposal, site, at)), *cleared]
        case _:
            return cleared


def _recorded(case: DraftCase) -> list[Json]:
    """The decision to record today, if it differs from the last one."""
    return entries_of(record(case.proposal, case.names.site, case.at)) if case.is_new_decision else []


def _stop(case: DraftCase) -> list[Json]:
    """The alerts, and the draft without exercises unless a touched, identical, suspended or unknown plan prevents it.

    A plan that is stopped already needs no draft. Its decision is recorded at once, or the next run would record it.
    """
    site, at = case.names.site, case.at
    alerts = entries_of(alert(case.proposal, site, at))
    if case.is_plan_unknown or case.is_drafted or case.is_touched or case.paused is not None:
        return alerts
    if case.is_stopped:
        return [*alerts, *_recorded(case)]
    return entries_of(compose(case.proposal, site, at))


def same_prescription(plan: PlanInForce, prescription: Prescription, shown: Iterable[LimitUsed] | None) -> bool:
    """Whether the plan in force has these doses, frequencies, and the limits it showed. Phases do not count."""
    if plan.reference is None:
        return False
    now = {item.exercise: (item.dose, item.weekly_frequency) for item in plan.exercises if item.dose}
    then = {item.exercise: (item.dose, item.weekly_frequency) for item in prescription.exercises if item.dose}
    before = {limit.name: (limit.value, limit.unit) for limit in shown or ()}
    after = {limit.name: (limit.value, limit.unit) for limit in prescription.limits}
    return now == then and all(before[name] == after[name] for name in before.keys() & after.keys())


def _open_flag_values(case: DraftCase) -> frozenset[str]:
    """The identifier values of the Flags that stay open."""
    return frozenset(case.names.flag_value(flag) for flag in case.proposal.flags)


def has_expired(draft: OpenDraftState, rulebook: Rulebook, at: datetime) -> bool:
    """Whether an untouched draft has waited for longer than DRAFT_VALID_DAYS."""
    return not draft.touched and is_outdated(draft, rulebook, at)


def is_outdated(draft: OpenDraftState, rulebook: Rulebook, at: datetime) -> bool:
    """Whether a draft is older than DRAFT_VALID_DAYS."""
    valid = timedelta(days=int(rulebook.numbers.draft_valid_days))
    return draft.created is not None and at - draft.created > valid


def _counts(session: ClassedSession) -> bool:
    return session.session_class is not SessionClass.N and not session.preliminary
