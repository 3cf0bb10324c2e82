"""What fear, sensitisation, confidence, sleep and mood do to the plan (B10), said for people. The rules decide it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.picture.progression_holds import progression_holds

# Post-exertional worsening: no programme of fixed increments.
EXERTION = "rf16"


@dataclass(frozen=True, slots=True)
class PsychosocialEffect:
    """One finding and what follows from it; `score` is None where it is no score."""

    what: str
    score: Decimal | None
    finding: str
    follows: str


def psychosocial_effects(picture: ClinicalPicture) -> tuple[PsychosocialEffect, ...]:
    """Every psychosocial finding with its consequence, in a fixed order."""
    found = [*_fear(picture), *_scores(picture)]
    found += [
        PsychosocialEffect("strain", None, reason, "no dose rises while this lasts (G8)")
        for reason in progression_holds(picture)
    ]
    if any(flag.flag == EXERTION for flag in picture.safety.flags):
        found.append(
            PsychosocialEffect(
                "exertion", None, "worsening after exertion", "no programme of fixed increments; a specialist decides"
            )
        )
    return tuple(found)


def _fear(picture: ClinicalPicture) -> list[PsychosocialEffect]:
    record, book = picture.record, picture.record.rulebook
    score = record.latest("tsk-11")
    if score is None or score.value < book.numbers.tsk_11_cautious:
        return []
    started = any(a.value is True for a in record.answered.get("exposure-ladder-started", ()))
    if score.value < book.numbers.tsk_11_high:
        return [
            PsychosocialEffect(
                "tsk-11", score.value, "moderate fear of movement", "smaller steps, and an exposure ladder"
            )
        ]
    follows = (
        "smaller steps; the exposure ladder has started" if started else "no rise before an exposure ladder starts"
    )
    return [PsychosocialEffect("tsk-11", score.value, "high fear of movement", follows)]


def _scores(picture: ClinicalPicture) -> list[PsychosocialEffect]:
    """The other scores of the cautious profile."""
    book, latest = picture.record.rulebook, picture.record.latest
    tsk, csi, pseq = latest("tsk-17"), latest("csi"), latest("pseq")
    follows = "smaller steps (cautious profile)"
    found = []
    if tsk is not None and tsk.value > book.numbers.tsk_17_cautious:
        found.append(PsychosocialEffect("tsk-17", tsk.value, "high fear of movement", follows))
    if csi is not None and csi.value >= book.numbers.csi_cautious:
        found.append(
            PsychosocialEffect("csi", csi.value, "many symptoms of sensitisation, which prove nothing", follows)
        )
    if pseq is not None and pseq.value < book.numbers.pseq_cautious:
        found.append(PsychosocialEffect("pseq", pseq.value, "low confidence in spite of pain", follows))
    return found
