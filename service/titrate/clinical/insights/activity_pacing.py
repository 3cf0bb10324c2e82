"""Pacing of daily tasks (C26): chunk length, rest and number of chunks, from the minutes tolerated in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.dose_math import floor_to, unit_of
from titrate.clinical.values.education_content import PacedTask
from titrate.clinical.values.plan import Dose


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
