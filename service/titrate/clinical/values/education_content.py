"""What the mappings hold for talks with the patient: education, ladders, the card, pacing, stages. No rule reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class LadderKind(StrEnum):
    """What a ladder is climbed for: a task of daily life, or balance."""

    TASK = "task"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class EducationModule:
    """One talk: short sentences, the question to ask back, and what a good answer holds (for the clinician).

    In `phases` it comes before all others.
    """

    name: str
    title: str
    text: tuple[str, ...]
    ask_back: str
    answer: str
    phases: tuple[str, ...]
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps from the easiest to the hardest. `watched`: on so many of the first steps somebody is near.

    A goal about one of `exercises` is worked towards on this ladder, also without fear.
    """

    name: str
    title: str
    kind: LadderKind
    steps: tuple[str, ...]
    watched: int
    exercises: tuple[str, ...]
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """One part of the card: how it shows (`signs`) and what to do (`act`), in the phases named; in all if none is.

    `{ceiling}`, `{cap}`, `{settle}` and `{carry}` stand for the patient's own numbers.
    """

    name: str
    title: str
    signs: tuple[str, ...]
    act: tuple[str, ...]
    phases: tuple[str, ...]
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class PacedTask:
    """A task of the day that can be split into parts, and what to do in the rests between them."""

    name: str
    title: str
    rest: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class ExitGate:
    """One condition for leaving a stage, in words and as one of: sessions tolerated in a row, a score, a ladder's
    step, a talk that was understood.

    A gate with none of them is one that a clinician answers.
    """

    text: str
    tolerated: int | None = None
    measure: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    ladder: str | None = None
    step: int | None = None
    module: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a programme: what it is for, how it is dosed, and what is asked before the next."""

    name: str
    aim: str
    dose: str
    exit: tuple[ExitGate, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """The skeleton of a programme: for whom, in which stages, with which precautions, and on what evidence.

    `conditions` are groups of diagnoses it is made for; `stop_flags` red flags that matter most here.
    """

    entry: tuple[str, ...]
    conditions: tuple[str, ...]
    stages: tuple[Stage, ...]
    hard_precautions: tuple[str, ...]
    stop_flags: tuple[str, ...]
    evidence: tuple[str, ...]
    modules: tuple[str, ...]
    ladders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """Everything of that sort, by name; `pathways` by programme."""

    modules: Mapping[str, EducationModule] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    card: Mapping[str, CardRow] = field(default_factory=dict)
    tasks: Mapping[str, PacedTask] = field(default_factory=dict)
    pathways: Mapping[str, Pathway] = field(default_factory=dict)


NO_PATHWAY = Pathway((), (), (), (), (), (), (), ())
