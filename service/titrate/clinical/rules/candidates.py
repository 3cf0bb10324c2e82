"""The rules that may raise a dose: one exercise, one variable, one small step (B6 D8-D10, B11.18, .22-23)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.progression_holds import progression_holds
from titrate.clinical.record.dose_caps import dose_cap
from titrate.clinical.rules.baseline import baseline_of
from titrate.clinical.rules.gates import PatientGateContext, all_gates, gate_context
from titrate.clinical.rules.gates.intervals import last_upward
from titrate.clinical.rules.return_to_load import return_doses, settled_entry, start_entry
from titrate.clinical.rules.rule_result import Candidates
from titrate.clinical.rules.step_trace import above_cap, cap_reason, lowered_to_cap, step_entry
from titrate.clinical.values.decision import Candidate, Gate, SessionClass, TraceEntry
from titrate.clinical.values.dose_math import dose_form, is_within, round_down_dose, rung_up, step_up
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.rulebook import Domain
from titrate.messages import Message

_DOMAINS = tuple(Domain)


def in_order(picture: ClinicalPicture, states: tuple[ExerciseState, ...]) -> tuple[ExerciseState, ...]:
    """Who goes first: linked to a goal, then least recently raised, then by domain, then by code."""

    def rank(state: ExerciseState) -> tuple[bool, date, int, str]:
        return (
            not state.goal_linked,
            state.last_raised or date.min,
            _DOMAINS.index(picture.domain(state.exercise)),
            state.exercise,
        )

    return tuple(sorted(states, key=rank))


def candidates_of(picture: ClinicalPicture, lacking: tuple[Message, ...]) -> Candidates:
    """Every exercise of the plan through its gates; the first eligible one is chosen, the others are deferred.

    `lacking` is what rule D7 misses.
    """
    whole = PatientGateContext(lacking, progression_holds(picture), last_upward(picture))
    found: list[Candidate] = []
    trace: list[TraceEntry] = []
    chosen: Candidate | None = None
    for state in in_order(picture, picture.record.plan.exercises):
        step, step_trace = _step(picture, state)
        verdicts = all_gates(gate_context(picture, state, step, whole))
        passed = all(v.gate is not Gate.FAIL for v in verdicts.values())
        eligible = passed and step is not None
        candidate = Candidate(
            state.exercise, {k: v.gate for k, v in verdicts.items()}, step, eligible, eligible and chosen is not None
        )
        chosen = candidate if chosen is None and eligible else chosen
        found.append(candidate)
        trace += [*step_trace, *(v.entry for v in verdicts.values())]
    return Candidates(tuple(found), chosen, tuple(trace))


def _step(picture: ClinicalPicture, state: ExerciseState) -> tuple[Dose | None, tuple[TraceEntry, ...]]:
    if state.dose is None:
        started = baseline_of(picture, state, _sets(state))
        start = started.start
        above = () if start is None else above_cap(picture, state.exercise, start, "B2", "the start dose")
        return _allowed(picture, state.exercise, start), (*started.trace, *above)
    step = step_up(picture.record.rulebook, picture.form(state), state.dose, cautious=bool(picture.cautious))
    return _allowed(picture, state.exercise, step), (step_entry(picture, state, state.dose, step),)


def _sets(state: ExerciseState) -> int:
    remembered = state.start or state.before_flare or state.reference
    return (remembered.sets if remembered else None) or 1


def _allowed(picture: ClinicalPicture, exercise: str, dose: Dose | None) -> Dose | None:
    """The dose if no clinician's limit, override or other plan bounds it from above; else None: no part-steps."""
    return dose if dose is not None and dose_within_caps(picture, exercise, dose) == dose else None


def dose_within_caps(picture: ClinicalPicture, exercise: str, dose: Dose | None) -> Dose | None:
    """A dose brought down to the bounds that people set for the exercise."""
    if dose is None:
        return None
    amount, load = dose_cap(picture.record, exercise)
    if load is not None and dose.load is not None and dose.load > load:
        dose = replace(dose, load=load)
    if amount is None or dose.amount <= amount:
        return dose
    record = picture.record
    state = next((s for s in record.plan.exercises if s.exercise == exercise), None)
    return round_down_dose(
        record.rulebook, dose_form(record.rulebook.exercises[exercise], state), replace(dose, amount=amount)
    )


def within_caps(
    picture: ClinicalPicture, doses: Mapping[str, Dose | None]
) -> tuple[dict[str, Dose | None], tuple[str, ...], tuple[TraceEntry, ...]]:
    """Doses brought down to the bounds that people set, with a reason and a trace entry for each that is lowered."""
    lowered = {exercise: dose_within_caps(picture, exercise, dose) for exercise, dose in doses.items()}
    given = [(exercise, dose) for exercise, dose in doses.items() if dose is not None]
    entries = [
        entry for exercise, dose in given for entry in lowered_to_cap(picture, exercise, dose, lowered[exercise])
    ]
    return lowered, tuple(map(cap_reason, entries)), tuple(entries)


def rung_doses(picture: ClinicalPicture) -> tuple[dict[str, Dose | None], str | None, tuple[TraceEntry, ...]]:
    """Rule D8 on the ladder: doses, the exercise that takes a rung (None: none may), and the trace."""
    doses = {e.exercise: e.dose for e in picture.dosed}
    trace: list[TraceEntry] = []
    raised: str | None = None
    for state in in_order(picture, picture.dosed):
        ready, count = _rung_earned(picture, state)
        needed = picture.record.rulebook.numbers.return_t_sessions
        trace.append(
            TraceEntry(
                "D8",
                "consecutive tolerated sessions at this rung",
                ready,
                str(count),
                ">=",
                str(needed),
                "sessions",
                state.exercise,
            )
        )
        if state.dose is None or state.before_flare is None or not ready or raised is not None:
            continue
        rung = rung_up(picture.record.rulebook, picture.form(state), state.dose, state.before_flare)
        if _allowed(picture, state.exercise, rung) is not None:
            doses[state.exercise], raised = rung, state.exercise
        elif rung is not None:
            trace += above_cap(picture, state.exercise, rung, "D8", "the next rung")
    return doses, raised, tuple(trace)


def _rung_earned(picture: ClinicalPicture, state: ExerciseState) -> tuple[bool, int]:
    needed = int(picture.record.rulebook.numbers.return_t_sessions)
    last = [s for s in picture.evaluable(state.exercise) if state.dose_since is None or s.day >= state.dose_since][
        -needed:
    ]
    count = sum(1 for s in last if s.session_class is SessionClass.T and s.at_dose)
    return count == needed, count


def return_start(picture: ClinicalPicture) -> tuple[dict[str, Dose | None], str | None, tuple[TraceEntry, ...]]:
    """Rule D8 on its first day: the start of each exercise, of which one alone may lie above its dose in force."""
    starts, _, down = within_caps(picture, return_doses(picture))
    raised: str | None = None
    doses: dict[str, Dose | None] = {}
    trace = [settled_entry(picture)]
    for state in in_order(picture, picture.dosed):
        start = starts[state.exercise]
        if start is not None and not is_within(start, state.dose):
            if raised is None:
                raised = state.exercise
            else:
                start = state.dose
        doses[state.exercise] = start
        trace.append(start_entry(picture, state, start))
    return doses, raised, (*trace, *down)
