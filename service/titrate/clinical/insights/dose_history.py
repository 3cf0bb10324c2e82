"""The dose history as series (C44): amounts done and planned, morning pain, and decisions by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import ClassedSession, SessionClass
from titrate.clinical.values.plan import PastDecision

WORK = "repetitions x kg"


@dataclass(frozen=True, slots=True)
class CompletedSession:
    """One session: local date, amount done, amount prescribed (None: unknown), and session class."""

    day: date
    done: Decimal
    prescribed: Decimal | None
    session_class: SessionClass


@dataclass(frozen=True, slots=True)
class ExerciseHistory:
    """One exercise over time, in `unit`, with its goal if any. With a load the unit is repetitions times kg."""

    exercise: str
    unit: str
    sessions: tuple[CompletedSession, ...]
    goal: Decimal | None


@dataclass(frozen=True, slots=True)
class DoseHistory:
    """The series of a chart: one track per exercise, morning pain by day (0-10), its ceiling, decisions, and today."""

    tracks: tuple[ExerciseHistory, ...]
    pain: tuple[tuple[date, Decimal], ...]
    ceiling: Decimal
    milestones: tuple[PastDecision, ...]
    today: date

    @property
    def first(self) -> date:
        """The earliest day of any series."""
        days = [s.day for track in self.tracks for s in track.sessions] + [day for day, _ in self.pain]
        return min(days, default=self.today)


def dose_history(picture: ClinicalPicture) -> DoseHistory:
    """The series of a clinical picture. Preliminary records do not count."""
    record = picture.record
    codes = dict.fromkeys(s.exercise for s in picture.sessions if s.exercise in record.rulebook.exercises)
    tracks = (_track(picture, code) for code in codes)
    pain = tuple((day, d.final) for day, d in record.pain.items() if d.final is not None)
    return DoseHistory(
        tuple(t for t in tracks if t.sessions), pain, picture.limits.ceiling.value, record.plan.history, record.today
    )


def _track(picture: ClinicalPicture, code: str) -> ExerciseHistory:
    exercise, goal = picture.record.rulebook.exercises[code], picture.record.open_goal(code)
    sessions = [
        s for s in picture.sessions
        if s.exercise == code and s.done is not None and not s.preliminary and s.unit in (None, exercise.amount_unit)
    ]  # fmt: skip
    if exercise.loaded:
        lifted = tuple(_done(s, s.load) for s in sessions if s.load is not None)
        return ExerciseHistory(code, WORK, lifted, None)
    return ExerciseHistory(
        code, exercise.amount_unit, tuple(map(_done, sessions)), None if goal is None else goal.target
    )


def _done(session: ClassedSession, load: Decimal | None = None) -> CompletedSession:
    """The amount of a session; with a load its work, so that a new load with fewer repetitions shows no decrease."""
    factor, prescribed = load or Decimal(1), session.prescribed
    return CompletedSession(
        session.day,
        (session.done or Decimal(0)) * factor,
        None if prescribed is None else prescribed * factor,
        session.session_class,
    )
