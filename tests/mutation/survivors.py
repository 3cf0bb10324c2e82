"""Survivors that are equivalent to the original, each with the reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.results import Outcome

FILE = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Equivalent changes of one line, and the reason. The line is identified by its text, not its number."""

    file: str
    function: str
    line: str
    changes: tuple[str, ...]
    why: str

    def holds(self, outcome: Outcome) -> bool:
        """Whether the judgement covers this mutant."""
        place = (outcome.file, outcome.function, outcome.line)
        return place == (self.file, self.function, self.line) and outcome.change in self.changes


def judgements() -> tuple[Judgement, ...]:
    """All judgements of survivors.toml."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8")).get("equivalent", [])
    return tuple(
        Judgement(row["file"], row["function"], row["line"], tuple(row["changes"]), row["why"]) for row in rows
    )


def is_judged(outcome: Outcome, known: Iterable[Judgement]) -> bool:
    """Whether the mutant is judged equivalent."""
    return any(one.holds(outcome) for one in known)
