"""The simulated clinician: intake, limits, clearance of flags, decisions on drafts, and changes of phase."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from titrate.app.decisions.approval import Approval, PhaseChoice, approval_outcome, phase_outcome
from titrate.app.decisions.carry_out_decision import DecisionStatus, PlanCase, plan_case
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult
from titrate.clinical.values.plan import Phase, PlanInForce
from titrate.clinical.values.quantity import REPETITIONS
from titrate.fhir.elements import Json
from titrate.fhir.plan_state import PlanResources
from titrate.simulation.fhir_reports import CLINICIAN, ReportWriter, quantity, score
from titrate.simulation.in_memory_ehr import InMemoryEhr
from titrate.simulation.simulated_patient import SimulatedPatient

DAYS_TO_CONFIRMATION = 35
HIGH_FEAR = 36
LADDER_DAY = 28
ELEVATED = 4
ABOVE_USUAL, CEILING_MOST = 2, 7


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """The decision on a draft: `approved`, `refused` (by the approval checks), `left`, or empty; and why."""

    did: str
    why: tuple[str, ...] = ()


def intake_resources(writer: ReportWriter, first: date) -> Iterator[Json]:
    """The record at intake: scores, the goal, a procedure, a confirmed pain ceiling."""
    patient = writer.patient
    at = patient.clock(first, 11)
    for code, value in patient.scores.items():
        yield writer.observation(code, at, valueQuantity=score(value))
    yield _goal(writer, first)
    limits = patient.archetype.limits
    if limits is not None:
        yield {
            "resourceType": "Procedure",
            "id": f"{patient.id}-procedure",
            "status": "completed",
            "code": {"text": limits.procedure},
            "subject": writer.subject,
            "performedDateTime": first.isoformat(),
        }
    if patient.archetype.ceiling and patient.usual_pain >= ELEVATED:
        most = min(patient.usual_pain + ABOVE_USUAL, Decimal(CEILING_MOST))
        yield writer.by_clinician("pain-ceiling", at, valueQuantity=score(most))


def _goal(writer: ReportWriter, first: date) -> Json:
    patient = writer.patient
    unit = "min"
    target = {"measure": writer.concept(patient.first), "detailQuantity": quantity(patient.goal, unit)}
    return {
        "resourceType": "Goal",
        "id": f"{patient.id}-goal",
        "lifecycleStatus": "active",
        "description": {"text": f"Walk {patient.goal} minutes"},
        "subject": writer.subject,
        "startDate": first.isoformat(),
        "target": [target],
    }


def surgical_limits(writer: ReportWriter, day: date, number: int) -> Iterator[Json]:
    """The surgeon's limits that are set today, for every exercise."""
    limits, patient = writer.patient.archetype.limits, writer.patient
    if limits is None or number not in limits.days:
        return
    factor = limits.factors[limits.days.index(Decimal(number))]
    for minute, (exercise, tolerance) in enumerate(patient.tolerance.items()):
        unit = "min" if exercise == patient.first else REPETITIONS
        amount = writer.part("amount", valueQuantity=quantity((tolerance * factor).to_integral_value(), unit))
        parts = [writer.part("exercise", valueCodeableConcept=writer.concept(exercise)), amount]
        yield writer.by_clinician("dose-limit", patient.clock(day, 8, minute), component=parts)


def dose_limit(patient: SimulatedPatient, exercise: str, number: int) -> Decimal | None:
    """The surgeon's limit in force on a day, if there is one."""
    limits = patient.archetype.limits
    if limits is None:
        return None
    factors = [factor for day, factor in zip(limits.days, limits.factors, strict=True) if day <= number]
    return (patient.tolerance[exercise] * factors[-1]).to_integral_value() if factors else None


def review_entries(writer: ReportWriter, day: date, number: int, approved: date | None) -> Iterator[Json]:
    """Limits confirmed long after the last approval, and an exposure ladder started if fear is high."""
    at = writer.patient.clock(day, 9)
    if approved is not None and (day - approved).days == DAYS_TO_CONFIRMATION:
        yield writer.by_clinician("rpe-cap", at, valueQuantity=score(4))
    if number == LADDER_DAY and writer.patient.scores["tsk-11"] >= HIGH_FEAR:
        yield writer.by_clinician("exposure-ladder-started", at, valueBoolean=True)


def usual_symptoms(writer: ReportWriter, day: date) -> Iterator[Json]:
    """Usual pain and fatigue, set by the clinician because a flare does not let the service derive them."""
    at = writer.patient.clock(day, 20, 45)
    yield writer.by_clinician("usual-pain", at, valueQuantity=score(writer.patient.usual_pain))
    yield writer.by_clinician("usual-fatigue", at, valueQuantity=score(writer.patient.usual_fatigue))


def clearance(writer: ReportWriter, day: date, flag: str) -> Json:
    """The clearance of a flag that the clinician has assessed."""
    at = writer.patient.clock(day, 12)
    return writer.by_clinician("flag-clearance", at, valueCodeableConcept=writer.concept(flag))


def answer_draft(chart: InMemoryEhr, result: PipelineResult, at: datetime) -> DraftAnswer:
    """The decision on the open draft, by the same rules as `titrate approve`.

    The evaluation is that of the run that wrote the draft an hour before, so a course plans once a day.
    """
    place = next(iter(chart.drafts()), None)
    if place is None:
        return DraftAnswer("")
    resources, rules = chart.found(at.date()), chart.rules
    plans = PlanResources.sort(resources, result.readings.person, rules.rulebook, rules.site, at)
    case = PlanCase(plans.by_name[place], plans, result)
    outcome = approval_outcome(case, Approval(place, CLINICIAN, {}, "seen together"), chart.rules, at)
    if outcome.ending is not DecisionStatus.DONE:
        return DraftAnswer("refused", tuple(map(str, outcome.why)))
    chart.apply(outcome.entries)
    return DraftAnswer("approved", tuple(map(str, outcome.why)))


def phase_set(chart: InMemoryEhr, plan: PlanInForce, phase: Phase, at: datetime, why: str) -> bool:
    """Set the phase of the plan in force, by the same rules as `titrate phase`. False if that is not possible."""
    if plan.reference is None:
        return False
    case = plan_case(FetchResult(chart.found(at.date())), plan.reference, chart.rules, at)
    outcome = phase_outcome(case, PhaseChoice(plan.reference, CLINICIAN, phase, why))
    if outcome.ending is DecisionStatus.DONE:
        chart.apply(outcome.entries)
    return outcome.ending is DecisionStatus.DONE
