"""Readiness for a change (C29): importance, confidence, what gets in the way, and what a clinician may ask next."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.record.latest_answers import all_said, number, said, words
from titrate.clinical.record.patient_record import Record
from titrate.clinical.values.rulebook import Prompt


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was said; None is not known. `prompts` follow from it, in the order in which they may be asked."""

    importance: Decimal | None
    confidence: Decimal | None
    stage: str | None
    barriers: tuple[str, ...]
    barrier_words: str | None
    commitment: str | None
    prompts: tuple[Prompt, ...]


def readiness_of(record: Record) -> Readiness:
    """The newest answers, with a prompt for each finding."""
    importance, confidence = number(record, "change-importance"), number(record, "change-confidence")
    stage, commitment = said(record, "readiness"), words(record, "commitment")
    barriers = tuple(one for one in all_said(record, "barrier") if one != "none")
    findings = (
        f"importance.{_enough(record, importance, 'IMPORTANCE_ENOUGH')}",
        f"confidence.{_enough(record, confidence, 'CONFIDENCE_ENOUGH')}",
        f"readiness.{stage}",
        *(f"barrier.{one}" for one in barriers),
        f"commitment.{'unknown' if commitment is None else 'said'}",
    )
    prompts = record.rulebook.prompts
    return Readiness(
        importance, confidence, stage, barriers, words(record, "barrier-words"), commitment,
        tuple(prompts[one] for one in findings if one in prompts),
    )  # fmt: skip


def _enough(record: Record, score: Decimal | None, constant: str) -> str:
    if score is None:
        return "unknown"
    return "enough" if score >= record.rulebook.number(constant) else "low"
