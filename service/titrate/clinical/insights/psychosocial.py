"""Readiness for change (C29), and how fear, sensitisation, self-efficacy, sleep and mood affect the plan (B10)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.data_sufficiency import progression_holds
from titrate.clinical.record.patient_record import (
    PatientRecord,
    latest_answer,
    latest_answers,
    latest_number,
    latest_text,
)
from titrate.clinical.values.rulebook import Prompt
from titrate.messages import Message
from titrate.messages.insights import (
    HighFearOfMovement,
    LowPainSelfEfficacy,
    ManySensitisationSymptoms,
    ModerateFearOfMovement,
    NoFixedIncrements,
    NoRiseBeforeLadder,
    NoRiseDuringHold,
    PostExertionalWorsening,
    SmallerStepsAndLadder,
    SmallerStepsCautiousProfile,
    SmallerStepsLadderStarted,
)

# Post-exertional worsening: no programme of fixed increments.
POST_EXERTIONAL = "rf16"


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


@dataclass(frozen=True, slots=True)
class PsychosocialEffect:
    """One finding and its consequence; `score` is None for findings that are not scores."""

    what: str
    score: Decimal | None
    finding: str | Message
    follows: Message


def psychosocial_effects(picture: ClinicalPicture) -> tuple[PsychosocialEffect, ...]:
    """Every psychosocial finding with its consequence, in a fixed order."""
    found = [*_fear(picture), *_scores(picture)]
    found += [
        PsychosocialEffect("strain", None, reason, NoRiseDuringHold(gate=picture.record.rulebook.named("G8")))
        for reason in progression_holds(picture)
    ]
    if any(flag.flag == POST_EXERTIONAL for flag in picture.safety.flags):
        found.append(PsychosocialEffect("exertion", None, PostExertionalWorsening(), NoFixedIncrements()))
    return tuple(found)


def _fear(picture: ClinicalPicture) -> list[PsychosocialEffect]:
    record, book = picture.record, picture.record.rulebook
    score = record.latest("tsk-11")
    if score is None or score.value < book.numbers.tsk_11_cautious:
        return []
    started = any(a.value is True for a in record.answered.get("exposure-ladder-started", ()))
    if score.value < book.numbers.tsk_11_high:
        return [PsychosocialEffect("tsk-11", score.value, ModerateFearOfMovement(), SmallerStepsAndLadder())]
    follows = SmallerStepsLadderStarted() if started else NoRiseBeforeLadder()
    return [PsychosocialEffect("tsk-11", score.value, HighFearOfMovement(), follows)]


def _scores(picture: ClinicalPicture) -> list[PsychosocialEffect]:
    """The other scores of the cautious profile."""
    book, latest = picture.record.rulebook, picture.record.latest
    tsk, csi, pseq = latest("tsk-17"), latest("csi"), latest("pseq")
    follows = SmallerStepsCautiousProfile()
    found = []
    if tsk is not None and tsk.value > book.numbers.tsk_17_cautious:
        found.append(PsychosocialEffect("tsk-17", tsk.value, HighFearOfMovement(), follows))
    if csi is not None and csi.value >= book.numbers.csi_cautious:
        found.append(PsychosocialEffect("csi", csi.value, ManySensitisationSymptoms(), follows))
    if pseq is not None and pseq.value < book.numbers.pseq_cautious:
        found.append(PsychosocialEffect("pseq", pseq.value, LowPainSelfEfficacy(), follows))
    return found
