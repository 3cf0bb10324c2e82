"""The clinician of the invented people: admits, sets limits, clears flags, approves what is drafted, starts again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from titrate.app.decisions.approval import Approval, approval_outcome
from titrate.app.decisions.decide_on_plan import DecisionStatus, PlanCase, plan_case
from titrate.app.decisions.phase import PhaseChoice, phase_outcome
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult
from titrate.clinical.values.plan import Phase, PlanInForce
from titrate.fhir.elements import Json
from titrate.fhir.plan_state import PlanResources
from titrate.simulation.fhir_reports import CLINICIAN, ReportWriter, quantity, score
from titrate.simulation.in_memory_ehr import InMemoryEhr
from titrate.simulation.simulated_patient import SimulatedPatient

CONFIRMS = 35
HIGH_FEAR = 36
LADDER_DAY = 28
ELEVATED = 4
ABOVE_USUAL, CEILING_MOST = 2, 7


@dataclass(frozen=True, slots=True)
class Answer:
    """What the clinician did with a draft: approved, refused by the approval itself, or left; and why."""

    did: str
    why: tuple[str, ...] = ()


def admitted(pen: ReportWriter, first: date) -> Iterator[Json]:
    """What stands at intake: scores, the goal, a procedure, a confirmed ceiling."""
    person = pen.person
    at = person.clock(first, 11)
    for code, value in person.scores.items():
        yield pen.observation(code, at, valueQuantity=score(value))
    yield _goal(pen, first)
    limits = person.archetype.limits
    if limits is not None:
        yield {
            "resourceType": "Procedure",
            "id": f"{person.id}-procedure",
            "status": "completed",
            "code": {"text": limits.procedure},
            "subject": pen.subject,
            "performedDateTime": first.isoformat(),
        }
    if person.archetype.ceiling and person.usual_pain >= ELEVATED:
        most = min(person.usual_pain + ABOVE_USUAL, Decimal(CEILING_MOST))
        yield pen.by_clinician("pain-ceiling", at, valueQuantity=score(most))


def _goal(pen: ReportWriter, first: date) -> Json:
    person = pen.person
    unit = "min"
    target = {"measure": pen.concept(person.first), "detailQuantity": quantity(person.goal, unit)}
    return {
        "resourceType": "Goal",
        "id": f"{person.id}-goal",
        "lifecycleStatus": "active",
        "description": {"text": f"Walk {person.goal} minutes"},
        "subject": pen.subject,
        "startDate": first.isoformat(),
        "target": [target],
    }


def limits_set(pen: ReportWriter, day: date, number: int) -> Iterator[Json]:
    """A surgeon's limits of the day, for every exercise."""
    limits, person = pen.person.archetype.limits, pen.person
    if limits is None or number not in limits.days:
        return
    factor = limits.factors[limits.days.index(Decimal(number))]
    for minute, (exercise, tolerance) in enumerate(person.tolerance.items()):
        unit = "min" if exercise == person.first else "{repetitions}"
        amount = pen.part("amount", valueQuantity=quantity((tolerance * factor).to_integral_value(), unit))
        parts = [pen.part("exercise", valueCodeableConcept=pen.concept(exercise)), amount]
        yield pen.by_clinician("dose-limit", person.clock(day, 8, minute), component=parts)


def limit_of(person: SimulatedPatient, exercise: str, number: int) -> Decimal | None:
    """The surgeon's limit that stands on a day, None without one."""
    limits = person.archetype.limits
    if limits is None:
        return None
    factors = [factor for day, factor in zip(limits.days, limits.factors, strict=True) if day <= number]
    return (person.tolerance[exercise] * factors[-1]).to_integral_value() if factors else None


def reviewed(pen: ReportWriter, day: date, number: int, approved: date | None) -> Iterator[Json]:
    """Limits confirmed where no plan was approved for long, and an exposure ladder begun where fear is high."""
    at = pen.person.clock(day, 9)
    if approved is not None and (day - approved).days == CONFIRMS:
        yield pen.by_clinician("rpe-cap", at, valueQuantity=score(4))
    if number == LADDER_DAY and pen.person.scores["tsk-11"] >= HIGH_FEAR:
        yield pen.by_clinician("exposure-ladder-started", at, valueBoolean=True)


def usual_known(pen: ReportWriter, day: date) -> Iterator[Json]:
    """The usual pain and fatigue, set by the clinician where a flare leaves none to be worked out."""
    at = pen.person.clock(day, 20, 45)
    yield pen.by_clinician("usual-pain", at, valueQuantity=score(pen.person.usual_pain))
    yield pen.by_clinician("usual-fatigue", at, valueQuantity=score(pen.person.usual_fatigue))


def clearance(pen: ReportWriter, day: date, flag: str) -> Json:
    """A flag that was assessed and is closed."""
    return pen.by_clinician("flag-clearance", pen.person.clock(day, 12), valueCodeableConcept=pen.concept(flag))


def answered(chart: InMemoryEhr, walked: PipelineResult, at: datetime) -> Answer:
    """The decision on the open draft, by the same rules as `titrate approve`.

    The evaluation is that of the run that wrote the draft an hour before, so a course plans once a day.
    """
    place = next(iter(chart.drafts()), None)
    if place is None:
        return Answer("")
    resources, rules = chart.found(at.date()), chart.rules
    plans = PlanResources.sort(resources, walked.readings.person, rules.rulebook, rules.site, at)
    case = PlanCase(plans.by_name[place], plans, walked)
    told = approval_outcome(case, Approval(place, CLINICIAN, {}, "seen together"), chart.rules, at)
    if told.ending is not DecisionStatus.DONE:
        return Answer("refused", told.why)
    chart.carry_out(told.entries)
    return Answer("approved", told.why)


def moved(chart: InMemoryEhr, plan: PlanInForce, phase: Phase, at: datetime, why: str) -> bool:
    """The plan in force moved to a phase, by the same rules as `titrate phase`."""
    if plan.reference is None:
        return False
    case = plan_case(FetchResult(chart.found(at.date())), plan.reference, chart.rules, at)
    told = phase_outcome(case, PhaseChoice(plan.reference, CLINICIAN, phase, why))
    if told.ending is DecisionStatus.DONE:
        chart.carry_out(told.entries)
    return told.ending is DecisionStatus.DONE
