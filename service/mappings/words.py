"""Texts for people hold no phrase that reassures, promises or drives on: the list of words.toml (hazard H18)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from service.mappings.problems import Problem
from service.mappings.reading import Drafts


def wording(drafts: Drafts) -> Iterator[Problem]:
    """A problem for each text that holds a banned phrase; `words.toml` itself may name them."""
    banned = banned_phrases(drafts)
    pattern = _pattern(banned)
    for file, table in (*drafts.tables.items(), *drafts.programmes.items()):
        yield from _in_file(file, table, banned, pattern)


def banned_phrases(drafts: Drafts) -> tuple[str, ...]:
    """The phrases of words.toml."""
    return tuple(drafts.wholes.get("words.toml", {}).get("banned", ()))


def found_in(text: str, banned: Iterable[str]) -> tuple[str, ...]:
    """The banned phrases in a text: whole words, any case, any white space between them."""
    plain = _plain(text)
    return tuple(one for one in banned if _pattern((one,)).search(plain))


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a table, by the path of its key."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{key}[{index}]")


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One search for all of them: most texts hold none, and every command reads every text."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one.lower()) for one in phrases) or '(?!)'})(?!\w)")


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _in_file(
    file: str, table: Mapping[str, Any], banned: tuple[str, ...], pattern: re.Pattern[str]
) -> Iterator[Problem]:
    for key, text in texts(table):
        for phrase in found_in(text, banned) if pattern.search(_plain(text)) else ():
            yield Problem(file, key, f'"{phrase}" must not be said to patients or clinicians: word it another way')
