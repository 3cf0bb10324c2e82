"""Survivors that were looked at: the change makes no difference that anybody could see, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.results import Outcome

FILE = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A line of a function, the changes of it that are equivalent, and why. Line numbers would not last."""

    file: str
    function: str
    line: str
    changes: tuple[str, ...]
    why: str

    def holds(self, outcome: Outcome) -> bool:
        """Whether this is the mutant that was looked at."""
        place = (outcome.file, outcome.function, outcome.line)
        return place == (self.file, self.function, self.line) and outcome.change in self.changes


def judgements() -> tuple[Judgement, ...]:
    """All that stand in survivors.toml."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8")).get("equivalent", [])
    return tuple(
        Judgement(row["file"], row["function"], row["line"], tuple(row["changes"]), row["why"]) for row in rows
    )


def is_judged(outcome: Outcome, known: Iterable[Judgement]) -> bool:
    """Whether somebody has judged that nobody could notice this mutant."""
    return any(one.holds(outcome) for one in known)
