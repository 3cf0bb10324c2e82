"""The rules that may raise a dose: one exercise, one variable, one small step (B6 D8-D10, B11.18, .22-23)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.data_sufficiency import high_clinic_pain, progression_holds
from titrate.clinical.record.limits import dose_cap
from titrate.clinical.rules.baseline import baseline_of
from titrate.clinical.rules.flare_protocol import return_doses, settled_entry, start_entry
from titrate.clinical.rules.gates.context import PatientGateContext, gate_context
from titrate.clinical.rules.gates.gate_table import all_gates
from titrate.clinical.rules.gates.intervals import last_increase
from titrate.clinical.rules.rule_result import Candidates, Doses
from titrate.clinical.rules.step_trace import LoweredDose, above_limit, lowered_doses, step_entry
from titrate.clinical.values.decision import Candidate, Gate, SessionClass, TraceEntry
from titrate.clinical.values.dose_math import dose_form, is_within, round_down_dose, rung_up, step_up
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.rulebook import Domain
from titrate.messages import Message
from titrate.messages.decisions import (
    RungAboveLimit,
)
from titrate.messages.dose_limits import NextRungAboveLimit, StartDoseAboveLimit
from titrate.messages.gates import RungSessions

_DOMAINS = tuple(Domain)


def in_order(picture: ClinicalPicture, states: tuple[ExerciseState, ...]) -> tuple[ExerciseState, ...]:
    """By priority: linked to a goal, then least recently increased, then by domain, then by code."""

    def rank(state: ExerciseState) -> tuple[bool, date, int, str]:
        return (
            not state.goal_linked,
            state.last_raised or date.min,
            _DOMAINS.index(picture.domain(state.exercise)),
            state.exercise,
        )

    return tuple(sorted(states, key=rank))


def candidates_of(picture: ClinicalPicture, missing: tuple[Message, ...]) -> Candidates:
    """Every exercise of the plan through its gates; the first eligible one is chosen, the others are deferred.

    `missing` is what rule D7 misses.
    """
    patient = PatientGateContext(
        missing=missing,
        holds=progression_holds(picture),
        last_increase=last_increase(picture),
    )
    found: list[Candidate] = []
    trace: list[TraceEntry] = []
    chosen: Candidate | None = None
    for state in in_order(picture, picture.record.plan.exercises):
        step = _step(picture, state)
        verdicts = all_gates(gate_context(picture, state, step.dose, patient))
        eligible = step.dose is not None and all(v.gate is not Gate.FAIL for v in verdicts.values())
        candidate = Candidate(
            exercise=state.exercise,
            gates={name: v.gate for name, v in verdicts.items()},
            step=step.dose,
            eligible=eligible,
            deferred=eligible and chosen is not None,
            no_step=step.impossible,
        )
        chosen = candidate if chosen is None and eligible else chosen
        found.append(candidate)
        trace += [*step.trace, *(v.entry for v in verdicts.values())]
    return Candidates(candidates=tuple(found), chosen=chosen, trace=tuple(trace))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """The next dose of an exercise; `impossible` is the reason where there is none, if one is known."""

    dose: Dose | None
    impossible: Message | None
    trace: tuple[TraceEntry, ...]


def _step(picture: ClinicalPicture, state: ExerciseState) -> _Step:
    if state.dose is None:
        baseline = baseline_of(picture, state, _sets(state))
        dose = baseline.start
        own = () if dose is None else above_limit(picture, state.exercise, dose, "B2", StartDoseAboveLimit)
        trace = (*baseline.trace, *own)
    else:
        dose = step_up(picture.record.rulebook, picture.form(state), state.dose, cautious=bool(picture.cautious))
        own = trace = (step_entry(picture, state, state.dose, dose),)
    impossible = next((entry.text for entry in own if not entry.held), None)
    return _Step(dose=_allowed(picture, state.exercise, dose), impossible=impossible, trace=trace)


def _sets(state: ExerciseState) -> int:
    previous = state.start or state.before_flare or state.reference
    return (previous.sets if previous else None) or 1


def _allowed(picture: ClinicalPicture, exercise: str, dose: Dose | None) -> Dose | None:
    """The dose if no clinician's limit, override or other plan bounds it from above; else None: no part-steps."""
    return dose if dose is not None and dose_within_caps(picture, exercise, dose) == dose else None


def dose_within_caps(picture: ClinicalPicture, exercise: str, dose: Dose | None) -> Dose | None:
    """A dose brought down to the limits that clinicians and other plans set for the exercise."""
    if dose is None:
        return None
    amount, load = dose_cap(picture.record, exercise)
    if load is not None and dose.load is not None and dose.load > load:
        dose = replace(dose, load=load)
    if amount is None or dose.amount <= amount:
        return dose
    record = picture.record
    state = next((s for s in record.plan.exercises if s.exercise == exercise), None)
    form = dose_form(record.rulebook.exercises[exercise], state)
    return round_down_dose(record.rulebook, form, replace(dose, amount=amount))


def within_caps(picture: ClinicalPicture, doses: Doses) -> tuple[dict[str, Dose | None], tuple[LoweredDose, ...]]:
    """Doses brought down to the limits that clinicians and other plans set, and each limit that lowers one."""
    capped = {exercise: dose_within_caps(picture, exercise, dose) for exercise, dose in doses.items()}
    lowered = tuple(
        one
        for exercise, dose in doses.items()
        if dose is not None
        for one in lowered_doses(picture, exercise, dose, capped[exercise])
    )
    return capped, lowered


@dataclass(frozen=True, slots=True, kw_only=True)
class RungDoses:
    """Rule D8 on the ladder: doses, and the exercise that takes a rung (None: none).

    `earned`: at least one exercise has enough tolerated sessions for its next rung. `blocked`: why the first such rung
    cannot be taken, such as a limit below it.
    """

    doses: Doses
    raised: str | None
    earned: bool
    blocked: Message | None
    trace: tuple[TraceEntry, ...]


def rung_doses(picture: ClinicalPicture) -> RungDoses:
    """Rule D8 on the ladder: one exercise with enough tolerated sessions at its rung takes the next one."""
    doses = {e.exercise: e.dose for e in picture.dosed}
    trace: list[TraceEntry] = []
    raised: str | None = None
    blocked: Message | None = None
    earned = False
    for state in in_order(picture, picture.dosed):
        entry = _rung_sessions(picture, state)
        trace.append(entry)
        earned = earned or entry.held
        if state.dose is None or state.before_flare is None or not entry.held or raised is not None:
            continue
        if holds := high_clinic_pain(picture):
            blocked = blocked or holds[0]
            trace += [TraceEntry(rule="B13.11", text=hold, held=True) for hold in holds]
            continue
        rung = rung_up(picture.record.rulebook, picture.form(state), state.dose, state.before_flare)
        if _allowed(picture, state.exercise, rung) is not None:
            doses[state.exercise], raised = rung, state.exercise
        elif rung is not None:
            above = above_limit(picture, state.exercise, rung, "D8", NextRungAboveLimit)
            blocked = blocked or RungAboveLimit(exercise=state.exercise, reason=above[0].text)
            trace += above
    return RungDoses(doses=doses, raised=raised, earned=earned, blocked=blocked, trace=tuple(trace))


def _rung_sessions(picture: ClinicalPicture, state: ExerciseState) -> TraceEntry:
    """Whether the last sessions at this rung were all tolerated, as many as a rung needs."""
    needed = int(picture.record.rulebook.numbers.return_t_sessions)
    last = picture.last_of_dose(state, needed)
    count = sum(1 for s in last if s.session_class is SessionClass.T and s.at_dose)
    return TraceEntry(
        rule="D8",
        text=RungSessions(),
        held=len(last) >= needed and count == len(last) and picture.on_enough_dates(last),
        value=str(count),
        operator=">=",
        limit=str(needed),
        unit="sessions",
        exercise=state.exercise,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnStartDoses:
    """Rule D8 on its first day: doses, the limits that lower one, and the trace."""

    doses: Doses
    lowered: tuple[LoweredDose, ...]
    trace: tuple[TraceEntry, ...]


def return_start(picture: ClinicalPicture) -> ReturnStartDoses:
    """Rule D8 on its first day: starting doses; at most one exercise may exceed its current dose."""
    starts, lowered = within_caps(picture, return_doses(picture))
    raised = False
    doses: dict[str, Dose | None] = {}
    trace = [settled_entry(picture)]
    for state in in_order(picture, picture.dosed):
        start = starts[state.exercise]
        if start is not None and not is_within(start, state.dose):
            if raised or high_clinic_pain(picture):
                start = state.dose
            raised = True
        doses[state.exercise] = start
        trace.append(start_entry(picture, state, start))
    return ReturnStartDoses(doses=doses, lowered=lowered, trace=(*trace, *(one.entry for one in lowered)))
