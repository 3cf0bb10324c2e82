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
    proposal: Decimal | None
    chunk: Decimal
    rest: Decimal
    parts: int | None
    day: date


def task_pacing(picture: ClinicalPicture) -> tuple[TaskPacing, ...]:
    """A plan for each task whose tolerated minutes are known, in the order of the mappings."""
    tasks = picture.record.rulebook.guidance.tasks.values()
    return tuple(plan for task in tasks if (plan := _plan(picture, task)) is not None)


def _plan(picture: ClinicalPicture, task: PacedTask) -> TaskPacing | None:
    record, book = picture.record, picture.record.rulebook
    told, proposal = record.latest(f"tolerated-{task.name}"), record.latest(f"wanted-{task.name}")
    if told is None:
        return None
    part = book.numbers.pacing_chunk_cautious if picture.cautious else book.numbers.pacing_chunk
    chunk = _rounded(picture, told.value * part)
    if chunk <= 0:
        return None
    rest = max((chunk * book.numbers.pacing_rest).to_integral_value(ROUND_CEILING), book.numbers.pacing_rest_least)
    much = proposal.value if proposal is not None and proposal.value > 0 else None
    parts = None if much is None else int((much / chunk).to_integral_value(ROUND_CEILING))
    return TaskPacing(task, told.value, much, chunk, rest, parts, told.stamp.day)


def _rounded(picture: ClinicalPicture, minutes: Decimal) -> Decimal:
    """Down, in the steps in which a dose of minutes goes."""
    return floor_to(minutes, unit_of(picture.record.rulebook, Dose(minutes, "min")))
