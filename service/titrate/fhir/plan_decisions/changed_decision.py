"""A plan's decision Observation written again: with the doses as approved, or in a phase that a clinician sets.

The changed doses are then the doses in force, from which the next step continues. A dose that is edited in the EHR
later differs from the recorded one, and that is an override.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from titrate.clinical.values.dose_math import is_within
from titrate.clinical.values.plan import Dose, Phase
from titrate.fhir.content_digest import content_digest
from titrate.fhir.decision_record import DecisionRecord, ExerciseRecord, rewritten
from titrate.fhir.doses import dose_words, order_text, quantity, read_dose_text
from titrate.fhir.elements import Json, Resource, name, part, parts, text
from titrate.fhir.plan_state.other_authors import known_to
from titrate.fhir.plan_state.plan_history import read_decision, state_observation, written_with
from titrate.fhir.plan_state.plan_resources import PlanResources
from titrate.fhir.plan_state.service_requests import read_order
from titrate.fhir.write.resource_ids import ResourceIds
from titrate.messages import Message
from titrate.messages.plan_decisions import DoseChangedOnApproval


@dataclass(frozen=True, slots=True)
class DoseChangeRequest:
    """The dose of one exercise: in force (None: none yet), drafted, and as the clinician approves it."""

    exercise: str
    current: Dose | None
    drafted: Dose | None
    approved: Dose

    @property
    def message(self) -> Message:
        """The line of the banner: `Dose changed on approval: walking from 16 min to 14 min`."""
        drafted, approved = dose_words(self.drafted), dose_words(self.approved)
        return DoseChangedOnApproval(exercise=self.exercise, drafted=drafted, approved=approved)


def order_changes(order: Resource, change: DoseChangeRequest) -> Json:
    """The elements of an order that give the approved dose."""
    kept = [detail for detail in parts(order, "orderDetail") if not _gives_dose(detail, change.drafted)]
    return {
        "quantityQuantity": quantity(change.approved.amount, change.approved.unit),
        "orderDetail": [{"text": order_text(change.approved)}, *kept],
    }


def _gives_dose(detail: Resource, drafted: Dose | None) -> bool:
    words = text(detail, "text") or ""
    return words == order_text(drafted) or read_dose_text((words,)) is not None


def decision_with_doses(
    plans: PlanResources,
    plan: Resource,
    names: ResourceIds,
    changed: tuple[tuple[DoseChangeRequest, Resource], ...],
    note: str,
) -> Json | None:
    """A POST entry, or None where no decision was written with the plan. `changed` holds each order as it will be."""
    decision = written_with(plans, plan)
    if decision is None:
        return None
    before = read_decision(plans, decision)
    after = _from_today(before, names.at.date())
    for change, order in changed:
        exercise = _with_dose(after.exercise(change.exercise), change, names.at.date())
        digests = {**after.written, **_digest(plans, before, order)}
        after = replace(after, exercises={**after.exercises, change.exercise: exercise}, written=digests)
    resource: Json = {
        **_copied(decision, plan, names, names.value("decision", "approved")),
        "note": [*parts(decision, "note"), {"text": note}],
        "component": rewritten(parts(decision, "component"), before, after, names.site.codes),
    }
    profile = part(decision, "meta").get("profile")
    if profile:
        resource["meta"] = {"profile": profile}
    return _create(resource, names)


def decision_with_phase(plans: PlanResources, plan: Resource, names: ResourceIds, phase: Phase, note: str) -> Json:
    """A POST entry: the state in its new phase from today, with the digests that were written with the plan."""
    now = state_observation(plans, plan) or {}
    before = read_decision(plans, now) if now else DecisionRecord()
    original = read_decision(plans, written_with(plans, plan))
    today = names.at.date()
    after = replace(
        before,
        phase=phase,
        phase_before=before.phase or Phase.LOADING,
        phase_since=today,
        loading_since=today if phase is Phase.LOADING else None,
        goal_identifier=original.goal_identifier,
        written=original.written,
    )
    resource: Json = {
        **_copied(now, plan, names, names.value("decision", "phase", phase.value, names.now)),
        "note": [{"text": note}],
        "component": rewritten(parts(now, "component"), before, after, names.site.codes),
    }
    return _create(resource, names)


def _from_today(record: DecisionRecord, today: date) -> DecisionRecord:
    """A date of the draft's own day moves to the day of approval."""

    def moved(day: date | None) -> date | None:
        return today if day is not None and day == record.day else day

    exercises = {
        code: replace(item, dose_since=moved(item.dose_since), last_raised=moved(item.last_raised))
        for code, item in record.exercises.items()
    }
    phase_since, loading_since = moved(record.phase_since), moved(record.loading_since)
    return replace(record, exercises=exercises, phase_since=phase_since, loading_since=loading_since)


def _with_dose(record: ExerciseRecord, change: DoseChangeRequest, today: date) -> ExerciseRecord:
    """The approved dose, since when, and its rise. For an exercise without a dose it is the start dose too."""
    record = replace(record, dose=change.approved)
    if change.current is None:
        record = replace(record, start=change.approved)
    if change.approved != change.current:
        record = replace(record, dose_since=today)
    if change.current is not None and not is_within(change.approved, change.current):
        record = replace(record, last_raised=today)
    return record


def _digest(plans: PlanResources, record: DecisionRecord, order: Resource) -> Mapping[str, str]:
    read = read_order(plans, order)
    return {} if read is None else {read.exercise: content_digest(order, known_to(plans, record))}


def _copied(decision: Resource, plan: Resource, names: ResourceIds, value: str) -> Json:
    """The decision under another identifier, as of now and based on the plan."""
    return {
        **{key: item for key, item in decision.items() if key not in ("id", "meta", "text")},
        "identifier": [names.identifier(value), names.series_identifier()],
        "basedOn": [{"reference": name(plan)}],
        "effectiveDateTime": names.now,
        "issued": names.now,
    }


def _create(resource: Json, names: ResourceIds) -> Json:
    value = resource["identifier"][0]["value"]
    condition = f"identifier={names.site.resource_system}|{value}"
    request = {"method": "POST", "url": "Observation", "ifNoneExist": condition}
    return {"fullUrl": names.url_of(value), "resource": resource, "request": request}
