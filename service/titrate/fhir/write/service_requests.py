"""One ServiceRequest for each exercise: a draft order that a clinician activates."""

from __future__ import annotations

from titrate.clinical.red_flags.listed_findings import FLAGGED_CONCEPTS
from titrate.clinical.values.decision import ExercisePrescription
from titrate.clinical.values.plan import Dose
from titrate.fhir import code_systems
from titrate.fhir.doses import order_text, quantity
from titrate.fhir.elements import Json
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.goals import goal_of
from titrate.fhir.write.resource_ids import ResourceIds, concept, present


def orders(proposal: PlanProposal, names: ResourceIds) -> dict[str, Json]:
    """The orders by exercise. An exercise without a dose has none."""
    return {
        exercise.exercise: _order(proposal, names, exercise, exercise.dose)
        for exercise in proposal.prescription.exercises
        if exercise.dose is not None
    }


def _order(proposal: PlanProposal, names: ResourceIds, exercise: ExercisePrescription, dose: Dose) -> Json:
    return present(
        resourceType="ServiceRequest",
        meta={"profile": [f"{code_systems.US_CORE_PROFILE}/us-core-servicerequest"]},
        extension=_goals(proposal, names, exercise),
        identifier=[names.identifier(names.value("order", exercise.exercise)), names.series_identifier()],
        replaces=_before(proposal, exercise.exercise),
        status="draft",
        intent="order",
        category=[
            concept(code_systems.SNOMED, *code_systems.EDUCATION),
            concept(code_systems.PHYSICAL_ACTIVITY_SYSTEM, code_systems.PHYSICAL_ACTIVITY, "Physical Activity"),
        ],
        code=_code(names, exercise),
        orderDetail=[{"text": line} for line in (order_text(dose), *map(str, exercise.caps))],
        quantityQuantity=quantity(dose.amount, dose.unit),
        subject=names.subject,
        occurrenceTiming={"repeat": _repeat(proposal, exercise)},
        authoredOn=names.now,
        performer=[names.subject],
        **reasons(proposal),
        patientInstruction=exercise.instruction,
    )


def _code(names: ResourceIds, exercise: ExercisePrescription) -> Json:
    """Exercise therapy, its kind, and the exercise of the library, which the next run reads."""
    therapy, kind = code_systems.EXERCISE_THERAPY, code_systems.KINDS_OF_EXERCISE[exercise.domain]
    return {
        "coding": [
            {"system": code_systems.SNOMED, "code": therapy[0], "display": therapy[1]},
            {"system": code_systems.SNOMED, "code": kind[0], "display": kind[1]},
            {"system": names.site.codes, "code": exercise.exercise, "display": exercise.display},
        ],
        "text": exercise.display,
    }


def _repeat(proposal: PlanProposal, exercise: ExercisePrescription) -> Json:
    return {
        "boundsPeriod": period(proposal),
        "frequency": exercise.weekly_frequency,
        "period": 1,
        "periodUnit": "wk",
    }


def period(proposal: PlanProposal) -> Json:
    """The plan's first and last day."""
    prescription = proposal.prescription
    return {"start": prescription.period_start.isoformat(), "end": prescription.period_end.isoformat()}


def reasons(proposal: PlanProposal) -> Json:
    """Why the exercise is ordered: the patient's conditions, else chronic pain, which the service is for."""
    conditions = condition_references(proposal)
    if conditions:
        return {"reasonReference": conditions}
    return {"reasonCode": [concept(code_systems.SNOMED, "82423001", "Chronic pain (finding)")]}


def condition_references(proposal: PlanProposal) -> list[Json]:
    """The patient's mapped conditions as References, each once; without those that are known for a red flag's sake."""
    mapped = [item for item in proposal.diagnoses if item.concept is not None and item.concept not in FLAGGED_CONCEPTS]
    found = {item.stamp.source.reference for item in mapped}
    return [{"reference": reference} for reference in sorted(found) if reference.startswith("Condition/")]


def _goals(proposal: PlanProposal, names: ResourceIds, exercise: ExercisePrescription) -> list[Json]:
    """The goal of the exercise. Only a goal-linked exercise has one: it is what makes it first in line for a step."""
    if not exercise.goal_linked:
        return []
    reference = goal_of(proposal, names, exercise.exercise)
    return [{"url": code_systems.PERTAINS_TO_GOAL, "valueReference": {"reference": reference}}]


def _before(proposal: PlanProposal, exercise: str) -> list[Json]:
    """The order that this one replaces."""
    return [
        {"reference": state.request}
        for state in proposal.plan.exercises
        if state.exercise == exercise and state.request is not None
    ]
