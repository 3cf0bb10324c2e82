"""From the plan that stands and the one wanted to what is written: the table of transitions. Pure.

Approval is a person's; this module only writes drafts, closes untouched drafts of ours, and records decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.clinical.decision import LimitUsed, Outcome, Prescription
from service.clinical.plan import Phase, PlanInForce
from service.fhir.composing import Wanted, alert, compose, fingerprint, names_of, record, stopping_flags, transaction
from service.fhir.composing.names import Names, in_force
from service.fhir.elements import Json
from service.fhir.identity import attempts
from service.fhir.site import Site
from service.fhir.standing import Footprint, OpenDraft
from service.sync.revoking import revocations

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
    STOP = "stop"


def renewed(wanted: Wanted, footprint: Footprint, at: datetime) -> Wanted:
    """The same with the versions that cannot be used again: revoked ones, and drafts that have expired."""
    expired = {draft.seen.version for draft in footprint.drafts if _expired(draft, at)}
    return replace(wanted, spent=footprint.spent | expired)


def transition(wanted: Wanted, footprint: Footprint, site: Site, at: datetime) -> Transition:
    """What to do. The first row that fits decides."""
    if wanted.decision.outcome is Outcome.NOT_ELIGIBLE:
        return Transition.NOTHING
    wanted = renewed(wanted, footprint, at)
    names = names_of(wanted, site, at)
    if wanted.decision.outcome is Outcome.STOP_ESCALATE:
        return _stopping(wanted, footprint, names)
    if any(draft.seen.touched for draft in footprint.drafts):
        return Transition.LEAVE_TOUCHED
    if same_prescription(wanted.plan, wanted.prescription, footprint.limits):
        return _standing(wanted, footprint, names)
    return _proposing(wanted, footprint, names)


def _stopping(wanted: Wanted, footprint: Footprint, names: Names) -> Transition:
    """A red flag: alerts, a draft without exercises, and no other open draft of ours."""
    if _new_alerts(wanted, footprint, names) or _stale(footprint, names):
        return Transition.STOP
    if _is_open(footprint, names):
        return Transition.KEEP_DRAFT
    return _standing(wanted, footprint, names) if _stopped(wanted) else Transition.STOP


def _standing(wanted: Wanted, footprint: Footprint, names: Names) -> Transition:
    """The plan in force is what is wanted: no draft, and a decision a day at most, if it says something new."""
    if footprint.drafts:
        return Transition.WITHDRAW_DRAFT
    return Transition.RECORD_DECISION if _says_something_new(wanted, footprint, names) else Transition.NOTHING


def _proposing(wanted: Wanted, footprint: Footprint, names: Names) -> Transition:
    """Another prescription than the one in force."""
    if _stale(footprint, names):
        return Transition.REPLACE_DRAFT
    if _is_open(footprint, names):
        return Transition.KEEP_DRAFT
    return Transition.LEAVE_REJECTED if _rejected(wanted, footprint, names) else Transition.WRITE_DRAFT


def bundle_to_send(move: Transition, wanted: Wanted, footprint: Footprint, site: Site, at: datetime) -> Json:
    """The transaction for a transition; without an entry where nothing is to be written."""
    wanted = renewed(wanted, footprint, at)
    names = names_of(wanted, site, at)
    closing = revocations(_stale(footprint, names), at)
    if move is Transition.WRITE_DRAFT or move is Transition.REPLACE_DRAFT:
        return _joined(compose(wanted, site, at), closing)
    if move is Transition.STOP:
        there = _is_open(footprint, names) or _stopped(wanted)
        return _joined((alert if there else compose)(wanted, site, at), closing)
    if move is Transition.WITHDRAW_DRAFT:
        closing = revocations(footprint.drafts, at)
        new = _says_something_new(wanted, footprint, names)
        return _joined(record(wanted, site, at) if new else transaction([]), closing)
    return record(wanted, site, at) if move is Transition.RECORD_DECISION else transaction([])


def same_prescription(
    plan: PlanInForce, prescription: Prescription, shown: Iterable[LimitUsed] | None
) -> bool:
    """Whether the plan in force already says it: doses, frequencies, and the limits it showed. Phases do not count."""
    if plan.reference is None:
        return False
    now = {item.exercise: (item.dose, item.weekly_frequency) for item in plan.exercises if item.dose}
    then = {item.exercise: (item.dose, item.weekly_frequency) for item in prescription.exercises if item.dose}
    before = {limit.name: (limit.value, limit.unit) for limit in shown or ()}
    after = {limit.name: (limit.value, limit.unit) for limit in prescription.limits}
    return now == then and all(before[name] == after[name] for name in before.keys() & after.keys())


def _says_something_new(wanted: Wanted, footprint: Footprint, names: Names) -> bool:
    if footprint.decided is not None and footprint.decided >= names.at.date():
        return False
    return footprint.fingerprint != fingerprint(wanted, names)


def _stale(footprint: Footprint, names: Names) -> tuple[OpenDraft, ...]:
    """Open drafts of ours that nobody touched and that are not what is wanted now."""
    return tuple(
        draft for draft in footprint.drafts if not draft.seen.touched and draft.seen.version != names.version
    )


def _is_open(footprint: Footprint, names: Names) -> bool:
    return any(draft.seen.version == names.version for draft in footprint.drafts)


def _stopped(wanted: Wanted) -> bool:
    """Whether the plan in force is already one without exercise."""
    return wanted.plan.reference is not None and wanted.plan.phase is Phase.STOPPED


def _new_alerts(wanted: Wanted, footprint: Footprint, names: Names) -> bool:
    return any(names.flag_value(flag) not in footprint.alerts for flag in stopping_flags(wanted))


def _expired(draft: OpenDraft, at: datetime) -> bool:
    created = draft.seen.created
    return not draft.seen.touched and created is not None and at - created > DRAFT_LASTS


def _rejected(wanted: Wanted, footprint: Footprint, names: Names) -> bool:
    """Whether a person turned this prescription down in the last 7 days."""
    tried = attempts(names.series, in_force(wanted), wanted.prescription, footprint.spent)
    when = [footprint.rejected[version] for version in tried if version in footprint.rejected]
    return bool(when) and names.at - max(when) <= REJECTION_LASTS


def _joined(bundle: Json, closing: list[Json]) -> Json:
    return transaction([*bundle.get("entry", []), *closing])


