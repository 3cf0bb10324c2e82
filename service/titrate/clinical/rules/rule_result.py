"""What one matched rule says, and what all rules are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Candidate, TraceEntry
from titrate.clinical.values.dose_math import lower
from titrate.clinical.values.plan import Dose, ExerciseState, Phase
from titrate.messages import Message

Doses = Mapping[str, Dose | None]
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
class LoweringResult:
    """One matched lowering rule: its id, the dose of every dosed exercise under it, its reasons and its trace.

    `asks` is what is missing; `reviews` is what a clinician is to look at.
    """

    rule: str
    doses: Doses
    reasons: tuple[str, ...]
    trace: tuple[TraceEntry, ...]
    asks: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the raising rules found: every exercise as a candidate, the one chosen, and the trace."""

    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    trace: tuple[TraceEntry, ...]


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


def lowest_doses(current: Doses, found: tuple[LoweringResult, ...]) -> dict[str, Dose | None]:
    """For each exercise the lowest dose of all that match, never above the dose in force."""
    doses = dict(current)
    for lowering in found:
        for exercise, dose in lowering.doses.items():
            doses[exercise] = lower(doses[exercise], dose)
    return doses


def decimal_text(value: Decimal | None) -> str | None:
    """A number as the trace prints it: plain digits, no exponent."""
    return None if value is None else f"{value:f}"


def part_text(factor: Decimal, of: str) -> str:
    """What a rule that lowers leaves: a part of a dose, or none before new trials."""
    return f"{factor} of {of}" if factor else "no session target until new trials"
