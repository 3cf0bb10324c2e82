"""Start doses from tolerance trials (clinical rules B4, B11.25). Trials are symptom-contingent; the start is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import dose_form, round_down_dose
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.quantity import REPETITIONS
from titrate.clinical.values.readings import TrialReported
from titrate.clinical.values.rulebook import Programme
from titrate.messages import Message
from titrate.messages.decisions import (
    ClinicianSetsLoad,
    TrialsNeeded,
    UnstableTrials,
)
from titrate.messages.gates import TrialCount, TrialMean, TrialSpread, TrialWorst


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The baseline of one exercise: a start dose, or None and what is missing."""

    exercise: str
    start: Dose | None
    asks: tuple[Message, ...]
    trace: tuple[TraceEntry, ...]


def baseline_exercises(picture: ClinicalPicture, programme: Programme) -> tuple[ExerciseState, ...]:
    """The exercises of a baseline: the plan's, else those with a trial, else the programme's."""
    record = picture.record
    if record.plan.exercises:
        return record.plan.exercises
    tried = dict.fromkeys(t.exercise for t in record.trials if t.exercise in record.rulebook.exercises)
    frequency = {p.exercise: p.weekly_frequency for p in programme.exercises}
    domains = {record.rulebook.exercises[p.exercise].domain: p.weekly_frequency for p in programme.exercises}
    codes = sorted(tried) or [p.exercise for p in programme.exercises]
    return tuple(
        ExerciseState(
            code,
            None,
            frequency.get(code) or domains.get(record.rulebook.exercises[code].domain, 2),
            goal_linked=_goal_linked(picture, code),
        )
        for code in codes
    )


def _goal_linked(picture: ClinicalPicture, exercise: str) -> bool:
    return any(
        g.exercise == exercise and g.status not in {"cancelled", "rejected", "entered-in-error", "completed"}
        for g in picture.record.goals
    )


def baseline_of(picture: ClinicalPicture, state: ExerciseState, sets: int) -> Baseline:
    """The start dose of one exercise; `sets` is the programme's, for exercises in repetitions."""
    trials = _counted(picture, state.exercise)
    book = picture.record.rulebook
    needed = int(book.numbers.trials_min)
    if len(trials) < needed:
        ask = TrialsNeeded(exercise=state.exercise, count=needed - len(trials))
        return Baseline(exercise=state.exercise, start=None, asks=(ask,), trace=(_count_entry(state, needed, trials),))
    amounts = [trial.done for trial in trials.values()]
    least, most, total = min(amounts), max(amounts), sum(amounts, Decimal(0))
    factor = book.numbers.start_factor_cautious if picture.cautious else book.numbers.start_factor
    unstable = most > book.numbers.trials_unstable * least
    # Multiply before dividing: the mean must not be rounded before the last step.
    amount = least * factor if unstable else total * factor / len(amounts)
    exercise = book.exercises[state.exercise]
    first = Dose(amount, exercise.amount_unit, sets if exercise.amount_unit == REPETITIONS else None)
    start = None if exercise.loaded else round_down_dose(book, dose_form(exercise, state), first)
    asks: tuple[Message, ...] = ()
    if unstable:
        asks = (UnstableTrials(exercise=state.exercise, count=book.numbers.trials_unstable_more),)
    if exercise.loaded:
        asks = (*asks, ClinicianSetsLoad(exercise=state.exercise))
    trace = (
        _count_entry(state, needed, trials),
        TraceEntry(
            rule="B4",
            text=TrialSpread(),
            held=not unstable,
            value=f"{most / least:.2f}" if least else None,
            operator="<=",
            limit=str(book.numbers.trials_unstable),
            unit="1",
            exercise=state.exercise,
        ),
        TraceEntry(
            rule="B4",
            text=TrialWorst() if unstable else TrialMean(),
            held=True,
            value=str(least) if unstable else f"{total / len(amounts):.2f}",
            operator="x",
            limit=str(factor),
            unit=exercise.amount_unit,
            exercise=state.exercise,
        ),
    )
    return Baseline(exercise=state.exercise, start=start, asks=asks, trace=trace)


def _counted(picture: ClinicalPicture, exercise: str) -> dict[date, TrialReported]:
    """The lowest trial of each date near the newest date; empty where the newest is too old."""
    record = picture.record
    unit, window = record.rulebook.exercises[exercise].amount_unit, record.rulebook.numbers.trials_days
    lowest: dict[date, TrialReported] = {}
    for t in record.trials:
        if t.exercise == exercise and t.unit == unit and not t.stamp.preliminary:
            known = lowest.get(t.stamp.day)
            lowest[t.stamp.day] = t if known is None or t.done < known.done else known
    newest = max(lowest, default=None)
    if newest is None or record.days_ago(newest) > window:
        return {}
    return {day: t for day, t in sorted(lowest.items()) if (newest - day).days <= window}


def _count_entry(state: ExerciseState, needed: int, trials: dict[date, TrialReported]) -> TraceEntry:
    return TraceEntry(
        rule="B4",
        text=TrialCount(),
        held=len(trials) >= needed,
        value=str(len(trials)),
        operator=">=",
        limit=str(needed),
        unit="trials",
        exercise=state.exercise,
        sources=tuple(trial.stamp.source for trial in trials.values()),
    )
