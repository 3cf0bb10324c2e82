"""The whole state as components of the decision Observation: what the next run is rebuilt from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from titrate.clinical.values.decision import ExercisePrescription, LimitUsed, Prescription
from titrate.clinical.values.plan import Dose, PlanInForce
from titrate.fhir.doses import dose_values, quantity
from titrate.fhir.elements import Json
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.plan_state.open_flags import SINCE, URGENCY
from titrate.fhir.write.resource_ids import ResourceIds

Value = tuple[str, Json]


def state_components(proposal: PlanProposal, names: ResourceIds) -> list[Json]:
    """One component a value, each with its own code, in a fixed order."""
    values = [*_course(proposal, names), *_limits(proposal.prescription.limits)]
    for exercise in proposal.prescription.exercises:
        words = instruction_of(proposal.plan, exercise.exercise)
        values.extend(_exercise(exercise, _override(proposal.plan, exercise.exercise), words))
    return [{"code": names.local(code), **value} for code, value in values]


def _course(proposal: PlanProposal, names: ResourceIds) -> Iterator[Value]:
    """Where the patient stands in the programme, and since when."""
    prescription = proposal.prescription
    yield "phase", {"valueCodeableConcept": names.local(prescription.phase.value)}
    yield "phase-before", {"valueCodeableConcept": names.local(proposal.plan.phase.value)}
    yield from _days(prescription)
    if prescription.flare_grade is not None:
        yield "flare-grade", {"valueCodeableConcept": names.local(prescription.flare_grade.lower())}
    yield from _scores(("usual-pain", prescription.usual_pain), ("usual-fatigue", prescription.usual_fatigue))
    yield from _open_flags(proposal, names)
    yield "rulebook", {"valueString": f"{proposal.rulebook.version} {proposal.rulebook.digest}"}


def _open_flags(proposal: PlanProposal, names: ResourceIds) -> Iterator[Value]:
    """Red flags that are open, so that none is forgotten when what opened it has left the record."""
    for flag in sorted(proposal.flags, key=lambda flag: flag.flag):
        yield f"{flag.flag}-{SINCE}", {"valueDateTime": flag.since.isoformat(timespec="seconds")}
        yield f"{flag.flag}-{URGENCY}", {"valueCodeableConcept": names.local(flag.urgency.value.lower())}


def _days(prescription: Prescription) -> Iterator[Value]:
    yield from _day("phase-since", prescription.phase_since)
    yield from _day("loading-since", prescription.loading_since)
    yield from _day("flare-first-day", prescription.flare_first_day)


def _day(code: str, day: date | None) -> Iterator[Value]:
    if day is not None:
        yield code, {"valueDateTime": day.isoformat()}


def _scores(*scores: tuple[str, Decimal | None]) -> Iterator[Value]:
    for code, score in scores:
        if score is not None:
            yield code, {"valueQuantity": quantity(score, "{score}")}


def _limits(limits: tuple[LimitUsed, ...]) -> Iterator[Value]:
    """Each limit as used; its owner and date beside it where a person set it."""
    for limit in limits:
        yield limit.name, {"valueQuantity": quantity(limit.value, limit.unit)}
        if limit.owner is not None:
            yield f"{limit.name}.owner", {"valueString": limit.owner}
        yield from _day(f"{limit.name}.since", limit.since)


def _exercise(exercise: ExercisePrescription, override: Dose | None, words: str | None) -> Iterator[Value]:
    code = exercise.exercise
    yield from dose_values(code, exercise.dose)
    yield f"{code}.weekly-frequency", {"valueQuantity": quantity(exercise.weekly_frequency, "/wk")}
    roles = {
        "start": exercise.start,
        "reference": exercise.reference,
        "before-flare": exercise.before_flare,
        "before-deload": exercise.before_deload,
        "rung": exercise.rung,
        "override": override,
    }
    for role, dose in roles.items():
        yield from dose_values(code, dose, role)
    yield from _day(f"{code}.dose-since", exercise.dose_since)
    yield from _day(f"{code}.last-raised", exercise.last_raised)
    if words is not None:
        yield f"{code}.instruction", {"valueString": words}
    yield from _differences(exercise)


def _differences(exercise: ExercisePrescription) -> Iterator[Value]:
    """What differs from the exercise library."""
    if exercise.increment is not None:
        yield f"{exercise.exercise}.load.increment", {"valueQuantity": quantity(exercise.increment, "kg")}
    ranges = (("range-low", exercise.range_low), ("range-high", exercise.range_high), ("target", exercise.target))
    for name, value in ranges:
        if value is not None:
            yield f"{exercise.exercise}.repetitions.{name}", {"valueInteger": value}


def instruction_of(plan: PlanInForce, exercise: str) -> str | None:
    """The instruction that a person wrote for an exercise: every later version keeps it."""
    found = [item.theirs for item in plan.overrides if item.element == "instruction" and item.exercise == exercise]
    return found[0] if found else None


def _override(plan: PlanInForce, exercise: str) -> Dose | None:
    """The dose that a person set in our plan: it stays a bound until a person changes it again."""
    doses = [bound.dose for bound in plan.bounds if bound.plan == plan.reference and bound.exercise == exercise]
    return doses[0] if doses else None
