"""A way back with little demand (C47): offered after a gap, a week of few sessions, or with a thin diary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from titrate.clinical.insights.adherence import Adherence, Diary
from titrate.clinical.insights.week_template import DoseOptions
from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.plan import Dose, Phase

NOT_NOW = frozenset({Phase.INTAKE, Phase.BASELINE, Phase.FLARE, Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class RestartOffer:
    """One exercise at its least dose, so many times in the next seven days, and entries on so many mornings.

    Never more than the plan's own dose and frequency. `because` says what led to the offer.
    """

    exercise: str
    dose: Dose
    times: int
    entries: int
    because: tuple[str, ...]


def restart_offer(
    picture: ClinicalPicture,
    decision: Decision,
    options: Iterable[DoseOptions],
    done: tuple[Adherence, ...],
    diary: Diary,
) -> RestartOffer | None:
    """The offer, or None where nothing speaks for it or symptoms come first."""
    if picture.safety.stops or picture.flare is not None or picture.phase in NOT_NOW:
        return None
    because = tuple(_reasons(picture, decision, done, diary))
    least = {o.exercise: o.minimum for o in options if o.minimum is not None}
    states = [e for e in picture.dosed if e.exercise in least]
    if not because or not states:
        return None
    chosen = min(states, key=lambda e: (not e.goal_linked, e.exercise))
    book = picture.record.rulebook
    times = min(int(book.numbers.reentry_sessions), chosen.weekly_frequency)
    return RestartOffer(chosen.exercise, least[chosen.exercise], times, int(book.numbers.reentry_entries), because)


def _reasons(picture: ClinicalPicture, decision: Decision, done: tuple[Adherence, ...], diary: Diary) -> Iterable[str]:
    if decision.outcome is Outcome.STEP_BACK:
        yield "a gap without sessions"
    low = picture.record.rulebook.numbers.reentry_adherence
    started = picture.record.plan.started or picture.record.plan.approved
    settled = started is not None and picture.record.days_ago(started) >= 7
    if settled and done and all(Fraction(a.part) < low for a in done):
        yield "few of the week's sessions were done"
    if diary.alert:
        yield "few mornings have an entry"
