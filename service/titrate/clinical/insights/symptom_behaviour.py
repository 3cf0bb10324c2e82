"""Pain and its behaviour (C02, C05): where, when and how much, what provokes and eases it, and gentler alternatives.

The service swaps no exercise: a clinician chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from titrate.clinical.picture.clinical_picture import ClinicalPicture, mean_of
from titrate.clinical.record.patient_record import PatientRecord, latest_answer, latest_answers, latest_number, newest
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.rulebook import Exercise, Prompt


class Irritability(StrEnum):
    """How easily pain rises and how slowly it settles."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class PainProfile:
    """Pain ratings, 0-10; None is unknown.

    `lowest`, `highest` and `spread` are of the mornings of the last two weeks; `other_times` is the mean of ratings at
    other times of these days; `rise` is the mean rise within a session. After `settled` of `followed` sessions pain
    had settled by the next morning. `sensitisation` is the CSI.
    """

    now: Decimal | None
    usual: Decimal | None
    average: Decimal | None
    worst: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    spread: Decimal | None
    other_times: Decimal | None
    rise: Decimal | None
    settled: int
    followed: int
    sensitisation: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PainBehaviour:
    """The patient's answers about pain; None is unknown.

    `latency` and `settling` are in minutes, `least` is the least pain of a week. `late`: pain rises too late for a
    session to show it. `prompts` are questions for the clinician to ask.
    """

    pattern: str | None
    provocation: str | None
    latency: Decimal | None
    settling: Decimal | None
    least: Decimal | None
    late: bool | None
    irritability: Irritability | None
    prompts: tuple[Prompt, ...]


def pain_profile(picture: ClinicalPicture) -> PainProfile:
    """The pain ratings of the record and of the last two weeks of sessions."""
    record = picture.record
    since = record.today - timedelta(days=int(record.rulebook.numbers.adherence_days))
    mornings = [d.final for day, d in record.pain.items() if day >= since and d.final is not None]
    elsewhere = (*record.measured.get("pain-other", ()), *record.measured.get("pain-clinic", ()))
    other = [m.value for m in elsewhere if m.stamp.day >= since and not m.stamp.preliminary]
    rises = [
        s.pain_peak - s.pain_before
        for s in record.sessions
        if s.stamp.day >= since and s.pain_peak is not None and s.pain_before is not None
    ]
    carries = [s.carry for s in picture.sessions if s.day >= since and s.carry is not None]
    return PainProfile(
        now=latest_number(record, "pain-now"),
        usual=picture.usual.pain,
        average=latest_number(record, "pain-average"),
        worst=latest_number(record, "pain-worst"),
        lowest=min(mornings, default=None),
        highest=max(mornings, default=None),
        spread=max(mornings) - min(mornings) if mornings else None,
        other_times=mean_of(other),
        rise=mean_of(rises),
        settled=sum(1 for c in carries if c <= record.rulebook.numbers.carry_ok),
        followed=len(carries),
        sensitisation=latest_number(record, "csi"),
    )


def pain_behaviour(record: PatientRecord) -> PainBehaviour:
    """The newest answers, and the irritability that follows from them."""
    latency, pattern = latest_number(record, "pain-latency"), latest_answer(record, "pain-pattern")
    prompt = record.rulebook.prompts.get(f"pattern.{pattern}")
    return PainBehaviour(
        pattern=pattern,
        provocation=latest_answer(record, "pain-provocation"),
        latency=latency,
        settling=latest_number(record, "pain-settling"),
        least=latest_number(record, "pain-best"),
        late=None if latency is None else latency >= record.rulebook.numbers.latency_late,
        irritability=_irritability(record),
        prompts=() if prompt is None else (prompt,),
    )


def _irritability(record: PatientRecord) -> Irritability | None:
    """High with two of three signs, low where all three are low, else moderate; None where an answer is missing."""
    book = record.rulebook
    provocation, worst = latest_answer(record, "pain-provocation"), latest_number(record, "pain-worst")
    settling = latest_number(record, "pain-settling")
    high = [
        provocation == "little",
        settling is not None and settling >= book.numbers.settling_long,
        worst is not None and worst > book.numbers.irritable_pain,
    ]
    if sum(high) > 1:
        return Irritability.HIGH
    if provocation is None or settling is None or worst is None:
        return None
    low = provocation == "much" and settling < book.numbers.settling_short and not any(high)
    return Irritability.LOW if low else Irritability.MODERATE


@dataclass(frozen=True, slots=True)
class ReportedFactor:
    """One factor as reported; `threshold` in `unit` is the amount from which it applies."""

    eases: bool
    what: str | None
    words: str | None
    symptom: str | None
    threshold: Decimal | None
    unit: str | None
    day: date


@dataclass(frozen=True, slots=True)
class Alternative:
    """An exercise of the plan that resembles aggravating factors, and exercises of its domain that do not."""

    exercise: str
    factors: tuple[str, ...]
    instead: tuple[str, ...]


def reported_factors(record: PatientRecord) -> tuple[ReportedFactor, ...]:
    """The factors of the newest day, aggravating ones first."""
    found = [
        ReportedFactor(f.eases, f.what, f.words, f.symptom, f.threshold, f.unit, f.stamp.day)
        for f in newest(record.factors)
    ]
    return tuple(sorted(found, key=lambda f: (f.eases, f.what or "", repr(f))))


def aggravating_factors(record: PatientRecord) -> frozenset[str]:
    """The codes of the newest aggravating factors."""
    return frozenset(f.what for f in newest(record.factors) if f.what is not None and not f.eases)


def alternatives(record: PatientRecord, states: tuple[ExerciseState, ...]) -> tuple[Alternative, ...]:
    """For each exercise of the plan that resembles an aggravating factor, the alternatives of the library."""
    library, factors = record.rulebook.exercises, aggravating_factors(record)
    planned = [library[state.exercise] for state in states if state.exercise in library]
    return tuple(
        Alternative(one.code, tuple(sorted(factors.intersection(one.like))), _alternatives_to(record, one, states))
        for one in planned
        if factors.intersection(one.like)
    )


def _alternatives_to(record: PatientRecord, exercise: Exercise, states: tuple[ExerciseState, ...]) -> tuple[str, ...]:
    """Exercises of the same domain and tissue, not planned, unlike the factors, with equipment that is there."""
    planned, factors = {state.exercise for state in states}, aggravating_factors(record)
    return tuple(
        other.code
        for other in record.rulebook.exercises.values()
        if other.domain is exercise.domain and _tissues(other) & _tissues(exercise) and other.code not in planned
        and not factors.intersection(other.like) and has_equipment(record, other)
    )  # fmt: skip


def _tissues(exercise: Exercise) -> set[str]:
    return set(exercise.tissue.split(" and "))


def has_equipment(record: PatientRecord, exercise: Exercise) -> bool:
    """Whether the patient has what the exercise needs. Unknown equipment counts as present."""
    equipment = latest_answers(record, "equipment")
    return not exercise.needs or not equipment or bool(set(exercise.needs).intersection(equipment))
