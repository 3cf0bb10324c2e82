"""Readiness for change (C29): importance, confidence, barriers, and what the clinician can ask next."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.record.latest_answers import latest_answer, latest_answers, latest_number, latest_text
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.rulebook import Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The patient's answers; None is unknown. `prompts` follow from them, in the order in which to ask them."""

    importance: Decimal | None
    confidence: Decimal | None
    stage: str | None
    barriers: tuple[str, ...]
    barrier_words: str | None
    commitment: str | None
    prompts: tuple[Prompt, ...]


def readiness(record: PatientRecord) -> Readiness:
    """The newest answers, with a prompt for each finding."""
    importance, confidence = latest_number(record, "change-importance"), latest_number(record, "change-confidence")
    stage, commitment = latest_answer(record, "readiness"), latest_text(record, "commitment")
    barriers = tuple(one for one in latest_answers(record, "barrier") if one != "none")
    numbers = record.rulebook.numbers
    findings = (
        f"importance.{_enough(importance, numbers.importance_enough)}",
        f"confidence.{_enough(confidence, numbers.confidence_enough)}",
        f"readiness.{stage}",
        *(f"barrier.{one}" for one in barriers),
        f"commitment.{'unknown' if commitment is None else 'said'}",
    )
    prompts = record.rulebook.prompts
    return Readiness(
        importance=importance,
        confidence=confidence,
        stage=stage,
        barriers=barriers,
        barrier_words=latest_text(record, "barrier-words"),
        commitment=commitment,
        prompts=tuple(prompts[one] for one in findings if one in prompts),
    )


def _enough(score: Decimal | None, least: Decimal) -> str:
    if score is None:
        return "unknown"
    return "enough" if score >= least else "low"
