"""Daily activities: the map of an ordinary day (C04), and pacing of tasks by the minutes tolerated in one go (C26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.patient_record import latest_number, newest
from titrate.clinical.values.dose_math import floor_to, unit_of
from titrate.clinical.values.education_content import PacedTask
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.readings import RoutineBlock

PARTS = ("morning", "midday", "afternoon", "evening", "night")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the day as reported; `over` where its pain is above the limit of a session."""

    part: str | None
    task: str | None
    posture: str | None
    minutes: Decimal | None
    symptom: Decimal | None
    over: bool


@dataclass(frozen=True, slots=True)
class PostureLoad:
    """A posture over the day: total minutes, longest stretch (None: unknown) and highest pain."""

    posture: str
    minutes: Decimal | None
    longest: Decimal | None
    symptom: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRoutine:
    """The newest map of a day, its postures from the most painful on, and the boom-bust index.

    `index` is the active time of a good day divided by that of a bad day; None where one is unknown or the patient is
    not active on a bad day, which counts as uneven. `ceiling` is the pain limit behind `over`.
    """

    day: date | None
    blocks: tuple[Block, ...]
    postures: tuple[PostureLoad, ...]
    ceiling: Decimal
    good: Decimal | None
    bad: Decimal | None
    index: Decimal | None
    uneven: bool


def daily_routine(picture: ClinicalPicture) -> DailyRoutine:
    """The routine of the newest report."""
    record, ceiling = picture.record, picture.limits.ceiling.value
    reported = newest(record.blocks)
    good, bad = latest_number(record, "active-good-day"), latest_number(record, "active-bad-day")
    index = good / bad if good is not None and bad else None
    idle = bad == 0 and good is not None and good > 0
    return DailyRoutine(
        day=reported[0].stamp.day if reported else None,
        blocks=tuple(sorted((_block(b, ceiling) for b in reported), key=_order)),
        postures=_postures(reported),
        ceiling=ceiling,
        good=good,
        bad=bad,
        index=index,
        uneven=idle or (index is not None and index >= record.rulebook.numbers.boom_bust_uneven),
    )


def _block(block: RoutineBlock, ceiling: Decimal) -> Block:
    over = block.symptom is not None and block.symptom > ceiling
    return Block(block.part, block.task, block.posture, block.minutes, block.symptom, over)


def _order(block: Block) -> tuple[int, str]:
    place = PARTS.index(block.part) if block.part in PARTS else len(PARTS)
    return place, repr(block)


def _postures(blocks: Sequence[RoutineBlock]) -> tuple[PostureLoad, ...]:
    names = sorted({b.posture for b in blocks if b.posture is not None})
    loads = [_load(name, [b for b in blocks if b.posture == name]) for name in names]
    return tuple(sorted(loads, key=lambda load: (-(load.symptom if load.symptom is not None else -1), load.posture)))


def _load(posture: str, blocks: list[RoutineBlock]) -> PostureLoad:
    minutes = [b.minutes for b in blocks if b.minutes is not None]
    symptoms = [b.symptom for b in blocks if b.symptom is not None]
    total = sum(minutes, Decimal(0)) if minutes else None
    return PostureLoad(posture, total, max(minutes, default=None), max(symptoms, default=None))


@dataclass(frozen=True, slots=True)
class TaskPacing:
    """One task in chunks: minutes of a chunk and of the rest after it.

    `proposal` are the minutes that the patient aims for; without them `parts` is None. One part needs no split. `day`
    is the date of the answer about tolerated minutes.
    """

    task: PacedTask
    tolerated: Decimal
    proposal: Decimal | None
    chunk: Decimal
    rest: Decimal
    parts: int | None
    day: date


def task_pacing(picture: ClinicalPicture) -> tuple[TaskPacing, ...]:
    """Pacing of each task whose tolerated minutes are known, in the order of the mappings."""
    tasks = picture.record.rulebook.guidance.tasks.values()
    return tuple(pacing for task in tasks if (pacing := _pacing(picture, task)) is not None)


def _pacing(picture: ClinicalPicture, task: PacedTask) -> TaskPacing | None:
    record, book = picture.record, picture.record.rulebook
    tolerated, goal = record.latest(f"tolerated-{task.name}"), record.latest(f"wanted-{task.name}")
    if tolerated is None:
        return None
    share = book.numbers.pacing_chunk_cautious if picture.cautious else book.numbers.pacing_chunk
    chunk = _rounded(picture, tolerated.value * share)
    if chunk <= 0:
        return None
    rest = max((chunk * book.numbers.pacing_rest).to_integral_value(ROUND_CEILING), book.numbers.pacing_rest_least)
    proposal = goal.value if goal is not None and goal.value > 0 else None
    parts = None if proposal is None else int((proposal / chunk).to_integral_value(ROUND_CEILING))
    return TaskPacing(task, tolerated.value, proposal, chunk, rest, parts, tolerated.stamp.day)


def _rounded(picture: ClinicalPicture, minutes: Decimal) -> Decimal:
    """Minutes rounded down to the unit of a dose in minutes."""
    return floor_to(minutes, unit_of(picture.record.rulebook, Dose(minutes, "min")))
