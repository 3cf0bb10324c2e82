"""How what arrives is recognised: codes, answers, form items and concept groups, as values. Reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.values.free_text import contains_phrase

Key = tuple[str, str]
"""A code as it is compared: full system URI and code."""


@dataclass(frozen=True, slots=True)
class ConceptGroup:
    """Diagnoses or medicines that the rules treat alike, e.g. `beta-blocker`.

    A code belongs by equality (`codes`) or by its beginning (`prefixes`, for ICD-10 and ATC). Words are tried only
    when no code of any group fits; a word of `unless` in the text keeps it out, e.g. a cream among steroids, and so
    does a code that begins as one of `unless_codes`, e.g. of the family's history. A stated severity of
    `unless_severity` keeps it out even where a code fits. `ingredients` are codes that do not say how a medicine is
    taken, and count as words do.
    """

    name: str
    display: str
    codes: frozenset[Key]
    prefixes: tuple[Key, ...]
    words: tuple[str, ...]
    unless: tuple[str, ...]
    source: str
    unless_severity: tuple[str, ...] = ()
    unless_codes: tuple[Key, ...] = ()
    ingredients: frozenset[Key] = frozenset()

    def holds(self, codings: Iterable[Key]) -> bool:
        """Whether one of the codings belongs to this group."""
        return any(key in self.codes or _begins(key, self.prefixes) for key in codings)

    def names(self, text: str, codings: Iterable[Key]) -> bool:
        """Whether a word or an ingredient's code is there, and nothing keeps it out."""
        out = contains_phrase(text, self.unless) or any(_begins(key, self.unless_codes) for key in codings)
        return not out and (contains_phrase(text, self.words) or not self.ingredients.isdisjoint(codings))

    def words_in(self, text: str) -> tuple[str, ...]:
        """Which of the words the text has, whatever else it says."""
        return tuple(word for word in self.words if contains_phrase(text, (word,)))

    def spared(self, severity: str) -> bool:
        """Whether the stated severity keeps a diagnosis out."""
        return contains_phrase(severity, self.unless_severity)


@dataclass(frozen=True, slots=True)
class CodeLookup:
    """Ways from what a sender wrote to a name of the rulebook.

    `codes` are by namespace: `""` for whole Observations, `session`, `trial`, `dose-limit` for their components.
    `forms` lead from questionnaire and linkId to a measure. `outside` names the measure of the same code when the time
    is not 04:00-12:00; `during` the one with the plausible range of exercise. `practitioner` are measures that count
    only from a Practitioner or PractitionerRole. `rpe` is CR10 by the 6-20 scale, rounded up.
    """

    codes: Mapping[str, Mapping[Key, str]]
    forms: Mapping[str, Mapping[str, str]]
    outside: Mapping[str, str]
    during: Mapping[str, str]
    practitioner: frozenset[str]
    numbers: Mapping[Key, Decimal]
    answers: Mapping[Key, str]
    exercises: Mapping[Key, str]
    exercise_names: Mapping[str, str]
    medicines: tuple[ConceptGroup, ...]
    conditions: tuple[ConceptGroup, ...]
    rpe: Mapping[Decimal, Decimal]


def groups_of(groups: tuple[ConceptGroup, ...], codings: tuple[Key, ...], text: str) -> tuple[str, ...]:
    """The names of the groups that a concept belongs to: by code, and only where no code fits by word."""
    by_code = tuple(group.name for group in groups if group.holds(codings))
    return by_code or tuple(group.name for group in groups if group.names(text, codings))


def _begins(key: Key, starts: Iterable[Key]) -> bool:
    return any(key[0] == system and key[1].startswith(start) for system, start in starts)
