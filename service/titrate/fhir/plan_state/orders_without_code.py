"""Orders of other authors that lost their code: whether they may order or forbid an exercise (B13.15)."""

from __future__ import annotations

from datetime import timedelta

from titrate.clinical.values.code_lookup import plain_words
from titrate.fhir.elements import Resource, coding_keys, concept_texts, local_date, part, parts, text, updated
from titrate.fhir.plan_state.plan_resources import PlanResources, from_titrate
from titrate.fhir.plan_state.service_requests import is_in_force
from titrate.fhir.unreadable_codes import words_in


def may_be_an_order(plans: PlanResources, request: Resource) -> bool:
    """Whether an active order of another author has no readable code and may be for an exercise.

    It is one if its words name an exercise, or if it states a quantity or forbids something. Another one without a
    category may be one for some days.
    """
    if from_titrate(request, plans.site) or not is_in_force(plans, request) or coding_keys(part(request, "code")):
        return False
    states = request.get("doNotPerform") is True or _states_quantity(request)
    if _names_exercise(plans, request):
        return states
    if any(concept_texts(part(request, "code"))):
        return False
    return states or (not parts(request, "category") and _is_recent(plans, request))


def _states_quantity(request: Resource) -> bool:
    return any(key.startswith("quantity") and value is not None for key, value in request.items())


def _names_exercise(plans: PlanResources, request: Resource) -> bool:
    """Whether the code, of whatever shape, has the id or the name of an exercise."""
    library = plans.rulebook.exercises
    names = {plain_words(one) for code, exercise in library.items() for one in (code, exercise.display)}
    return any(plain_words(one) in names for one in words_in(request.get("code")))


def _is_recent(plans: PlanResources, request: Resource) -> bool:
    """Whether it was written in the last days, or nothing says when."""
    zone = plans.person.zone
    written, changed = local_date(text(request, "authoredOn"), zone), updated(request, zone)
    day = written or (changed.date() if changed is not None else None)
    days = timedelta(days=int(plans.rulebook.numbers.unreadable_days))
    return day is None or plans.local_day(plans.at) - day <= days
