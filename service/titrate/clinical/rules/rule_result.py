"""What one matched rule says, and what all rules are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from titrate.clinical.picture.clinical_picture import Situation
from titrate.clinical.rules.candidates import Raising
from titrate.clinical.rules.lowering_result import Lowering
from titrate.clinical.values.decision import TraceEntry
from titrate.clinical.values.plan import Dose, ExerciseState, Phase

TERMINAL = frozenset({Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class Ruling:
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
class Context:
    """A situation with what several rules share, worked out once."""

    situation: Situation
    states: tuple[ExerciseState, ...]
    sets: Mapping[str, int]
    lowered: tuple[Lowering, ...]
    raising: Raising
    lacking: tuple[str, ...]
    dead: tuple[str, ...]

    @property
    def current(self) -> dict[str, Dose | None]:
        return {s.exercise: s.dose for s in self.states}
