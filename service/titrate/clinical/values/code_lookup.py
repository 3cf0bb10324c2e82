"""How data are recognised: codes, answers, form items, concept groups and words. Values only; reads no file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from titrate.clinical.values.questionnaire_scores import ScoringRule

_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u2032\u00b4`"
_DASHES = "\u2212\u2043"
_SPELLED = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_DASHES, "-")})
_WORDS = re.compile(r"[^\W_]+")
Key = tuple[str, str]


def normalised_text(text: str) -> str:
    """A text in normal form: case-folded, with plain apostrophes and hyphens and single spaces.

    Invisible characters, such as soft hyphens, are removed.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_SPELLED)).casefold()
    return " ".join((folded if folded.isascii() else "".join(map(_visible, folded))).split())


def contains_phrase(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text contains one of these phrases as whole words, which spaces or hyphens separate."""
    return bool(words) and _any_of(words).search(normalised_text(text)) is not None


def _visible(mark: str) -> str:
    kind = unicodedata.category(mark)
    return "-" if kind == "Pd" else "" if kind == "Cf" else mark


@lru_cache(256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all phrases. An underscore ends a word, as in _never_, and a hyphen may stand for a space."""
    written = "|".join(r"[ -]".join(map(re.escape, normalised_text(word).split())) for word in words)
    return re.compile(rf"(?<![^\W_])(?:{written})(?![^\W_])")


"""A code as it is compared: full system URI and code."""


@dataclass(frozen=True, slots=True)
class ConceptGroup:
    """Diagnoses or medicines that the rules treat as equal, e.g. `beta-blocker`.

    A code belongs by equality (`codes`) or by prefix (`prefixes`, for ICD-10 and ATC). Words count only when no code
    of any group matches. A word of `unless` in the text excludes a concept, e.g. a cream among steroids, and so does
    a code with a prefix of `unless_codes`, e.g. for family history. A stated severity of `unless_severity` excludes it
    even where a code matches. `ingredients` are codes that omit the route of a medicine and count like words.
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
        """Whether a word or an ingredient's code matches and nothing excludes the concept."""
        excluded = contains_phrase(text, self.unless) or any(_begins(key, self.unless_codes) for key in codings)
        return not excluded and (contains_phrase(text, self.words) or not self.ingredients.isdisjoint(codings))

    def words_in(self, text: str) -> tuple[str, ...]:
        """The words of this group that the text contains."""
        return tuple(word for word in self.words if contains_phrase(text, (word,)))

    def spared(self, severity: str) -> bool:
        """Whether the stated severity excludes a diagnosis."""
        return contains_phrase(severity, self.unless_severity)


@dataclass(frozen=True, slots=True)
class CodeLookup:
    """From what a sender wrote to names of the rulebook.

    `codes` are by namespace: `""` for whole Observations, `session`, `trial`, `dose-limit` for their components.
    `forms` map questionnaire and linkId to a measure. `outside` names the measure for the same code outside morning
    hours, `clinic` the one for a score that a clinic recorded, `during` the one with the plausible range of exercise.
    `flag_texts` are the texts, as `plain_words`, by which a question of the safety screen is known without a code.
    `practitioner` are measures that count only from a Practitioner or PractitionerRole, `lasting` those whose newest
    report counts at any age, `panels` the measures that a panel holds in its components. `rpe` maps the 6-20 scale to
    CR10, rounded up. `texts` are answers in words with their number, by measure; `scores` are the totals of published
    questionnaires. `questions` are the texts, as `plain_words`, by which an item of a published questionnaire is known,
    with its measure, and `screened` the names of all items of a screen: safety questions, and items that are scored.
    """

    codes: Mapping[str, Mapping[Key, str]]
    forms: Mapping[str, Mapping[str, str]]
    outside: Mapping[str, str]
    clinic: Mapping[str, str]
    during: Mapping[str, str]
    practitioner: frozenset[str]
    lasting: frozenset[str]
    panels: Mapping[Key, frozenset[str]]
    numbers: Mapping[Key, Decimal]
    answers: Mapping[Key, str]
    exercises: Mapping[Key, str]
    exercise_names: Mapping[str, str]
    medicines: tuple[ConceptGroup, ...]
    conditions: tuple[ConceptGroup, ...]
    rpe: Mapping[Decimal, Decimal]
    texts: Mapping[str, Mapping[str, Decimal]]
    scores: tuple[ScoringRule, ...]
    flag_texts: Mapping[str, str]
    questions: tuple[tuple[str, str], ...]
    screened: frozenset[str]


def plain_words(text: str) -> str:
    """The words of a text in normal form, without punctuation."""
    return " ".join(_WORDS.findall(normalised_text(text)))


@lru_cache(1024)
def questions_in(text: str, questions: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """The measures whose question a text contains, with whatever stands before or after it."""
    written = f" {plain_words(text)} "
    return frozenset(measure for words, measure in questions if f" {words} " in written)


def groups_of(groups: tuple[ConceptGroup, ...], codings: tuple[Key, ...], text: str) -> tuple[str, ...]:
    """The names of the groups that a concept belongs to: by code, or by word where no code matches."""
    by_code = tuple(group.name for group in groups if group.holds(codings))
    return by_code or tuple(group.name for group in groups if group.names(text, codings))


def without_dots(code: str) -> str:
    """A code of ICD-10 or ATC as prefixes are compared: claims leave the dots out, and some programs use lower case."""
    return code.replace(".", "").replace(" ", "").upper()


def _begins(key: Key, starts: Iterable[Key]) -> bool:
    return any(key[0] == system and without_dots(key[1]).startswith(without_dots(start)) for system, start in starts)
