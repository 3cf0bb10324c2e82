"""Changes of repeated scores and tests (B9), and the patient's own view of progress (C19). No dose depends on them.

Function comes before pain: the aim is to restore function, not merely to reduce pain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from titrate.clinical.picture.clinical_picture import mean_of
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.morning_ratings import MorningRating
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.messages.insights import AspectOutcome, OutcomeSummary, VerdictCount


class Verdict(StrEnum):
    """What a difference between two scores means. Between the important and the certain change it is `possible`."""

    IMPROVED = "improved"
    POSSIBLE = "possible"
    NO_CHANGE = "no change"
    WORSE = "worse"


class Aspect(StrEnum):
    """What a measure is about, in reading order."""

    FUNCTION = "function"
    CONFIDENCE = "confidence"
    MOOD = "mood"
    FATIGUE = "fatigue"
    PAIN = "pain"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeChange:
    """One measure over time, in its unit: first and latest score and what the difference means.

    `important` is the smallest important change for this first score. `due`: the latest score is too old.
    """

    measure: str
    aspect: Aspect
    first: Decimal
    first_day: date
    latest: Decimal
    latest_day: date
    important: Decimal
    unit: str
    verdict: Verdict
    substantial: bool
    due: bool


_SUBSCALES = ("symptoms", "pain", "daily-living", "sport", "quality-of-life")
# Aspect, constants of mappings/outcomes.toml (by their stem), and the measures that they judge.
_JUDGED: tuple[tuple[Aspect, str, tuple[str, ...]], ...] = (
    (Aspect.FUNCTION, "PSFS", ("psfs",)),
    (Aspect.FUNCTION, "ODI", ("odi",)),
    (Aspect.FUNCTION, "RMDQ", ("rmdq",)),
    (Aspect.FUNCTION, "NDI", ("ndi",)),
    (Aspect.FUNCTION, "QUICKDASH", ("quickdash",)),
    (Aspect.FUNCTION, "KOOS", tuple(f"{form}-{part}" for form in ("koos", "hoos") for part in _SUBSCALES)),
    (Aspect.FUNCTION, "SIX_MINUTE_WALK", ("six-minute-walk",)),
    (Aspect.FUNCTION, "CHAIR_STAND", ("chair-stand",)),
    (Aspect.FUNCTION, "TIMED_UP_AND_GO", ("timed-up-and-go",)),
    (Aspect.FUNCTION, "GAIT_SPEED", ("gait-speed",)),
    (Aspect.FUNCTION, "PEG", ("peg",)),
    (Aspect.CONFIDENCE, "PSEQ", ("pseq",)),
    (Aspect.CONFIDENCE, "TSK_11", ("tsk-11",)),
    (Aspect.CONFIDENCE, "TSK_17", ("tsk-17",)),
    (Aspect.MOOD, "PHQ9", ("phq-9",)),
    (Aspect.PAIN, "PAIN", ("pain-average", "pain-week", "pain-worst", "pain-now")),
)
_WEEKLY = ((Aspect.FATIGUE, "FATIGUE", "fatigue-morning"), (Aspect.PAIN, "PAIN", "pain-morning"))
_PAIN_SCALES = frozenset({"koos-pain", "hoos-pain"})


def outcome_changes(record: PatientRecord) -> tuple[OutcomeChange, ...]:
    """Every measure with two scores on different days, function first and pain last."""
    found = [
        _change(record, (Aspect.PAIN if measure in _PAIN_SCALES else aspect), stem, measure, _scores(record, measure))
        for aspect, stem, measures in _JUDGED
        for measure in measures
    ]
    found += [_change(record, aspect, stem, what, _weeks(record, what)) for aspect, stem, what in _WEEKLY]
    order = list(Aspect)
    return tuple(sorted((c for c in found if c is not None), key=lambda c: order.index(c.aspect)))


def _scores(record: PatientRecord, measure: str) -> list[tuple[date, Decimal]]:
    """Final scores by day; of several on one day the last."""
    finals = (m for m in record.measured.get(measure, ()) if not m.stamp.preliminary)
    return sorted({m.stamp.day: m.value for m in finals}.items())


def _weeks(record: PatientRecord, what: str) -> list[tuple[date, Decimal]]:
    """Means of whole weeks of mornings, by the last day of each week: single ratings vary too much."""
    days = record.pain if what == "pain-morning" else record.fatigue
    first = min(days, default=record.today)
    weeks = [record.week(back) for back in range(-(-record.days_ago(first) // 7), 0, -1)]
    means = [(week[-1], _mean(record, [days.get(d) for d in week])) for week in weeks]
    return [(day, mean) for day, mean in means if mean is not None]


def _mean(record: PatientRecord, days: Iterable[MorningRating | None]) -> Decimal | None:
    values = [d.final for d in days if d is not None and d.final is not None]
    return mean_of(values) if len(values) >= record.rulebook.numbers.mornings_min else None


def _change(
    record: PatientRecord, aspect: Aspect, stem: str, measure: str, scores: list[tuple[date, Decimal]]
) -> OutcomeChange | None:
    """The change of one measure since the last score up to the plan's start, else since the oldest score."""
    before = [s for s in scores if record.plan.started is not None and s[0] <= record.plan.started]
    first = before[-1] if before else scores[0] if scores else None
    if first is None or scores[-1][0] <= first[0]:
        return None
    book, latest = record.rulebook, scores[-1]
    better = (latest[1] - first[1]) * (1 if book.number(f"{stem}_CHANGE") > 0 else -1)
    important = _important_change(book, stem, first[1])
    return OutcomeChange(
        measure=measure,
        aspect=aspect,
        first=first[1],
        first_day=first[0],
        latest=latest[1],
        latest_day=latest[0],
        important=important,
        unit=book.measures[measure].unit,
        verdict=verdict_of(better, important, _optional(book, f"{stem}_CERTAIN")),
        substantial=_is_substantial(book, stem, better, first[1]),
        due=latest[0] < record.today - timedelta(days=int(book.numbers.prom_recent_days)),
    )


def verdict_of(better: Decimal, important: Decimal, certain: Decimal | None) -> Verdict:
    """The verdict on an improvement (negative: a deterioration). The important change itself counts."""
    if better <= -important:
        return Verdict.WORSE
    if better < important:
        return Verdict.NO_CHANGE
    return Verdict.IMPROVED if certain is None or better >= certain else Verdict.POSSIBLE


def _important_change(book: Rulebook, stem: str, first: Decimal) -> Decimal:
    """The smallest important change for this first score: points, or the fraction of the score where that is less."""
    points, part = abs(book.number(f"{stem}_CHANGE")), _optional(book, f"{stem}_PART")
    share = None if part is None else part * first
    return points if not share or share <= 0 else min(points, share)


def _is_substantial(book: Rulebook, stem: str, better: Decimal, first: Decimal) -> bool:
    points, part = _optional(book, f"{stem}_SUBSTANTIAL"), _optional(book, f"{stem}_SUBSTANTIAL_PART")
    return (points is not None and better >= points) or (part is not None and first > 0 and better >= part * first)


def _optional(book: Rulebook, name: str) -> Decimal | None:
    return book.number(name) if name in book.constants else None


def outcome_summary(changes: tuple[OutcomeChange, ...]) -> Message | None:
    """The changes in a sentence that begins with function; None where nothing can be compared."""
    aspects = [aspect for aspect in Aspect if any(c.aspect is aspect for c in changes)]
    if not aspects:
        return None
    names = (aspects[0].value.capitalize(), *(aspect.value for aspect in aspects[1:]))
    return OutcomeSummary(
        aspects=tuple(
            AspectOutcome(aspect=name, verdicts=_verdict_counts([c.verdict for c in changes if c.aspect is aspect]))
            for name, aspect in zip(names, aspects, strict=True)
        )
    )


def _verdict_counts(verdicts: list[Verdict]) -> tuple[Message, ...]:
    return tuple(VerdictCount(count=verdicts.count(v), verdict=v.value) for v in Verdict if v in verdicts)


_VIEW_SCORES = ("perceived-capability", "change-confidence")
_VIEW_TASK = "task-independence"


@dataclass(frozen=True, slots=True)
class PatientView:
    """One question over time: first and latest answer as text. `better` is None for one answer, or no change."""

    what: str
    first: str
    first_day: date
    latest: str
    latest_day: date
    better: bool | None


def patient_views(record: PatientRecord) -> tuple[PatientView, ...]:
    """The questions that the patient answered, each with first and latest answer."""
    levels = record.rulebook.measures[_VIEW_TASK].options
    answers = [a for a in record.answered.get(_VIEW_TASK, ()) if a.value in levels and not a.stamp.preliminary]
    tasks = [(a.stamp.day, str(a.value), Decimal(levels.index(str(a.value)))) for a in answers]
    scores = {
        what: [(m.stamp.day, f"{m.value:f}", m.value) for m in record.measured.get(what, ()) if not m.stamp.preliminary]
        for what in _VIEW_SCORES
    }
    found = [_view(_VIEW_TASK, tasks), *(_view(what, answers) for what, answers in scores.items())]
    return tuple(view for view in found if view is not None)


def _view(what: str, answers: list[tuple[date, str, Decimal]]) -> PatientView | None:
    if not answers:
        return None
    (first_day, first, start), (latest_day, latest, now) = answers[0], answers[-1]
    return PatientView(what, first, first_day, latest, latest_day, None if now == start else now > start)
