"""Search for listed words in free text: as whole words, in any spelling of case, dash and apostrophe."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u2032\u00b4`"
_DASHES = "\u2212\u2043"
_SPELLED = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_DASHES, "-")})


def normalised_text(text: str) -> str:
    """A text in normal form: case-folded, with plain apostrophes and hyphens and single spaces.

    Invisible characters, such as soft hyphens, are removed.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_SPELLED)).casefold()
    return " ".join((folded if folded.isascii() else "".join(map(_visible, folded))).split())


def contains_phrase(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text contains one of these phrases as whole words."""
    return bool(words) and _any_of(words).search(normalised_text(text)) is not None


def _visible(mark: str) -> str:
    kind = unicodedata.category(mark)
    return "-" if kind == "Pd" else "" if kind == "Cf" else mark


@lru_cache(256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all phrases. An underscore ends a word, as in _never_."""
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(re.escape(normalised_text(word)) for word in words)})(?![^\W_])")
