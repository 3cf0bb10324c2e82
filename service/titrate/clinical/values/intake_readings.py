"""What the intake profile tells in groups: a block of the day, and a factor that brings symptoms on or eases them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.values.reading_source import ReadingSource

# Measures whose answers each lead to a prompt, and the findings that lead to one without being an answer.
PROMPTED = ("barrier", "readiness")
FINDINGS = (
    "importance.low", "importance.enough", "importance.unknown", "confidence.low", "confidence.enough",
    "confidence.unknown", "commitment.said", "commitment.unknown", "pattern.worst-night",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoutineBlock:
    """One block of an ordinary day. `minutes` is its length, `symptom` the pain in it, 0-10; None was not said."""

    stamp: ReadingSource
    part: str | None = None
    task: str | None = None
    posture: str | None = None
    minutes: Decimal | None = None
    symptom: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FactorReported:
    """Something that brings symptoms on (`eases` false) or eases them. None was not said.

    `what` is a factor of the mappings, `words` the patient's own; `symptom` is what limits, from `threshold` on in
    `unit` (UCUM).
    """

    stamp: ReadingSource
    eases: bool
    what: str | None = None
    words: str | None = None
    symptom: str | None = None
    threshold: Decimal | None = None
    unit: str | None = None
