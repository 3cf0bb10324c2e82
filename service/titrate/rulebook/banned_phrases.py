"""Phrases that no text for patients or clinicians may hold, because they reassure, promise or push (hazard H18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from titrate.clinical.values.code_lookup import contains_phrase
from titrate.messages.rulebook_problems import (
    BannedPhrase,
)
from titrate.rulebook.errors import Problem
from titrate.rulebook.parse import ParsedFiles


def phrase_problems(files: ParsedFiles) -> Iterator[Problem]:
    """A problem for each text with a banned phrase, except in `words.toml`, which lists them."""
    banned = banned_phrases(files)
    for file, table in (*files.tables.items(), *files.programmes.items()):
        yield from _problems_of_file(file, table, banned)


def banned_phrases(files: ParsedFiles) -> tuple[str, ...]:
    """The banned phrases of words.toml."""
    return tuple(files.wholes.get("words.toml", {}).get("banned", ()))


def banned_phrases_in(text: str, banned: Iterable[str]) -> tuple[str, ...]:
    """The banned phrases in a text: whole words, in any case, with any white space between them."""
    return tuple(one for one in banned if contains_phrase(text, (one,)))


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a table with the path of its key."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{key}[{index}]")


def _problems_of_file(file: str, table: Mapping[str, Any], banned: tuple[str, ...]) -> Iterator[Problem]:
    for key, text in texts(table):
        for phrase in banned_phrases_in(text, banned) if contains_phrase(text, banned) else ():  # fast for most texts
            yield Problem(file, key, BannedPhrase(phrase=phrase))
