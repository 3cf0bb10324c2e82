"""`approve` and `reject`: a clinician's decision on a draft, as one act. The command line and the API call these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from titrate.app.decisions.decide_on_plan import Case, Ending, Proposal, Settled, settle
from titrate.app.draft_lifecycle import DRAFT_LASTS
from titrate.app.pipeline import Rules
from titrate.clinical.outcome.approval_checks import Asked, lower_since, objections, screen_objection
from titrate.clinical.rules.decision_table import OUTCOMES
from titrate.clinical.values.plan import Dose
from titrate.ehr.client import EHR
from titrate.fhir.elements import Json, targets
from titrate.fhir.narrative.plan_differences import differences, version_in_force
from titrate.fhir.plan_state import footprint, stand
from titrate.fhir.plan_state.current_plan import written_with
from titrate.fhir.plan_state.decision_record import remember
from titrate.fhir.plan_state.plan_dates import past_decision
from titrate.fhir.plan_state.plan_reader import draft_seen
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.simulate_transaction import applied
from titrate.fhir.transitions.approve_and_reject import Words, activated, plan_names, turned_down
from titrate.fhir.transitions.dose_change import Redose
from titrate.fhir.transitions.dose_input import NotADose, dose_of
from titrate.fhir.transitions.plan_members import plan_set
from titrate.fhir.transitions.provenance import Act
from titrate.settings.validators import ID_PATTERN

PERSON = re.compile(f"(?:Practitioner|PractitionerRole)/{ID_PATTERN}")


class NotAPerson(ValueError):
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


def approve(ehr: EHR, approval: Approval, rules: Rules, at: datetime) -> Settled:
    """Approve a draft in one transaction. Raises EHRError, NotAPerson, and NotADose for an amount that is none."""
    known_person(ehr, approval.who)
    return settle(ehr, approval.plan, rules, at, lambda case: approval_of(case, approval, rules, at))


def reject(ehr: EHR, rejection: Rejection, rules: Rules, at: datetime) -> Settled:
    """Reject a draft in one transaction. Raises EHRError and NotAPerson."""
    known_person(ehr, rejection.who)
    return settle(ehr, rejection.plan, rules, at, lambda case: rejection_of(case, rejection))


def approval_of(case: Case, approval: Approval, rules: Rules, at: datetime) -> Proposal:
    """What approving would write, or why it may not be. Pure."""
    settled = _not_a_draft(case, "active")
    if settled is not None:
        return settled
    redoses = _redoses(case, approval.doses, rules)
    asked = {**_drafted(case), **{code: Asked(r.current, r.drafted, r.approved) for code, r in redoses.items()}}
    forbids, explain = _objections(case, asked, rules, at)
    if forbids or (explain and not approval.reason):
        needs = () if forbids else tuple(f"{item} (give a reason to approve it all the same)" for item in explain)
        return Proposal(Ending.REFUSED, (*forbids, *needs))
    changed = [redose.words for redose in redoses.values()]
    because = (f"Reason: {approval.reason}",) if approval.reason else ()
    more = (*(f"Dose changed on approval: {line}" for line in changed), *because)
    today = plan_names(case.holdings, case.plan).today
    words = Words("APPROVED", f"Approved by {approval.who} on {today}.", more)
    entries = activated(case.holdings, case.plan, Act(approval.who, approval.reason), words, redoses)
    return Proposal(Ending.DONE, explain, _changes(case, entries, rules, at), tuple(entries))


def _changes(case: Case, entries: list[Json], rules: Rules, at: datetime) -> tuple[str, ...]:
    """What the approved plan changes against the one in force until now."""
    person, book, site = case.walked.heard.person, rules.rulebook, rules.site
    after = applied(case.resources, entries)
    then = footprint(case.resources, person, book, site, at).limits or ()
    now = footprint(after, person, book, site, at).limits or ()
    plan = stand(after, person, book, site, at)
    return differences(version_in_force(case.walked.plan, then), version_in_force(plan, now), book)


def rejection_of(case: Case, rejection: Rejection) -> Proposal:
    """What rejecting would write, or why it may not be. Pure."""
    settled = _not_a_draft(case, "revoked")
    if settled is not None:
        return settled
    today = plan_names(case.holdings, case.plan).today
    words = Words("REJECTED", f"Rejected by {rejection.who} on {today}.", (f"Reason: {rejection.reason}",))
    entries = turned_down(case.holdings, case.plan, Act(rejection.who, rejection.reason), words)
    return Proposal(Ending.DONE, entries=tuple(entries))


def known_person(ehr: EHR, who: str) -> None:
    """The person must be in the EHR: an approval by nobody is none."""
    if not PERSON.fullmatch(who):
        raise NotAPerson("Name the clinician as Practitioner/ID or PractitionerRole/ID.")
    ehr.get(who, f"read {who.split('/', maxsplit=1)[0]}")


def _not_a_draft(case: Case, wanted: str) -> Proposal | None:
    status = str(case.plan.get("status"))
    if status == "draft":
        return None
    if status == wanted:
        return Proposal(Ending.ALREADY, (f"the plan is {status} already",))
    return Proposal(Ending.REFUSED, (f"the plan is {status}: only a draft can be decided on",))


def _drafted(case: Case) -> dict[str, Asked]:
    """Every exercise of the draft: the dose in force and the draft's, as its orders say it now."""
    memory = remember(case.holdings, written_with(case.holdings, case.plan))
    current = _current(case)
    found: dict[str, Asked] = {}
    for resource in plan_set(case.holdings, case.plan).orders:
        order = read_order(case.holdings, resource)
        if order is not None and order.status == "draft":
            dose = order.dose(memory.dose(order.exercise))
            found[order.exercise] = Asked(current.get(order.exercise), dose, dose)
    return found


def _current(case: Case) -> dict[str, Dose | None]:
    return {state.exercise: state.dose for state in case.walked.plan.exercises}


def _redoses(case: Case, doses: Mapping[str, str], rules: Rules) -> dict[str, Redose]:
    """The doses that differ from the draft's. Raises NotADose, also for an exercise that the draft has no order for."""
    drafted = _drafted(case)
    found: dict[str, Redose] = {}
    for code, typed in doses.items():
        if code not in drafted:
            raise NotADose(f"The draft has no order for this exercise. It has: {', '.join(sorted(drafted)) or 'none'}")
        asked = drafted[code]
        dose = dose_of(typed, rules.rulebook.exercises[code], asked.drafted)
        if dose != asked.drafted:
            found[code] = Redose(code, asked.current, asked.drafted, dose)
    return found


def _objections(
    case: Case, asked: Mapping[str, Asked], rules: Rules, at: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    walked, book = case.walked, rules.rulebook
    found = objections(walked.heard, walked.plan, book, at, asked)
    screen = screen_objection(walked.heard, walked.plan, book, at, _rule(case))
    explain = (*found.explain, *lower_since(walked.result.decision, asked), *_edited(case))
    return (*found.forbids, *screen, *_out_of_date(case, at)), explain


def _rule(case: Case) -> str:
    """The rule that the draft came from, as its decision says."""
    decision = written_with(case.holdings, case.plan)
    if decision is None:
        return ""
    outcome = past_decision(case.holdings, decision).outcome
    return next((rule for rule, known in OUTCOMES.items() if known.code == outcome), "")


def _edited(case: Case) -> tuple[str, ...]:
    """A draft that somebody changed is approved as it stands now, and knowingly."""
    return ("the draft was changed by a person",) if draft_seen(case.holdings, case.plan).touched else ()


def _out_of_date(case: Case, at: datetime) -> tuple[str, ...]:
    seen, in_force = draft_seen(case.holdings, case.plan), case.walked.plan.reference
    found = []
    if seen.created is not None and at - seen.created > DRAFT_LASTS:
        found.append(f"the draft is older than {DRAFT_LASTS.days} days: run again for a new one")
    if in_force is not None and in_force not in targets(case.plan, "replaces"):
        found.append(f"the draft does not build on the plan in force, {in_force}: run again for a new one")
    return tuple(found)
