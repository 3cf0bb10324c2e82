"""Phrases of free text that may describe a red flag, and the words that negate them (B13.5)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from titrate.clinical.values.code_lookup import normalised_text

_GAP = "..."
_WORD = r"[^\W_]+(?:'[^\W_]+)*"
# Up to this many other words in the place of `...`.
_GAP_WORDS = 4
# A negation is looked for this many characters before a phrase, and an end of the sentence after it.
_REACH = 160
_SENTENCE_END = re.compile(r"[.;!?:]")
_START = r"(?<![^\W_])"
_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class Negations:
    """Words that negate a phrase.

    `before` and `denials` stand before it, with nothing but words of `between` in the middle, or a list that ends with
    a word of `either`. `after` follow it and end its clause, in a clinical note also with words of `between` in the
    middle; `unless` follow it and undo a negation. Words of `contrast` end the reach of a negation in a clinical note,
    where one negation covers a whole list, and so do words of `denials` in every text. `others` say that a clinical
    note is about someone else.
    """

    before: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    contrast: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The phrases and negations, compiled. Most texts do not match `any_phrase`, and then nothing else is searched."""

    any_phrase: re.Pattern[str]
    by_flag: tuple[tuple[str, re.Pattern[str]], ...]
    direct: re.Pattern[str]
    denied: re.Pattern[str]
    noted: re.Pattern[str]
    after: re.Pattern[str]
    excluded: re.Pattern[str]
    unless: re.Pattern[str]


@dataclass(frozen=True)
class AlarmingPhrases:
    """Phrases by red flag.

    In a phrase `...` stands for up to four other words of one sentence, `/` separates words of which one is enough, and
    `*` at the end of a word stands for any ending. Case, accents, dashes and white space make no difference.
    """

    by_flag: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    negations: Negations = field(default_factory=Negations)

    @cached_property
    def _patterns(self) -> _Patterns:
        words = self.negations
        before = (*words.before, *words.denials)
        either, between = _either(words.either), rf"(?:{_either(words.between)}[ -]+)*"
        listed = rf"(?:{between}(?:{_WORD}[ -]+){{0,3}}{either}[ -]+{between})?"
        reach = rf"(?:(?!\b{_either(words.contrast)}\b)[^.;!?])*\Z"
        return _Patterns(
            any_phrase=_pattern(phrase for phrases in self.by_flag.values() for phrase in phrases),
            by_flag=tuple((flag, _pattern(phrases)) for flag, phrases in self.by_flag.items()),
            direct=re.compile(rf"{_START}{_either(before)}[ -]+{between}{listed}\Z"),
            denied=re.compile(rf"{_START}{_either(words.denials)}[ :-]+{reach}"),
            noted=re.compile(rf"{_START}{_either((*before, *words.others))}[ :-]+{reach}"),
            after=re.compile(rf" *(?:[:=(?-] *)?{_either(words.after)} *(?:[.,;:)!]|\Z)"),
            excluded=re.compile(
                rf"(?:[ -]+{_either(words.between)})* *(?:[:=(?-] *)?{_either(words.after)} *(?:[.,;:)!]|\Z)"
            ),
            unless=re.compile(rf"[ ,]+(?:{_WORD} )?{_either(words.unless)}(?![^\W_])"),
        )

    def flags_in(self, text: str, *, by_patient: bool = True) -> frozenset[str]:
        """The red flags whose phrases a text states without a negation.

        `by_patient`: the words of a patient, in which a negation covers only what follows it directly. In a clinical
        note it covers the rest of the sentence, and a question states nothing.
        """
        plain = _plain(text)
        if self._patterns.any_phrase.search(plain) is None:
            return frozenset()
        return frozenset(
            flag
            for flag, pattern in self._patterns.by_flag
            if any(not self._is_negated(plain, found, by_patient) for found in _matches(pattern, plain))
        )

    def denies(self, text: str, phrases: tuple[str, ...]) -> bool:
        """Whether a clinical note negates each of these phrases that it contains."""
        plain = _plain(text)
        return all(self._is_negated(plain, found, by_patient=False) for found in _matches(_pattern(phrases), plain))

    def rules_out(self, diagnosis: str, words: tuple[str, ...]) -> bool:
        """Whether the text of a diagnosis negates its words directly, such as `no ...` or `... has been excluded`.

        A question is a suspicion here, and a negation further away may be about something else: both rule out nothing.
        """
        plain = _plain(diagnosis)
        found = tuple(_matches(_pattern(words), plain))
        return bool(found) and all(self._is_ruled_out(plain, one) for one in found)

    def _is_ruled_out(self, text: str, found: re.Match[str]) -> bool:
        if self._patterns.unless.match(text, found.end()) or _is_question(text, found.end()):
            return False
        before = text[max(0, found.start() - _REACH) : found.start()]
        return self._patterns.excluded.match(text, found.end()) is not None or self._is_negated_directly(before)

    def _is_negated(self, text: str, found: re.Match[str], by_patient: bool) -> bool:
        if self._patterns.unless.match(text, found.end()):
            return False
        before = text[max(0, found.start() - _REACH) : found.start()]
        if (
            self._patterns.after.match(text, found.end())
            or self._patterns.denied.search(before)
            or self._is_negated_directly(before)
        ):
            return True
        return not by_patient and (
            self._patterns.excluded.match(text, found.end()) is not None
            or self._patterns.noted.search(before) is not None
            or _is_question(text, found.end())
        )

    def _is_negated_directly(self, before: str) -> bool:
        """A negation of a negation, as in never without, does not count."""
        negation = self._patterns.direct.search(before)
        return negation is not None and self._patterns.direct.search(before[: negation.start()]) is None


def is_valid_phrase(phrase: str) -> bool:
    """Whether a phrase begins and ends with a word, and each of its words has a letter or a digit."""
    words = phrase.split()
    named = [one for word in words if word != _GAP for one in word.split("/")]
    return _GAP not in (words[:1] + words[-1:]) and bool(named) and all(any(map(str.isalnum, one)) for one in named)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Every match, also those that begin within another one: a negated one must not hide what follows."""
    found = pattern.search(text)
    while found is not None:
        yield found
        found = pattern.search(text, found.start() + 1)


def _is_question(text: str, end: int) -> bool:
    stop = _SENTENCE_END.search(text, end)
    return stop is not None and stop[0] == "?"


def _plain(text: str) -> str:
    """A text in normal form, and without accents."""
    folded = normalised_text(text)
    if folded.isascii():
        return folded
    return "".join(mark for mark in unicodedata.normalize("NFD", folded) if unicodedata.category(mark) != "Mn")


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all phrases, by their first letters: at most places of a text it looks at a few of them."""
    tails: dict[str, dict[str, None]] = defaultdict(dict)
    for phrase in phrases:
        first, _, rest = _plain(phrase).partition(" ")
        for word in filter(None, first.split("/")):
            written = _phrase(f"{word} {rest}")
            tails[word[0]][written.removeprefix(re.escape(word[0]))] = None
    if not tails:
        return re.compile(_NEVER)
    branches = (rf"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in sorted(tails.items()))
    return re.compile(rf"{_START}(?:{'|'.join(branches)})(?![^\W_])")


def _either(words: Collection[str]) -> str:
    if not words:
        return _NEVER
    return f"(?:{'|'.join(_phrase(word) for word in sorted(words, key=len, reverse=True))})"


def _phrase(phrase: str) -> str:
    """The pattern of one phrase."""
    pattern, gap = "", False
    for word in _plain(phrase).split():
        if word == _GAP:
            gap = True
            continue
        if pattern:
            pattern += rf"(?:[ /-]+{_WORD}){{0,{_GAP_WORDS}}}[ /-]+" if gap else "[ -]+"
        pattern, gap = pattern + _alternatives(word), False
    return pattern


def _alternatives(word: str) -> str:
    """One of the words between slashes; a star stands for any ending."""
    written = [
        re.escape(one.removesuffix("*")) + (r"[^\W_]*" if one.endswith("*") else "") for one in word.split("/") if one
    ]
    return written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"
