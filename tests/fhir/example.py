"""A small rulebook, a patient with knee pain, and the plan proposal of a run, built by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from titrate.clinical.values.decision import (
    Assessment,
    Candidate,
    ClassedSession,
    Decision,
    DoseChange,
    ExercisePrescription,
    Gate,
    LimitUsed,
    Outcome,
    PainTrend,
    Prescription,
    SessionClass,
    ToleranceTier,
    TraceEntry,
)
from titrate.clinical.values.plan import NO_PLAN, Dose, ExerciseState, Phase, PlanInForce
from titrate.clinical.values.readings import Diagnosis, DiagnosisKind, PatientDetails, ReadingSource, Source
from titrate.clinical.values.rulebook import Domain, Exercise, RedFlag, Rulebook, Urgency
from titrate.fhir.site import Site
from titrate.fhir.write import PlanProposal
from titrate.messages.plan_terms import Stated
from titrate.rulebook import load

SITE = Site()
AT = datetime(2025, 1, 13, 9, 0, tzinfo=UTC)
PERSON = PatientDetails(id="b", zone="Europe/London", birth_date=date(1960, 5, 1))
WALK, PRESS = "walking", "leg-press"
MORNING = Source("Observation/m1", "3")


def exercise(code: str, domain: Domain, unit: str, *, loaded: bool = False) -> Exercise:
    """A library entry with plain values."""
    return Exercise(
        code=code,
        display=code.replace("-", " ").capitalize(),
        domain=domain,
        amount_unit=unit,
        loaded=loaded,
        increment=Decimal(2) if loaded else None,
        range_low=8 if loaded else None,
        range_high=12 if loaded else None,
        target=10 if loaded else None,
        tissue="leg",
        codings=(),
        instruction=f"Do the {code} calmly.",
    )


RULEBOOK = Rulebook(
    version="2025.1",
    digest="d" * 64,
    constants=load().constants,
    measures={},
    programmes={},
    exercises={
        item.code: item
        for item in (
            exercise(WALK, Domain.AEROBIC, "min"),
            exercise(PRESS, Domain.STRENGTH, "{repetitions}", loaded=True),
            exercise("sit-to-stand", Domain.STRENGTH, "{repetitions}"),
            exercise("balance-stance", Domain.NEUROMOTOR, "s"),
            exercise("lift-and-carry", Domain.NEUROMOTOR, "m"),
        )
    },
    flags={"RF01": RedFlag("RF01", Urgency.E0, True, "Numbness?", "Needs assessment now: call for help.", "test")},
    alarm_words=(),
    conflict_words=(),
    names=load().names,
    units=load().units,
)


def minutes(amount: str) -> Dose:
    """A duration of one session."""
    return Dose(Decimal(amount), "min")


def repetitions(sets: int, each: int, load: str | None = None) -> Dose:
    """Sets of repetitions, with a load in kg."""
    return Dose(Decimal(sets * each), "{repetitions}", sets, None if load is None else Decimal(load))


def prescribed(code: str, dose: Dose | None, weekly: int, **more: Any) -> ExercisePrescription:
    """The prescription of one exercise, with plain values for the rest."""
    known = RULEBOOK.exercises[code]
    plain: dict[str, Any] = {
        "start": dose,
        "reference": None,
        "before_flare": None,
        "before_deload": None,
        "rung": None,
        "dose_since": date(2025, 1, 13),
        "last_raised": None,
        "goal_linked": False,
        "increment": None,
        "range_low": None,
        "range_high": None,
        "target": None,
        "instruction": known.instruction,
        "caps": (
            Stated(words="Pain at most 5 of 10 during the session."),
            Stated(words="Effort at most 4 of 10 (CR10)."),
        ),
    }
    return ExercisePrescription(
        exercise=code,
        domain=known.domain,
        display=known.display,
        dose=dose,
        weekly_frequency=weekly,
        **{**plain, **more},
    )


def compared(
    rule: str,
    text: str,
    comparison: str,
    unit: str | None = None,
    exercise: str | None = None,
    *,
    sources: tuple[Source, ...] = (),
    held: bool = True,
) -> TraceEntry:
    """A trace entry with `comparison` as in `7 >= 5`."""
    value, operator, limit = comparison.split()
    return TraceEntry(
        rule=rule,
        text=Stated(words=text),
        held=held,
        value=value,
        operator=operator,
        limit=limit,
        unit=unit,
        exercise=exercise,
        sources=sources,
    )


LIMITS = (
    LimitUsed("pain-ceiling", Decimal(5), "{score}", "Practitioner/p", date(2025, 1, 4)),
    LimitUsed("rpe-cap", Decimal(4), "{score}", None, None),
)

PRESCRIPTION = Prescription(
    phase=Phase.LOADING,
    phase_since=date(2025, 1, 4),
    loading_since=date(2025, 1, 4),
    flare_first_day=None,
    flare_grade=None,
    usual_pain=Decimal(2),
    usual_fatigue=Decimal("3.0"),
    limits=LIMITS,
    exercises=(
        prescribed(WALK, minutes("16"), 3, start=minutes("15"), last_raised=date(2025, 1, 13), goal_linked=True),
        prescribed(PRESS, repetitions(3, 10, "40"), 2, dose_since=date(2025, 1, 4)),
    ),
    week="Three walks and two strength sessions, with one or two days of rest.",
    adjuncts=("Five calm minutes daily.",),
    contingency=("On a bad day do half.",),
    education=("Settles by next morning is the rule.",),
    stop_rules=("Stop with chest pain and call for help.",),
    period_start=date(2025, 1, 13),
    period_end=date(2025, 2, 10),
)

ASSESSMENT = Assessment(
    tier=ToleranceTier.MODERATE,
    usual_pain=Decimal(2),
    usual_fatigue=Decimal(3),
    ceiling=Decimal(5),
    proposed_ceiling=None,
    rpe_cap=Decimal(4),
    mornings=7,
    week_mean=Decimal("2.0"),
    previous_mean=Decimal("2.14"),
    sessions=(
        ClassedSession(
            day=date(2025, 1, 6),
            end=AT,
            exercise=WALK,
            session_class=SessionClass.T,
            reasons=(),
            at_dose=True,
            unit="min",
            prescribed=Decimal(15),
            done=Decimal(15),
            sets=None,
            load=None,
            peak=Decimal(3),
            next_morning=Decimal(2),
            carry=Decimal(0),
            rpe=Decimal(3),
            fatigue=Decimal(3),
            preliminary=False,
            sources=(MORNING,),
        ),
    ),
    cautious=False,
    cautious_reasons=(),
    conflicts=(),
    missing=(),
    window_start=date(2025, 1, 6),
    window_end=date(2025, 1, 12),
    trend=PainTrend.STEADY,
    sources=(MORNING, Source("Observation/s1")),
)

DECISION = Decision(
    rule="D10",
    outcome=Outcome.PROGRESS,
    phase=Phase.LOADING,
    review=False,
    doses=(
        DoseChange(WALK, Domain.AEROBIC, minutes("15"), minutes("16")),
        DoseChange(PRESS, Domain.STRENGTH, repetitions(3, 10, "40"), repetitions(3, 10, "40")),
    ),
    candidates=(
        Candidate(WALK, {"G1": Gate.PASS, "G11": Gate.NOT_APPLICABLE}, minutes("16"), True, False),
        Candidate(PRESS, {"G1": Gate.PASS, "G4": Gate.FAIL}, None, False, False),
    ),
    matched=("D10",),
    suppressed=(),
    notes=(),
    reasons=(Stated(words="All gates pass for walking."),),
    asks=(),
    trace=(
        compared("G6", "Rise of morning pain", "0.00 <= 0.5", "points", sources=(MORNING,)),
        compared("D10", "Step of 10 % rounded down", "1 <= 3", "min", WALK, sources=(Source("Observation/s1"),)),
        compared("G6", "Readings in the week", "7 >= 5", sources=(MORNING,)),
    ),
    next_review=date(2025, 1, 20),
)

KNEE = Diagnosis(
    DiagnosisKind.CONDITION, "knee-osteoarthritis", "Knee <osteoarthritis>", ReadingSource(Source("Condition/knee"), AT)
)

IN_FORCE = PlanInForce(
    reference="CarePlan/old",
    version="v-old",
    phase=Phase.LOADING,
    phase_since=date(2025, 1, 4),
    exercises=(
        ExerciseState(WALK, minutes("15"), 3, start=minutes("15"), goal_linked=True, request="ServiceRequest/w"),
        ExerciseState(PRESS, repetitions(3, 10, "40"), 2, start=repetitions(3, 10, "40"), request="ServiceRequest/p"),
    ),
    started=date(2025, 1, 4),
    approved=date(2025, 1, 4),
    loading_since=date(2025, 1, 4),
    usual_pain=Decimal(2),
)


def proposal(**changes: Any) -> PlanProposal:
    """The proposal of a run that found no plan and drafts a first one."""
    plain = PlanProposal(
        person=PERSON,
        plan=NO_PLAN,
        flags=(),
        assessment=ASSESSMENT,
        decision=DECISION,
        prescription=PRESCRIPTION,
        refusals=2,
        rulebook=RULEBOOK,
        diagnoses=(KNEE,),
    )
    return replace(plain, **changes)


def stopped(because: tuple[Any, ...], **changes: Any) -> PlanProposal:
    """The proposal of a run that found red flags: no exercise is prescribed."""
    nothing = replace(PRESCRIPTION, phase=Phase.STOPPED, phase_since=AT.date(), exercises=())
    doses = tuple(replace(change, next=None) for change in DECISION.doses)
    stop = replace(
        DECISION,
        rule="D1",
        outcome=Outcome.STOP_ESCALATE,
        phase=Phase.STOPPED,
        doses=doses,
        candidates=(),
        matched=("D1",),
        reasons=(Stated(words="A red flag is open."),),
    )
    return proposal(flags=because, decision=stop, prescription=nothing, **changes)
