"""How steadily things are done (C04, C13, C19, C47): adherence, diary, pacing, and what cannot be counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from titrate.clinical.picture.clinical_picture import ClinicalPicture, mean_of
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.rules.gates.workload import adherence_of
from titrate.clinical.values.readings import Source

# Cues that are numbers: confidence, own function, global impression, mood.
CUES = ("pseq", "psfs", "pgic")


@dataclass(frozen=True, slots=True)
class Adherence:
    """Completed sessions of the last seven days over the plan's frequency, as a part (at most 1)."""

    exercise: str
    part: Fraction


@dataclass(frozen=True, slots=True)
class Diary:
    """Days with a morning rating among the days looked at, and whether that is few enough to alert the reader."""

    entries: int
    days: int
    alert: bool


@dataclass(frozen=True, slots=True)
class Pacing:
    """How evenly activity is spread. `index` is the busiest day over the middle day, by `measure`; None: not known.

    `overshoots` are sessions of well above what was planned, the mark of a good day that is paid for later.
    """

    measure: str | None
    index: Decimal | None
    uneven: bool
    overshoots: int


@dataclass(frozen=True, slots=True)
class Cues:
    """Progress without a dose: scores, the week's mean mood (0-10), the newest comments with their day."""

    scores: Mapping[str, Decimal]
    mood: Decimal | None
    comments: tuple[tuple[date, str, Source], ...]


def adherence(picture: ClinicalPicture) -> tuple[Adherence, ...]:
    """Adherence of each exercise with a dose in force."""
    return tuple(Adherence(e.exercise, adherence_of(picture, e)) for e in picture.dosed)


def diary(picture: ClinicalPicture) -> Diary:
    """Entries of the last days. There is an alert only where a plan has stood for all of these days."""
    record = picture.record
    days = int(record.rulebook.numbers.adherence_days)
    looked = (record.today - timedelta(days=n) for n in range(1, days + 1))
    entries = sum(1 for d in looked if d in record.pain and record.pain[d].final is not None)
    started = record.plan.started or record.plan.approved
    running = bool(picture.dosed) and started is not None and record.days_ago(started) >= days
    return Diary(entries, days, running and Fraction(entries, days) < record.rulebook.numbers.adherence_alert)


def pacing(picture: ClinicalPicture) -> Pacing:
    """The pacing index by steps, else by minutes of exercise; days without a record are left out."""
    record = picture.record
    overshoots = sum(1 for s in picture.sessions if "overshoot" in " ".join(s.reasons))
    for measure in ("steps", "exercise-minutes"):
        values = _by_day(record, measure)
        middle = values[len(values) // 2] if values else Decimal(0)
        if len(values) >= record.rulebook.numbers.mornings_min and middle > 0:
            index = values[-1] / middle
            return Pacing(measure, index, index >= record.rulebook.numbers.pacing_uneven, overshoots)
    return Pacing(None, None, overshoots > 0, overshoots)


def _by_day(record: PatientRecord, measure: str) -> list[Decimal]:
    """The highest value of each recent day, in order of size."""
    since = record.today - timedelta(days=int(record.rulebook.numbers.adherence_days))
    days: dict[date, Decimal] = {}
    for m in record.measured.get(measure, ()):
        if since <= m.stamp.day < record.today and not m.stamp.preliminary:
            days[m.stamp.day] = max(m.value, days.get(m.stamp.day, m.value))
    return sorted(days.values())


def cues(record: PatientRecord) -> Cues:
    """Qualitative progress as far as it was reported; comments of the last two weeks, the newest three."""
    scores = {what: m.value for what in CUES if (m := record.latest(what)) is not None}
    week = frozenset(record.week())
    moods = [m.value for m in record.measured.get("mood", ()) if m.stamp.day in week and not m.stamp.preliminary]
    limit = record.rulebook.numbers.adherence_days
    recent = [c for c in record.comments if not c.about and 0 <= record.days_ago(c.stamp.day) <= limit]
    told = tuple((c.stamp.day, c.text, c.stamp.source) for c in reversed(recent[-3:]))
    return Cues(scores, mean_of(moods), told)
