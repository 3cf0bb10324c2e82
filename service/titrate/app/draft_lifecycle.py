"""From the plan that stands and the one wanted to what is written: the table of transitions. Pure.

Approval is a person's; this module only writes drafts, closes untouched drafts of ours, and records decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from titrate.app.close_stale import cleared_alerts, open_values, revocations
from titrate.clinical.values.decision import ClassedSession, LimitUsed, Outcome, Prescription, SessionClass
from titrate.clinical.values.plan import Phase, PlanInForce
from titrate.fhir.elements import Json
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
    transaction,
)
from titrate.fhir.write.resource_ids import ResourceIds, in_force

DRAFT_LASTS = timedelta(days=14)
REJECTION_LASTS = timedelta(days=7)


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
    STOP = "stop"


def with_expired_versions(proposal: PlanProposal, footprint: PriorRuns, at: datetime) -> PlanProposal:
    """The same with the versions that cannot be used again: revoked ones, and drafts that have expired."""
    expired = {draft.seen.version for draft in footprint.drafts if _expired(draft, at)}
    return replace(proposal, spent=footprint.spent | expired)


def transition(proposal: PlanProposal, footprint: PriorRuns, site: Site, at: datetime) -> Transition:
    """What to do. The first row that fits decides."""
    if proposal.decision.outcome is Outcome.NOT_ELIGIBLE:
        return Transition.NOTHING
    proposal = with_expired_versions(proposal, footprint, at)
    names = resource_ids(proposal, site, at)
    if proposal.decision.outcome is Outcome.STOP_ESCALATE:
        return _stopping(proposal, footprint, names)
    if _touched(footprint):
        return Transition.LEAVE_TOUCHED
    paused = _paused(proposal, footprint)
    if paused is not None:
        return Transition.WITHDRAW_DRAFT if footprint.drafts else paused
    if same_prescription(proposal.plan, proposal.prescription, footprint.limits):
        return _standing(proposal, footprint, names)
    return _proposing(proposal, footprint, names)


def _stopping(proposal: PlanProposal, footprint: PriorRuns, names: ResourceIds) -> Transition:
    """A red flag: alerts, a draft without exercises, and no other open draft of ours."""
    if _new_alerts(proposal, footprint, names) or _stale(footprint, names):
        return Transition.STOP
    if _is_open(footprint, names):
        return Transition.KEEP_DRAFT
    if _touched(footprint):
        return Transition.LEAVE_TOUCHED
    paused = _paused(proposal, footprint)
    if paused is not None:
        return paused
    return _standing(proposal, footprint, names) if _stopped(proposal) else Transition.STOP


def _paused(proposal: PlanProposal, footprint: PriorRuns) -> Transition | None:
    """Whether a person has put the plan on hold, or ended it: then only they, or a new baseline, start it again."""
    held = (item for item in proposal.plan.overrides if item.reference == proposal.plan.reference)
    if any(item.element == "status" and item.theirs == "on-hold" for item in held):
        return Transition.LEAVE_HELD
    if footprint.ended is not None and (proposal.tried is None or proposal.tried <= footprint.ended):
        return Transition.LEAVE_ENDED
    return None


def _standing(proposal: PlanProposal, footprint: PriorRuns, names: ResourceIds) -> Transition:
    """The plan in force is what is wanted: no draft, and a decision a day at most, if it says something new."""
    if footprint.drafts:
        return Transition.WITHDRAW_DRAFT
    return Transition.RECORD_DECISION if _says_something_new(proposal, footprint, names) else Transition.NOTHING


def _proposing(proposal: PlanProposal, footprint: PriorRuns, names: ResourceIds) -> Transition:
    """Another prescription than the one in force."""
    if _stale(footprint, names):
        return Transition.REPLACE_DRAFT
    if _is_open(footprint, names):
        return Transition.KEEP_DRAFT
    return Transition.LEAVE_REJECTED if _rejected(proposal, footprint, names) else Transition.WRITE_DRAFT


def transition_bundle(move: Transition, proposal: PlanProposal, footprint: PriorRuns, site: Site, at: datetime) -> Json:
    """The transaction for a transition; without an entry where nothing is to be written."""
    proposal = with_expired_versions(proposal, footprint, at)
    names = resource_ids(proposal, site, at)
    settled = cleared_alerts(footprint.alarms, open_values(proposal, names), at)
    stale = revocations(_stale(footprint, names), at)
    if move is Transition.WRITE_DRAFT or move is Transition.REPLACE_DRAFT:
        return _joined(compose(proposal, site, at), [*stale, *settled])
    if move is Transition.STOP:
        return _joined(_stop(proposal, footprint, names, at), [*stale, *settled])
    if move is Transition.WITHDRAW_DRAFT:
        new = _paused(proposal, footprint) is None and _says_something_new(proposal, footprint, names)
        closing = [*revocations(footprint.drafts, at), *settled]
        return _joined(record(proposal, site, at) if new else transaction([]), closing)
    written = record(proposal, site, at) if move is Transition.RECORD_DECISION else transaction([])
    return _joined(written, settled)


def _stop(proposal: PlanProposal, footprint: PriorRuns, names: ResourceIds, at: datetime) -> Json:
    """The alerts, and the draft without exercises unless something stands in its way.

    A plan that is stopped already needs no draft. Its decision is told at once, or the next run would tell it.
    """
    site = names.site
    if _is_open(footprint, names) or _touched(footprint) or _paused(proposal, footprint) is not None:
        return alert(proposal, site, at)
    if not _stopped(proposal):
        return compose(proposal, site, at)
    told = record(proposal, site, at)["entry"] if _says_something_new(proposal, footprint, names) else []
    return _joined(alert(proposal, site, at), told)


def same_prescription(plan: PlanInForce, prescription: Prescription, shown: Iterable[LimitUsed] | None) -> bool:
    """Whether the plan in force already says it: doses, frequencies, and the limits it showed. Phases do not count."""
    if plan.reference is None:
        return False
    now = {item.exercise: (item.dose, item.weekly_frequency) for item in plan.exercises if item.dose}
    then = {item.exercise: (item.dose, item.weekly_frequency) for item in prescription.exercises if item.dose}
    before = {limit.name: (limit.value, limit.unit) for limit in shown or ()}
    after = {limit.name: (limit.value, limit.unit) for limit in prescription.limits}
    return now == then and all(before[name] == after[name] for name in before.keys() & after.keys())


def _says_something_new(proposal: PlanProposal, footprint: PriorRuns, names: ResourceIds) -> bool:
    if footprint.decided is not None and footprint.decided >= names.at.date():
        return False
    return footprint.fingerprint != fingerprint(proposal, names)


def _stale(footprint: PriorRuns, names: ResourceIds) -> tuple[OpenDraft, ...]:
    """Open drafts of ours that nobody touched and that are not what is wanted now."""
    return tuple(draft for draft in footprint.drafts if not draft.seen.touched and draft.seen.version != names.version)


def _is_open(footprint: PriorRuns, names: ResourceIds) -> bool:
    return any(draft.seen.version == names.version for draft in footprint.drafts)


def _touched(footprint: PriorRuns) -> bool:
    return any(draft.seen.touched for draft in footprint.drafts)


def _stopped(proposal: PlanProposal) -> bool:
    """Whether the plan in force is already one without exercise."""
    return proposal.plan.reference is not None and proposal.plan.phase is Phase.STOPPED


def _new_alerts(proposal: PlanProposal, footprint: PriorRuns, names: ResourceIds) -> bool:
    return any(names.flag_value(flag) not in footprint.alerts for flag in stopping_flags(proposal))


def _expired(draft: OpenDraft, at: datetime) -> bool:
    created = draft.seen.created
    return not draft.seen.touched and created is not None and at - created > DRAFT_LASTS


def _rejected(proposal: PlanProposal, footprint: PriorRuns, names: ResourceIds) -> bool:
    """Whether a person turned this prescription down in the last 7 days, and no session has counted since."""
    tried = attempts(names.series, in_force(proposal), proposal.prescription, footprint.spent)
    when = max((footprint.rejected[version] for version in tried if version in footprint.rejected), default=None)
    if when is None or names.at - when > REJECTION_LASTS:
        return False
    return not any(_counts(session) and session.end > when for session in proposal.assessment.sessions)


def _counts(session: ClassedSession) -> bool:
    return session.klass is not SessionClass.N and not session.preliminary


def _joined(bundle: Json, closing: list[Json]) -> Json:
    return transaction([*bundle.get("entry", []), *closing])
