"""Texts for people hold no phrase that reassures, promises or drives on: the list of words.toml (hazard H18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from titrate.clinical.values.free_text import contains_phrase
from titrate.rulebook.errors import Problem
from titrate.rulebook.parse import ParsedFiles


def phrase_problems(files: ParsedFiles) -> Iterator[Problem]:
    """A problem for each text that holds a banned phrase; `words.toml` itself may name them."""
    banned = banned_phrases(files)
    for file, table in (*files.tables.items(), *files.programmes.items()):
        yield from _in_file(file, table, banned)


def banned_phrases(files: ParsedFiles) -> tuple[str, ...]:
    """The phrases of words.toml."""
    return tuple(files.wholes.get("words.toml", {}).get("banned", ()))


def banned_phrases_in(text: str, banned: Iterable[str]) -> tuple[str, ...]:
    """The banned phrases in a text: whole words, any case, any white space between them."""
    return tuple(one for one in banned if contains_phrase(text, (one,)))


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


def _in_file(file: str, table: Mapping[str, Any], banned: tuple[str, ...]) -> Iterator[Problem]:
    for key, text in texts(table):
        for phrase in banned_phrases_in(text, banned) if contains_phrase(text, banned) else ():  # most texts hold none
            yield Problem(file, key, f'"{phrase}" must not be said to patients or clinicians: word it another way')
