"""Adherence (C04, C13, C19): sessions, diary entries, even pacing, cues; a low-demand restart when it is low (C47)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from titrate.clinical.insights.week_plan import DoseOptions
from titrate.clinical.picture.clinical_picture import ClinicalPicture, mean_of
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.safety import Safety
from titrate.clinical.rules.gates.adherence_and_load import adherence_of
from titrate.clinical.values.decision import Decision, Outcome
from titrate.clinical.values.plan import Dose, Phase
from titrate.clinical.values.readings import Source
from titrate.clinical.values.rulebook import SELF_HARM
from titrate.messages import Message
from titrate.messages.insights import RestartAfterGap, RestartAfterLowAdherence, RestartForSparseDiary
from titrate.messages.sessions import SessionOvershoot

# Scores of progress without a dose: self-efficacy, patient-specific function, global impression of change.
CUES = ("pseq", "psfs", "pgic")
EXCLUDED_PHASES = frozenset({Phase.INTAKE, Phase.BASELINE, Phase.FLARE, Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class ExerciseAdherence:
    """Completed sessions of the last seven days as a fraction of the plan's frequency, at most 1."""

    exercise: str
    part: Fraction


@dataclass(frozen=True, slots=True)
class Diary:
    """Days with a morning rating among the last `days`; `alert` where they are too few to show a trend."""

    entries: int
    days: int
    alert: bool


@dataclass(frozen=True, slots=True)
class Pacing:
    """How evenly activity is spread. `index` is the busiest day divided by the median day of `measure`; None: unknown.

    `overshoots` are sessions well above the planned dose, the sign of overdoing on good days.
    """

    measure: str | None
    index: Decimal | None
    uneven: bool
    overshoots: int


@dataclass(frozen=True, slots=True)
class Cues:
    """Progress without a dose: scores, the week's mean mood (0-10), and comments with date and source.

    `comments` are the texts with words of alarm, then the newest comments.
    """

    scores: Mapping[str, Decimal]
    mood: Decimal | None
    comments: tuple[tuple[date, str, Source], ...]


def adherence(picture: ClinicalPicture) -> tuple[ExerciseAdherence, ...]:
    """Adherence to each exercise that has a dose."""
    return tuple(ExerciseAdherence(e.exercise, adherence_of(picture, e)) for e in picture.dosed)


def diary(picture: ClinicalPicture) -> Diary:
    """Diary entries of the last days. The alert needs a plan that was in force on all of these days."""
    record = picture.record
    days = int(record.rulebook.numbers.adherence_days)
    window = (record.today - timedelta(days=n) for n in range(1, days + 1))
    entries = sum(1 for d in window if d in record.pain and record.pain[d].final is not None)
    started = record.plan.started or record.plan.approved
    in_force = bool(picture.dosed) and started is not None and record.days_ago(started) >= days
    return Diary(entries, days, in_force and Fraction(entries, days) < record.rulebook.numbers.adherence_alert)


def pacing(picture: ClinicalPicture) -> Pacing:
    """The pacing index by steps, else by minutes of exercise. Days without a record do not count."""
    record = picture.record
    overshoots = sum(any(isinstance(r, SessionOvershoot) for r in s.reasons) for s in picture.sessions)
    for measure in ("steps", "exercise-minutes"):
        values = _daily_values(record, measure)
        median = values[len(values) // 2] if values else Decimal(0)
        if len(values) >= record.rulebook.numbers.mornings_min and median > 0:
            index = values[-1] / median
            return Pacing(measure, index, index >= record.rulebook.numbers.pacing_uneven, overshoots)
    return Pacing(None, None, overshoots > 0, overshoots)


def _daily_values(record: PatientRecord, measure: str) -> list[Decimal]:
    """The highest value of each recent day, in ascending order."""
    since = record.today - timedelta(days=int(record.rulebook.numbers.adherence_days))
    days: dict[date, Decimal] = {}
    for m in record.measured.get(measure, ()):
        if since <= m.stamp.day < record.today and not m.stamp.preliminary:
            days[m.stamp.day] = max(m.value, days.get(m.stamp.day, m.value))
    return sorted(days.values())


def cues(record: PatientRecord, safety: Safety) -> Cues:
    """Reported progress without a dose; texts with words of alarm, and of the last two weeks the newest three comments.

    The former are those that reopened an item of the screen, and the newest three behind an open flag for self-harm.
    """
    scores = {score: m.value for score in CUES if (m := record.latest(score)) is not None}
    week = frozenset(record.week())
    moods = [m.value for m in record.measured.get("mood", ()) if m.stamp.day in week and not m.stamp.preliminary]
    limit = record.rulebook.numbers.adherence_days
    recent = [c for c in record.comments if not c.about and 0 <= record.days_ago(c.stamp.day) <= limit]
    despair = safety.texts.get(SELF_HARM, ()) if any(flag.flag == SELF_HARM for flag in safety.flags) else ()
    alarming = sorted((*safety.screen.reopened, *despair[-3:]), key=lambda one: one.when, reverse=True)
    shown = [(one.stamp.day, one.text, one.stamp.source) for one in alarming]
    shown += [(c.stamp.day, c.text, c.stamp.source) for c in reversed(recent[-3:])]
    return Cues(scores, mean_of(moods), tuple(dict.fromkeys(shown)))


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
    adherence: tuple[ExerciseAdherence, ...],
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
    picture: ClinicalPicture, decision: Decision, adherence: tuple[ExerciseAdherence, ...], diary: Diary
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
