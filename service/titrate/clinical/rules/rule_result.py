"""What one matched rule says, and what all rules are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.rules.candidates import Candidates
from titrate.clinical.rules.lowering_result import LoweringResult
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.messages import Message

TERMINAL = frozenset({Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one matched rule says: doses by exercise, the phase after approval, and why.

    `asks` is what is missing; `reviews` is what a clinician is to look at or to choose.
    """

    rule: str
    doses: Mapping[str, Dose | None]
    phase: Phase
    reasons: tuple[str, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    asks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleContext:
    """A situation with what several rules share, worked out once."""

    picture: ClinicalPicture
    states: tuple[ExerciseState, ...]
    sets: Mapping[str, int]
    lowered: tuple[LoweringResult, ...]
    raising: Candidates
    lacking: tuple[Message, ...]
    dead: tuple[Message, ...]

    @property
    def current(self) -> dict[str, Dose | None]:
        return {s.exercise: s.dose for s in self.states}
