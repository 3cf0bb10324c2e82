"""Content of the mappings for talks with the patient: education, ladders, card, pacing, stages. No rule uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class LadderKind(StrEnum):
    """The subject of an exposure ladder: a task of daily life, or balance."""

    TASK = "task"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class EducationModule:
    """One education topic: short sentences, the teach-back question, and a good answer (for the clinician).

    In `phases` it comes first.
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
    """Steps from the easiest to the hardest. `watched`: the number of first steps that need someone nearby.

    A goal about one of `exercises` uses this ladder, also without fear of movement.
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
    """One part of the card: its signs (`signs`) and what to do (`act`), in the listed phases, or in all without a list.

    `{ceiling}`, `{cap}`, `{settle}` and `{carry}` are placeholders for the patient's own numbers.
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
    """A daily task that can be split into chunks, and what to do in the rests between them."""

    name: str
    title: str
    rest: str
    source: str
    grade: str


@dataclass(frozen=True, slots=True)
class ExitGate:
    """One exit criterion of a stage, in words and as one of: consecutive tolerated sessions, a score, a ladder's step,
    an understood education topic.

    A clinician answers a criterion with none of them.
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
    """One stage of a programme: its aim, its dose, and its exit criteria."""

    name: str
    aim: str
    dose: str
    exit: tuple[ExitGate, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    """Whom a programme is for, its stages, precautions and evidence.

    `conditions` are the groups of diagnoses it is designed for; `stop_flags` the most relevant red flags.
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
    """All content for talks, by name; `pathways` by programme."""

    modules: Mapping[str, EducationModule] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    card: Mapping[str, CardRow] = field(default_factory=dict)
    tasks: Mapping[str, PacedTask] = field(default_factory=dict)
    pathways: Mapping[str, Pathway] = field(default_factory=dict)


NO_PATHWAY = Pathway((), (), (), (), (), (), (), ())
