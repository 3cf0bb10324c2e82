"""The results of rules: what one rule that lowers gives, what a matched rule gives, and what all rules share."""

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
TERMINAL_PHASES = frozenset({Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweringResult:
    """One matched lowering rule: its id, the dose of every dosed exercise under it, its reasons and its trace.

    `asks` name what is missing; `reviews` what a clinician reviews. No lowering rule waits for sufficient data.
    """

    rule: str
    doses: Doses
    reasons: tuple[Message, ...]
    trace: tuple[TraceEntry, ...]
    asks: tuple[Message, ...] = ()
    reviews: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One matched rule: doses by exercise, the phase after approval, and why.

    `asks` name what is missing; `reviews` what a clinician reviews or chooses.
    """

    rule: str
    doses: Doses
    phase: Phase
    reasons: tuple[Message, ...] = ()
    trace: tuple[TraceEntry, ...] = ()
    asks: tuple[Message, ...] = ()
    notes: tuple[str, ...] = ()
    reviews: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Every exercise as a candidate for an increase, the chosen one, and the trace."""

    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    trace: tuple[TraceEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext:
    """The clinical picture and what several rules share, computed once.

    `sets` are the programme's by exercise, `missing` is what rule D7 misses, `expired` why the plan has expired, and
    `incomplete` of which resource types not everything was retrieved. Where reports may be missing that the patient
    made, nothing follows from their absence: `missing`, `expired` and the gap of D4 are empty (B13.10).
    """

    picture: ClinicalPicture
    states: tuple[ExerciseState, ...]
    sets: Mapping[str, int]
    lowerings: tuple[LoweringResult, ...]
    increases: Candidates
    missing: tuple[Message, ...]
    expired: tuple[Message, ...]
    incomplete: tuple[Message, ...] = ()

    @property
    def current(self) -> dict[str, Dose | None]:
        """The dose in force of each exercise."""
        return {s.exercise: s.dose for s in self.states}


def lowest_doses(current: Doses, lowerings: tuple[LoweringResult, ...]) -> dict[str, Dose | None]:
    """For each exercise the lowest dose of all lowering rules that match, never above the dose in force."""
    doses = dict(current)
    for lowering in lowerings:
        for exercise, dose in lowering.doses.items():
            doses[exercise] = lower(doses[exercise], dose)
    return doses


def decimal_text(value: Decimal | None) -> str | None:
    """A number as the trace prints it: plain digits, no exponent."""
    return None if value is None else f"{value:f}"
