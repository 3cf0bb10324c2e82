"""When a dose can rise at the earliest: the calendar of loading weeks and lighter weeks, without any holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import ExerciseState, Phase

WEEK = 7


def earliest_rises(picture: ClinicalPicture, decision: Decision, state: ExerciseState) -> Iterator[int]:
    """Days from today on which a step can be earned at the earliest, when it is never missed.

    A rise needs its days since the last rise and its sessions at the present dose; a lighter week restores the dose
    after it, so that the sessions begin anew.
    """
    book = picture.record.rulebook
    between = int(book.numbers.min_days_at_dose)
    sessions = WEEK * -(-int(book.numbers.n_sess) // max(state.weekly_frequency, 1))
    loading = int(book.numbers.light_week_after_days)
    begun, changed, raised = _clock(picture, decision, state)
    for _ in range(int(book.numbers.outlook_steps_max)):
        while (day := max(raised + between, changed + sessions, 1)) - begun < loading:
            yield day
            changed = raised = day
        begun = max(begun + loading, 0) + int(book.numbers.light_week_days)
        changed = begun


def _clock(picture: ClinicalPicture, decision: Decision, state: ExerciseState) -> tuple[int, int, int]:
    """Days from today to the start of loading, to the last change of the dose, and to the last rise of any exercise."""
    record = picture.record
    changed = any(c.exercise == state.exercise and c.next != c.current for c in decision.doses)
    since = 0 if changed else _ago(picture, state.dose_since)
    rises = [e.last_raised for e in record.plan.exercises if e.last_raised]
    raised = 0 if decision.rule in ("D8", "D10") else _ago(picture, max(rises)) if rises else since
    if decision.phase is Phase.LIGHTER_WEEK:
        started = record.plan.phase_since if record.plan.phase is Phase.LIGHTER_WEEK else None
        begins = max(int(record.rulebook.numbers.light_week_days) + _ago(picture, started), 0)
        return begins, begins, raised
    if decision.phase is Phase.DELOAD:
        ends = WEEK * -(-int(record.rulebook.numbers.deload_of) // max(state.weekly_frequency, 1))
        return ends, ends, raised
    anew = decision.rule in ("D6", "D9")
    return (0 if anew else _ago(picture, picture.loading_since)), since, raised


def _ago(picture: ClinicalPicture, day: date | None) -> int:
    """Days from today to a day in the past, as a number not above 0; 0 where the day is not known."""
    return 0 if day is None else min(-picture.record.days_ago(day), 0)
