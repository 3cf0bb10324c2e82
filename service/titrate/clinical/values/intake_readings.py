"""Groups of answers of the intake profile: a block of the day, and a factor that provokes or eases symptoms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.values.reading_source import ReadingSource

# Measures whose answers each lead to a prompt, and findings that lead to one without an answer.
PROMPTED = ("barrier", "readiness")
FINDINGS = (
    "importance.low", "importance.enough", "importance.unknown", "confidence.low", "confidence.enough",
    "confidence.unknown", "commitment.said", "commitment.unknown", "pattern.worst-night",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoutineBlock:
    """One block of an ordinary day. `minutes` is its length, `symptom` the pain in it, 0-10; None: not reported."""

    stamp: ReadingSource
    part: str | None = None
    task: str | None = None
    posture: str | None = None
    minutes: Decimal | None = None
    symptom: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FactorReported:
    """A factor that provokes symptoms (`eases` false) or eases them. None: not reported.

    `what` is a factor of the mappings, `words` the patient's own; `symptom` is what limits, from `threshold` in
    `unit` (UCUM).
    """

    stamp: ReadingSource
    eases: bool
    what: str | None = None
    words: str | None = None
    symptom: str | None = None
    threshold: Decimal | None = None
    unit: str | None = None
