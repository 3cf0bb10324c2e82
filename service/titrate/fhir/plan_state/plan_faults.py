"""Faults in the plan in force: parts of plan, state or orders that cannot be read, or are dated in the future.

An unreadable part may have set a lower dose than the readable parts show, so no dose rises until it is corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from titrate.clinical.values.plan import FlareGrade, Phase
from titrate.fhir import code_systems
from titrate.fhir.component_values import ComponentValues, by_code
from titrate.fhir.decision_record import LIMITS, OF_AN_EXERCISE, PHASE_BEFORE
from titrate.fhir.elements import (
    LIST,
    Resource,
    codes,
    instant,
    is_modified,
    local_date,
    modifier,
    name,
    part,
    parts,
    targets,
    text,
)
from titrate.fhir.plan_state.orders_without_code import may_be_an_order
from titrate.fhir.plan_state.other_authors import concerns_activity
from titrate.fhir.plan_state.plan_history import state_observation
from titrate.fhir.plan_state.plan_resources import PlanResources, decided_at, from_titrate
from titrate.fhir.plan_state.service_requests import activities, has_unreadable_dose, ordered_exercise

# The statuses of a request that say whether it counts. `unknown` is one of FHIR and does not.
_STATUSES = frozenset({"draft", "active", "on-hold", "revoked", "completed", "entered-in-error"})
_DATES = frozenset({"phase-since", "loading-since", "flare-first-day", "dose-since", "last-raised", "since"})
_PHASES = {"phase": Phase, PHASE_BEFORE: Phase, "flare-grade": FlareGrade}
_NUMBERS = frozenset({"usual-pain", "usual-fatigue", *LIMITS})
_NUMBERS_OF_AN_EXERCISE = OF_AN_EXERCISE - {"dose-since", "last-raised", "instruction"}
# A date that was written in a zone far to the east of the one in which it is read.
_ZONES_APART = timedelta(days=1)
_VOID = frozenset({"entered-in-error", "cancelled"})


def plan_faults(plans: PlanResources, plan: Resource | None) -> tuple[str, ...]:
    """The faults around the plan in force, each as `Type/id`, with the element where it is known."""
    found = [
        *(name(item) for item in plans.care_plans if _is_unreadable_plan(plans, item)),
        *(name(item) for item in plans.of_type("ServiceRequest") if _is_unreadable_order(plans, item)),
        *(f"{name(item)} code" for item in plans.of_type("ServiceRequest") if may_be_an_order(plans, item)),
    ]
    active = (item for item in plans.care_plans if text(item, "status") == "active" and concerns_activity(item))
    found += [f"{name(item)} activity" for item in active if _has_unreadable_activity(item)]
    if plan is not None:
        found += [*_in_plan(plans, plan), *_in_state(plans, plan), *_future_events(plans, plan)]
    return tuple(sorted(set(found)))


def _is_unreadable_plan(plans: PlanResources, plan: Resource) -> bool:
    """Whether a plan of the service, or another one about exercise, does not say whether it is in force."""
    if text(plan, "status") in _STATUSES:
        return False
    return from_titrate(plan, plans.site) or concerns_activity(plan) or bool(activities(plans, plan))


def _is_unreadable_order(plans: PlanResources, request: Resource) -> bool:
    """Whether an order of the service, or another one for an exercise of the library, cannot be understood.

    One of the service that was written ahead, or has not begun, cannot be the order in force.
    """
    own, exercise = from_titrate(request, plans.site), ordered_exercise(plans, request)
    status = text(request, "status")
    if (exercise is None and not own) or (status in _STATUSES and status != "active"):
        return False
    forbids = request.get("doNotPerform")
    unclear = status not in _STATUSES or not isinstance(forbids, bool | None)
    without_meaning = own and (exercise is None or is_modified(request) or _is_ahead(plans, request))
    return unclear or without_meaning or (forbids is not True and has_unreadable_dose(plans, request))


def _is_ahead(plans: PlanResources, request: Resource) -> bool:
    """Whether an order was written, or begins, after today."""
    periods = (part(request, "occurrencePeriod"), part(request, "occurrenceTiming", "repeat", "boundsPeriod"))
    dates = (request.get("authoredOn"), *(period.get("start") for period in periods))
    days = (local_date(one, plans.person.zone) for one in dates)
    return any(day is not None and day > plans.local_day(plans.at) for day in days)


def _in_plan(plans: PlanResources, plan: Resource) -> Iterator[str]:
    """A start that is unreadable or in the future, links that lead nowhere, and modifiers."""
    if not _has_begun(plans, plan):
        yield f"{name(plan)} period"
    if _has_unreadable_activity(plan):
        yield f"{name(plan)} activity"
    if from_titrate(plan, plans.site) and not _leads_to_state(plan):
        yield f"{name(plan)} supportingInfo"
    if (element := modifier(plan)) is not None:
        yield f"{name(plan)} {element}"


def _has_begun(plans: PlanResources, plan: Resource) -> bool:
    """Whether the plan starts today or earlier, or does not say when."""
    period = part(plan, "period")
    if plan.get("period") is None or (period and period.get("start") is None):
        return True
    start = local_date(period.get("start"), plans.person.zone)
    return start is not None and start <= plans.local_day(plans.at)


def _has_unreadable_activity(plan: Resource) -> bool:
    return not _is_readable(plan, "activity", _leads_somewhere)


def _leads_to_state(plan: Resource) -> bool:
    """Whether each of the supporting records can be followed: one of them is the decision that holds the state."""
    return _is_readable(plan, "supportingInfo", _is_known)


def _is_readable(element: Resource, key: str, says_what_it_is: Callable[[Resource], bool]) -> bool:
    """Whether every entry of a repeating element is an object that says what it is; a null is not."""
    listed = element.get(key)
    written = len(listed) if isinstance(listed, LIST) else int(listed is not None)
    found = parts(element, key)
    return len(found) == written and all(map(says_what_it_is, found))


def _is_known(reference: Resource) -> bool:
    """Whether a reference can be followed or is known to others."""
    return bool(text(reference, "reference") or part(reference, "identifier") or text(reference, "display"))


def _leads_somewhere(activity: Resource) -> bool:
    """Whether an activity has its detail, or a reference that can be followed or is known to others."""
    return bool(part(activity, "detail")) or _is_known(part(activity, "reference"))


def _in_state(plans: PlanResources, plan: Resource) -> Iterator[str]:
    """Components of the decision that holds the state, and newer decisions about the plan that cannot be read."""
    state, zone = state_observation(plans, plan), plans.person.zone
    if state is not None:
        day, today = plans.local_day(decided_at(state, zone)), plans.local_day(plans.at)
        yield from (f"{name(state)} {code}" for code in _decision_faults(state, plans.site.codes, zone, day, today))
        if (element := modifier(state)) is not None:
            yield f"{name(state)} {element}"
    supporting = targets(plan, "supportingInfo")
    for item in plans.of_type("Observation"):
        about_plan = name(item) in supporting or name(plan) in targets(item, "basedOn")
        newer = state is None or decided_at(item, zone) >= decided_at(state, zone)
        if about_plan and newer and item not in plans.decisions and _may_be_decision(plans, item):
            yield name(item)


def _future_events(plans: PlanResources, plan: Resource) -> Iterator[str]:
    """Events of the plan that are dated in the future: since when its limits are confirmed is not known."""
    for item in plans.of_type("Provenance"):
        recorded = instant(item.get("recorded"), plans.person.zone)
        if name(plan) in targets(item, "target") and recorded is not None and recorded > plans.at:
            yield f"{name(item)} recorded"


def _may_be_decision(plans: PlanResources, observation: Resource) -> bool:
    """Whether an Observation of the service is a decision that cannot be read as one, or dated in the future.

    The service writes decisions and assessments; another code is that of a decision that was changed.
    """
    if not from_titrate(observation, plans.site) or text(observation, "status") in _VOID:
        return False
    local = codes(part(observation, "code"), plans.site.codes)
    return code_systems.ASSESSMENT not in local


def _decision_faults(decision: Resource, system: str, zone: str, day: date, today: date) -> tuple[str, ...]:
    """The codes of components that carry no state although they should, sorted.

    `day` is the date of the decision: nothing in it can be later, and nothing can be later than `today`.
    """
    # The service writes its own codes only: a component without one may have been any part of the state.
    if not _is_readable(decision, "component", lambda one: bool(codes(part(one, "code"), system))):
        return ("component",)
    found = parts(decision, "component")
    values = ComponentValues.of(found, system, zone)
    last = min(today, day + _ZONES_APART)
    return tuple(sorted({code for code, _ in by_code(found, system) if not _is_usable(code, values, last)}))


def _is_usable(code: str, values: ComponentValues, last: date) -> bool:
    kind = code.rpartition(".")[2]
    if kind in _DATES:
        when = values.date(code)
        return when is not None and when <= last
    if code in _PHASES:
        return values.member(code, _PHASES[code]) is not None
    is_number = code in _NUMBERS or code.partition(".")[2].partition(".")[0] in _NUMBERS_OF_AN_EXERCISE
    return not is_number or values.number(code) is not None
