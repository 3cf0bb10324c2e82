"""The content of `mappings/` after it was read and checked. Values only; reads no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from titrate.clinical.values.alarming_phrases import AlarmingPhrases
from titrate.clinical.values.clinical_numbers import ClinicalNumbers, clinical_numbers
from titrate.clinical.values.code_lookup import contains_phrase
from titrate.clinical.values.education_content import Guidance
from titrate.clinical.values.markup import without_markup
from titrate.clinical.values.quantity import UnitSpellings
from titrate.messages import Message
from titrate.messages.plan_terms import NamedRule, UnnamedRule

# The red flag of the words of self-harm.
SELF_HARM = "rf19"


class Domain(StrEnum):
    """Exercise domains, in the fixed order that settles ties (clinical rule B6)."""

    AEROBIC = "aerobic"
    STRENGTH = "strength"
    MOBILITY = "mobility"
    NEUROMOTOR = "neuromotor"


class Urgency(StrEnum):
    """How soon a clinician must act on a red flag: emergency, same day, block until cleared, two working days."""

    E0 = "E0"
    E1 = "E1"
    B = "B"
    E2 = "E2"

    @property
    def stops_exercise(self) -> bool:
        """Whether a flag of this urgency forbids any dose (rule D1)."""
        return self is not Urgency.E2

    @property
    def needs_care_today(self) -> bool:
        """Whether a person with such a flag needs medical care by the end of the day, with or without a plan."""
        return self in (Urgency.E0, Urgency.E1)


class Kind(StrEnum):
    """The type of value that a measure has."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    CODE = "code"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Constant:
    """One clinical number: value and unit, the range a clinician may choose from, source and grade (A, B, C, P)."""

    name: str
    value: Decimal
    unit: str
    low: Decimal | None
    high: Decimal | None
    source: str
    grade: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Coding:
    """A code in a system. `system` is a full URI; the local code system is the canonical base's."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure that can be reported: its codes, its unit, and what is plausible.

    `unit` is UCUM. `low`, `high` and `grid` (the finest step) bound what is plausible, in `unit`.
    `decides`: an implausible value holds the plan (rule D5). `missing`: one that cannot be read leaves its slot empty
    instead, unless no other was readable lately. `options` lists coded answers.
    """

    name: str
    kind: Kind
    display: str
    codings: tuple[Coding, ...]
    unit: str
    units: tuple[str, ...]
    low: Decimal | None
    high: Decimal | None
    grid: Decimal | None
    decides: bool
    options: tuple[str, ...]
    source: str
    missing: bool = False

    def accepts(self, value: Decimal) -> bool:
        """Whether a value in `unit` lies in the plausible range, both ends included."""
        above = self.low is None or value >= self.low
        return above and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the library.

    `amount_unit` is the unit of a session's amount: `min`, `s`, `m` or `{repetitions}`. `loaded` exercises carry a
    load in kg that rises by `increment`. Repetitions a set run from `range_low` to `range_high`; `target` is what the
    2-for-2 rule counts from. `needs` lists equipment, one of which is enough; `like` are factors that it resembles.
    """

    code: str
    display: str
    domain: Domain
    amount_unit: str
    loaded: bool
    increment: Decimal | None
    range_low: int | None
    range_high: int | None
    target: int | None
    tissue: str
    codings: tuple[Coding, ...]
    instruction: str
    needs: tuple[str, ...] = ()
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeExercise:
    """An exercise of a programme: how often a week, and the number of sets at the start."""

    exercise: str
    weekly_frequency: int
    sets: int


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: its exercises, and the texts of every plan made from it."""

    name: str
    display: str
    exercises: tuple[ProgrammeExercise, ...]
    week: str
    warm_up: str
    cool_down: str
    adjuncts: tuple[str, ...]
    education: tuple[str, ...]
    flare: tuple[str, ...]
    stop: tuple[str, ...]
    outcomes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A red flag RF01-RF27: its urgency, whether it is in the weekly screen (`short`), and its fixed texts."""

    name: str
    urgency: Urgency
    short: bool
    question: str
    action: str
    source: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A finding of the intake profile in words, and the question that a clinician may ask about it."""

    name: str
    display: str
    ask: str
    source: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that clinicians and integrators maintain, read once. `digest` is a hash of all mapping files.

    `numbers` are the values of `constants` that rules use. `guidance` is for readers: no rule reads it. `names` are the
    short names of rules, gates and flags by id, `units` the spellings of units, and `screen_phrases` reopen questions
    of the safety screen.
    """

    version: str
    digest: str
    constants: Mapping[str, Constant]
    measures: Mapping[str, Measure]
    exercises: Mapping[str, Exercise]
    programmes: Mapping[str, Programme]
    flags: Mapping[str, RedFlag]
    alarm_words: tuple[str, ...]
    conflict_words: tuple[str, ...]
    bed_words: tuple[str, ...] = ()
    yes_words: tuple[str, ...] = ()
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    guidance: Guidance = field(default_factory=Guidance)
    names: Mapping[str, str] = field(default_factory=dict)
    units: UnitSpellings = field(default_factory=UnitSpellings)
    screen_phrases: AlarmingPhrases = field(default_factory=AlarmingPhrases)
    numbers: ClinicalNumbers = field(init=False)

    def __post_init__(self) -> None:
        """Derive the typed numbers from the constants, so that the two cannot differ."""
        values = {name: constant.value for name, constant in self.constants.items()}
        object.__setattr__(self, "numbers", clinical_numbers(values))

    def number(self, name: str) -> Decimal:
        """A number whose name comes from data: an outcome score, the wait of a red flag. Rules use `numbers`."""
        return self.constants[name].value

    def flags_in_text(self, text: str, *, by_patient: bool = True) -> frozenset[str]:
        """The red flags that the words of a text may describe (B13.5).

        In a clinical note a negation counts; in a patient's words about self-harm it does not.
        """
        plain = without_markup(text)
        found = self.screen_phrases.flags_in(plain, by_patient=by_patient)
        if not contains_phrase(plain, self.alarm_words):
            return found
        denied = not by_patient and self.screen_phrases.denies(plain, self.alarm_words)
        return found if denied else found | {SELF_HARM}

    def named(self, code: str) -> Message:
        """A rule, gate or flag as people read it: `G10, good form`; the id alone where it has no short name."""
        shown = code.upper()
        name = self.names.get(shown)
        return UnnamedRule(code=shown) if name is None else NamedRule(code=shown, name=name)
