"""A low-demand restart (C47): offered after a gap, a week of few sessions, or with a sparse diary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from titrate.clinical.insights.adherence import Adherence, Diary
from titrate.clinical.insights.week_plan import DoseOptions
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.plan import Dose, Phase
from titrate.messages import Message
from titrate.messages.insights import RestartAfterGap, RestartAfterLowAdherence, RestartForSparseDiary

EXCLUDED_PHASES = frozenset({Phase.INTAKE, Phase.BASELINE, Phase.FLARE, Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class RestartOffer:
    """One exercise at its smallest dose, with sessions and diary entries for the next seven days.

    Never more than the dose and frequency of the plan. `reasons` led to the offer.
    """

    exercise: str
    dose: Dose
    times: int
    entries: int
    reasons: tuple[Message, ...]


def restart_offer(
    picture: ClinicalPicture,
    decision: Decision,
    options: Iterable[DoseOptions],
    adherence: tuple[Adherence, ...],
    diary: Diary,
) -> RestartOffer | None:
    """The offer; None without a reason for it, or where symptoms come first."""
    if picture.safety.stops or picture.flare is not None or picture.phase in EXCLUDED_PHASES:
        return None
    reasons = tuple(_reasons(picture, decision, adherence, diary))
    smallest = {o.exercise: o.minimum for o in options if o.minimum is not None}
    states = [e for e in picture.dosed if e.exercise in smallest]
    if not reasons or not states:
        return None
    chosen = min(states, key=lambda e: (not e.goal_linked, e.exercise))
    book = picture.record.rulebook
    times = min(int(book.numbers.reentry_sessions), chosen.weekly_frequency)
    return RestartOffer(chosen.exercise, smallest[chosen.exercise], times, int(book.numbers.reentry_entries), reasons)


def _reasons(
    picture: ClinicalPicture, decision: Decision, adherence: tuple[Adherence, ...], diary: Diary
) -> Iterator[Message]:
    if decision.outcome is Outcome.STEP_BACK:
        yield RestartAfterGap()
    low = picture.record.rulebook.numbers.reentry_adherence
    started = picture.record.plan.started or picture.record.plan.approved
    full_week = started is not None and picture.record.days_ago(started) >= 7
    if full_week and adherence and all(Fraction(a.part) < low for a in adherence):
        yield RestartAfterLowAdherence()
    if diary.alert:
        yield RestartForSparseDiary()
