"""Start doses from tolerance trials (clinical rules B4, B11.25). Trials are symptom-contingent; the start is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.dose_math import dose_form, round_down_dose
from titrate.clinical.values.plan import Dose, ExerciseState
from titrate.clinical.values.readings import Source, TrialReported
from titrate.clinical.values.rulebook import Programme


@dataclass(frozen=True, slots=True)
class Baseline:
    """The outcome of one exercise's trials: a start dose, or None and what is asked for instead."""

    exercise: str
    start: Dose | None
    asks: tuple[str, ...]
    trace: tuple[TraceEntry, ...]


def baseline_exercises(picture: ClinicalPicture, programme: Programme) -> tuple[ExerciseState, ...]:
    """The exercises a baseline is about: the plan's, else those with a trial, else the programme's."""
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
        ask = f"{state.exercise}: {needed - len(trials)} more tolerance trials, each on another day"
        return Baseline(state.exercise, None, (ask,), (_entry(state, needed, trials),))
    least, most = min(t.done for t in trials.values()), max(t.done for t in trials.values())
    factor = book.numbers.start_factor_cautious if picture.cautious else book.numbers.start_factor
    unstable = most > book.numbers.trials_unstable * least
    mean = sum((t.done for t in trials.values()), Decimal(0)) / len(trials)
    # Multiply before dividing: the mean must not be rounded before the last step.
    amount = least * factor if unstable else sum((t.done for t in trials.values()), Decimal(0)) * factor / len(trials)
    exercise = book.exercises[state.exercise]
    first = Dose(amount, exercise.amount_unit, sets if exercise.amount_unit == "{repetitions}" else None)
    start = None if exercise.loaded else round_down_dose(book, dose_form(exercise, state), first)
    asks: tuple[str, ...] = (
        (f"{state.exercise}: 2 more tolerance trials, the baseline is unstable",) if unstable else ()
    )
    if exercise.loaded:
        asks += (f"{state.exercise}: a clinician sets the load",)
    trace = (
        _entry(state, needed, trials),
        TraceEntry(
            "B4",
            "best trial over worst",
            not unstable,
            f"{most / least:.2f}" if least else None,
            "<=",
            str(book.numbers.trials_unstable),
            "1",
            state.exercise,
        ),
        TraceEntry(
            "B4",
            "mean of the trials" if not unstable else "worst trial",
            True,
            f"{mean:.2f}" if not unstable else str(least),
            "x",
            str(factor),
            exercise.amount_unit,
            state.exercise,
        ),
    )
    return Baseline(state.exercise, start, asks, trace)


def _counted(picture: ClinicalPicture, exercise: str) -> dict[date, TrialReported]:
    """The lowest trial of each date, of the dates near the newest, if that is recent enough."""
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


def _entry(state: ExerciseState, needed: int, trials: dict[date, TrialReported]) -> TraceEntry:
    sources: tuple[Source, ...] = tuple(t.stamp.source for t in trials.values())
    enough = len(trials) >= needed
    return TraceEntry(
        "B4", "tolerance trials", enough, str(len(trials)), ">=", str(needed), "trials", state.exercise, sources
    )
