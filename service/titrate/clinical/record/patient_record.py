"""One patient's record at the moment of a decision: days, sessions, newest measures and answers, and eligibility (D0).

It applies no other rule and imputes nothing: a day without a rating stays without one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from titrate.clinical.values.decision import OpenFlag
from titrate.clinical.values.merged_sessions import Bout, bouts_of, merged_sessions, with_heart_rates
from titrate.clinical.values.morning_ratings import MorningRating, MorningWeek, mornings_by_date, week_dates, week_of
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import (
    Clearance,
    Comment,
    Diagnosis,
    DoseLimit,
    FactorReported,
    FreeText,
    Measurement,
    Medication,
    PatientDetails,
    PatientGoal,
    PatientReadings,
    Reading,
    Refusal,
    RoutineBlock,
    SafetyAnswer,
    SessionReported,
    TrialReported,
)
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.messages import record as messages

Kind = TypeVar("Kind", bound=Reading)
Named = TypeVar("Named", Measurement, SafetyAnswer)
LatestAnswer = TypeVar("LatestAnswer", SafetyAnswer, Comment, RoutineBlock, FactorReported)


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """One patient at one moment. `today` is the patient's local date; every tuple is in order of time.

    `last_week` are the seven local dates before it, `week_before` the seven before those. `sessions` has one entry for
    each bout, beside preliminary reports of it; `reported_again` are the reports of each bout that has several.
    """

    person: PatientDetails
    at: datetime
    today: date
    rulebook: Rulebook
    plan: PlanInForce
    pain: Mapping[date, MorningRating]
    fatigue: Mapping[date, MorningRating]
    last_week: MorningWeek
    week_before: MorningWeek
    measured: Mapping[str, tuple[Measurement, ...]]
    answered: Mapping[str, tuple[SafetyAnswer, ...]]
    comments: tuple[Comment, ...]
    sessions: tuple[SessionReported, ...]
    reported_again: tuple[Bout, ...]
    trials: tuple[TrialReported, ...]
    clearances: tuple[Clearance, ...]
    dose_limits: tuple[DoseLimit, ...]
    diagnoses: tuple[Diagnosis, ...]
    medicines: tuple[Medication, ...]
    goals: tuple[PatientGoal, ...]
    blocks: tuple[RoutineBlock, ...]
    factors: tuple[FactorReported, ...]
    refusals: tuple[Refusal, ...]
    open_flags: tuple[OpenFlag, ...] = ()
    free_texts: tuple[FreeText, ...] = ()

    def days_ago(self, day: date) -> int:
        """Whole calendar days from `day` to the decision date."""
        return (self.today - day).days

    def week(self, back: int = 1) -> tuple[date, ...]:
        """The seven local dates before the decision date; `back` 2 gives the seven before those."""
        return week_dates(self.today, back)

    def latest(self, what: str) -> Measurement | None:
        """The newest final value of a measure; of two at one moment the later in order."""
        return next((m for m in reversed(self.measured.get(what, ())) if not m.stamp.preliminary), None)

    def worst_newest(self, what: str, *, low: bool = False) -> Measurement | None:
        """The newest final value, or a worse preliminary one since; `low`: a lower value is worse."""
        found = self.measured.get(what)
        return worst_newest(found, low=low) if found else None

    def is_confirmed(self, what: str) -> bool:
        """Whether the newest final answer is yes, with no other one at its moment and no preliminary one since."""
        found = self.answered.get(what, ())
        return any(not a.stamp.preliminary for a in found) and all(a.value is True for a in since_newest(found))

    def open_goal(self, exercise: str) -> PatientGoal | None:
        """The open goal with a target in the exercise's own unit; of several the one that is due first."""
        unit = self.rulebook.exercises[exercise].amount_unit
        found = [
            g for g in self.goals if g.exercise == exercise and g.target is not None and g.unit == unit and g.is_open
        ]
        return min(found, key=lambda g: (g.due or date.max, g.reference), default=None)

    def ever(self, what: str, value: bool | str, days: Iterable[date]) -> bool:
        """Whether an answer with this value was given on any of these local dates, preliminary ones included."""
        answers = self.answered.get(what)
        if not answers:
            return False
        dates = frozenset(days)
        return any(a.value == value and a.stamp.day in dates for a in answers)


def worst_newest(found: Sequence[Measurement], *, low: bool = False) -> Measurement | None:
    """Of values in order of time the newest final one, or a worse preliminary one since, which may only hold a dose."""
    return max(since_newest(found), key=lambda m: -m.value if low else m.value, default=None)


def since_newest(found: Sequence[Named]) -> tuple[Named, ...]:
    """The values of the moment of the newest final one, and since. All of one moment count, so that their order does
    not matter.
    """
    newest = max((m.stamp.when for m in found if not m.stamp.preliminary), default=None)
    return tuple(m for m in found if newest is None or m.stamp.when >= newest)


def patient_record(
    readings: PatientReadings,
    plan: PlanInForce,
    rulebook: Rulebook,
    at: datetime,
    open_flags: tuple[OpenFlag, ...] = (),
) -> PatientRecord:
    """Sort a patient's readings into a record. `at` is the decision's instant (aware); no reading is later.

    `open_flags` are red flags that earlier runs recorded as open.
    """
    kinds: dict[type, list[Any]] = defaultdict(list)
    for reading in readings.readings:
        kinds[type(reading)].append(reading)
    measured = _by_name(_only(kinds, Measurement))
    pain = mornings_by_date(measured.get("pain-morning", ()))
    today = at.astimezone(ZoneInfo(readings.person.zone)).date()
    near = timedelta(minutes=int(rulebook.numbers.same_session_minutes))
    bouts = bouts_of(_in_order(_only(kinds, SessionReported)), near)
    return PatientRecord(
        person=readings.person,
        at=at,
        today=today,
        rulebook=rulebook,
        plan=plan,
        pain=pain,
        fatigue=mornings_by_date(measured.get("fatigue-morning", ())),
        last_week=week_of(pain, today, 1),
        week_before=week_of(pain, today, 2),
        measured=measured,
        answered=_by_name(_only(kinds, SafetyAnswer)),
        comments=_in_order(_only(kinds, Comment)),
        sessions=_sessions(bouts, measured.get("heart-rate", ()), rulebook),
        reported_again=tuple(bout for bout in bouts if len(bout) > 1),
        trials=_in_order(_only(kinds, TrialReported)),
        clearances=_in_order(_only(kinds, Clearance)),
        dose_limits=_in_order(_only(kinds, DoseLimit)),
        diagnoses=_in_order(_only(kinds, Diagnosis)),
        medicines=_in_order(_only(kinds, Medication)),
        goals=_in_order(_only(kinds, PatientGoal)),
        blocks=_in_order(_only(kinds, RoutineBlock)),
        factors=_in_order(_only(kinds, FactorReported)),
        refusals=readings.refusals,
        open_flags=tuple(sorted(open_flags, key=lambda item: (item.since, item.source.reference))),
        free_texts=_in_order(_only(kinds, FreeText)),
    )


def _sessions(bouts: Iterable[Bout], rates: Sequence[Measurement], rulebook: Rulebook) -> tuple[SessionReported, ...]:
    """The session of each bout, with the heart rates that were measured in it."""
    found: list[SessionReported] = []
    for bout in bouts:
        exercise = rulebook.exercises.get(bout[0].exercise)
        found += merged_sessions(bout, None if exercise is None else exercise.amount_unit)
    return _in_order([with_heart_rates(session, rates) for session in found] if rates else found)


def _only(kinds: Mapping[type, list[Any]], kind: type[Kind]) -> list[Kind]:
    return kinds.get(kind, [])


def _by_name(items: Iterable[Named]) -> Mapping[str, tuple[Named, ...]]:
    groups: dict[str, list[Named]] = defaultdict(list)
    for item in sorted(items, key=_time_and_source):
        groups[item.what].append(item)
    return {name: _ordered(groups[name]) for name in sorted(groups)}


def _in_order(found: list[Kind]) -> tuple[Kind, ...]:
    return _ordered(sorted(found, key=_time_and_source))


def _time_and_source(reading: Reading) -> tuple[datetime, str]:
    return reading.stamp.when, reading.stamp.source.reference


def _ordered(found: list[Kind]) -> tuple[Kind, ...]:
    """Readings sorted by time and source, then by content, so that the order of a search page does not matter."""
    if len(found) < 2 or not any(a.stamp.when == b.stamp.when for a, b in pairwise(found)):
        return tuple(found)
    ties = (list(tied) for _, tied in groupby(found, key=_time_and_source))
    return tuple(r for tied in ties for r in (sorted(tied, key=repr) if len(tied) > 1 else tied))


def latest_answer(record: PatientRecord, what: str) -> str | None:
    """The newest coded answer to a question, or None."""
    found = latest_answers(record, what)
    return found[-1] if found else None


def latest_answers(record: PatientRecord, what: str) -> tuple[str, ...]:
    """The coded answers of the newest form, or of the newest day, that answers the question: unique and sorted."""
    answers = [a for a in record.answered.get(what, ()) if isinstance(a.value, str)]
    return tuple(sorted({str(a.value) for a in newest(answers)}))


def latest_number(record: PatientRecord, what: str) -> Decimal | None:
    """The newest value of a measure, or None."""
    found = record.latest(what)
    return None if found is None else found.value


def latest_text(record: PatientRecord, about: str) -> str | None:
    """The newest free-text answer to a question, or None."""
    found = newest([c for c in record.comments if c.about == about])
    return found[-1].text if found else None


def newest(items: Iterable[LatestAnswer]) -> Sequence[LatestAnswer]:
    """The items of the newest form, or of the newest day where they arrived one by one, in their order.

    A form that is filled in again replaces the previous one.
    """
    finals = [item for item in items if not item.stamp.preliminary]
    if not finals:
        return ()
    last = finals[-1].stamp
    if last.source.reference.startswith("QuestionnaireResponse/"):
        return [item for item in finals if item.stamp.source.reference == last.source.reference]
    return [item for item in finals if item.stamp.day == last.day]


def ineligibility_reasons(person: PatientDetails, today: date, rulebook: Rulebook) -> tuple[Message, ...]:
    """Why the patient is not eligible; empty for an eligible patient. Unknown facts exclude no one."""
    age, adult = person.age_on(today), rulebook.numbers.adult_age
    reasons: tuple[tuple[bool, Message], ...] = (
        (person.deceased, messages.PatientDied()),
        (person.merged_into is not None, messages.RecordMerged()),
        (person.opted_out, messages.PatientOptedOut()),
        (person.enrolled is False, messages.PatientNotEnrolled()),
        (age is not None and age < adult, messages.PatientUnderAge(age=adult)),
    )
    return tuple(reason for applies, reason in reasons if applies)
