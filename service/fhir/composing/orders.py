"""One ServiceRequest an exercise: a draft order that a clinician activates."""

from __future__ import annotations

from service.clinical.decision import ExercisePrescription
from service.clinical.listed import WATCHED
from service.clinical.plan import Dose
from service.fhir import terms
from service.fhir.composing.goals import goal_of
from service.fhir.composing.names import Names, concept, present
from service.fhir.doses import dose_words, quantity
from service.fhir.elements import Json
from service.fhir.wanted import Wanted


def orders(wanted: Wanted, names: Names) -> dict[str, Json]:
    """The orders by exercise. An exercise without a dose has none."""
    return {
        exercise.exercise: _order(wanted, names, exercise, exercise.dose)
        for exercise in wanted.prescription.exercises if exercise.dose is not None
    }


def _order(wanted: Wanted, names: Names, exercise: ExercisePrescription, dose: Dose) -> Json:
    return present(
        resourceType="ServiceRequest",
        meta={"profile": [f"{terms.US_CORE_PROFILE}/us-core-servicerequest"]},
        extension=_goals(wanted, names, exercise),
        identifier=[names.identifier(names.value("order", exercise.exercise)), names.series_identifier()],
        replaces=_before(wanted, exercise.exercise),
        status="draft", intent="order",
        category=[
            concept(terms.SNOMED, *terms.EDUCATION),
            concept(terms.PHYSICAL_ACTIVITY_SYSTEM, terms.PHYSICAL_ACTIVITY, "Physical Activity"),
        ],
        code=_code(names, exercise),
        orderDetail=[{"text": line} for line in (dose_words(dose), *exercise.caps)],
        quantityQuantity=quantity(dose.amount, dose.unit),
        subject=names.subject,
        occurrenceTiming={"repeat": _repeat(wanted, exercise)},
        authoredOn=names.now,
        performer=[names.subject],
        **reasons(wanted),
        patientInstruction=exercise.instruction,
    )


def _code(names: Names, exercise: ExercisePrescription) -> Json:
    """Exercise therapy, its kind, and the exercise of our library: the last is what the next run reads."""
    therapy, kind = terms.EXERCISE_THERAPY, terms.KINDS_OF_EXERCISE[exercise.domain]
    return {
        "coding": [
            {"system": terms.SNOMED, "code": therapy[0], "display": therapy[1]},
            {"system": terms.SNOMED, "code": kind[0], "display": kind[1]},
            {"system": names.site.codes, "code": exercise.exercise, "display": exercise.display},
        ],
        "text": exercise.display,
    }


def _repeat(wanted: Wanted, exercise: ExercisePrescription) -> Json:
    return {
        "boundsPeriod": period(wanted), "frequency": exercise.weekly_frequency, "period": 1, "periodUnit": "wk",
    }


def period(wanted: Wanted) -> Json:
    """The plan's first and last day."""
    prescription = wanted.prescription
    return {"start": prescription.period_start.isoformat(), "end": prescription.period_end.isoformat()}


def reasons(wanted: Wanted) -> Json:
    """Why the exercise is ordered: the patient's conditions, else chronic pain, which the service is for."""
    conditions = condition_references(wanted)
    if conditions:
        return {"reasonReference": conditions}
    return {"reasonCode": [concept(terms.SNOMED, "82423001", "Chronic pain (finding)")]}


def condition_references(wanted: Wanted) -> list[Json]:
    """The patient's mapped conditions as References, each once; without those that are known for a red flag's sake."""
    mapped = [item for item in wanted.diagnoses if item.concept is not None and item.concept not in WATCHED]
    found = {item.stamp.source.reference for item in mapped}
    return [{"reference": reference} for reference in sorted(found) if reference.startswith("Condition/")]


def _goals(wanted: Wanted, names: Names, exercise: ExercisePrescription) -> list[Json]:
    """The goal of the exercise. Only a goal-linked exercise has one: it is what makes it first in line for a step."""
    if not exercise.goal_linked:
        return []
    return [{"url": terms.PERTAINS_TO_GOAL, "valueReference": {"reference": goal_of(wanted, names, exercise.exercise)}}]


def _before(wanted: Wanted, exercise: str) -> list[Json]:
    """The order that this one replaces."""
    return [
        {"reference": state.request} for state in wanted.plan.exercises
        if state.exercise == exercise and state.request is not None
    ]
