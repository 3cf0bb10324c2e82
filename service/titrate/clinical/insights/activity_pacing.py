"""Pacing of tasks (C26): how long one chunk, how long the rest, how many of them, from what is tolerated in one go."""

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
    """One task in chunks: minutes of a chunk and of the rest after it. `parts` is None where nobody said how much.

    One part is a task that needs no split. `day` is when the tolerated minutes were told.
    """

    task: PacedTask
    tolerated: Decimal
    wanted: Decimal | None
    chunk: Decimal
    rest: Decimal
    parts: int | None
    day: date


def task_pacing(situation: ClinicalPicture) -> tuple[TaskPacing, ...]:
    """A plan for each task whose tolerated minutes are known, in the order of the mappings."""
    tasks = situation.record.rulebook.guidance.tasks.values()
    return tuple(plan for task in tasks if (plan := _plan(situation, task)) is not None)


def _plan(situation: ClinicalPicture, task: PacedTask) -> TaskPacing | None:
    record, book = situation.record, situation.record.rulebook
    told, wanted = record.latest(f"tolerated-{task.name}"), record.latest(f"wanted-{task.name}")
    if told is None:
        return None
    part = book.numbers.pacing_chunk_cautious if situation.cautious else book.numbers.pacing_chunk
    chunk = _rounded(situation, told.value * part)
    if chunk <= 0:
        return None
    rest = max((chunk * book.numbers.pacing_rest).to_integral_value(ROUND_CEILING), book.numbers.pacing_rest_least)
    much = wanted.value if wanted is not None and wanted.value > 0 else None
    parts = None if much is None else int((much / chunk).to_integral_value(ROUND_CEILING))
    return TaskPacing(task, told.value, much, chunk, rest, parts, told.stamp.day)


def _rounded(situation: ClinicalPicture, minutes: Decimal) -> Decimal:
    """Down, in the steps in which a dose of minutes goes."""
    return floor_to(minutes, unit_of(situation.record.rulebook, Dose(minutes, "min")))
