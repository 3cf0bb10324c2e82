"""The numbers of mappings/, each a step up and a step down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

from tests.mutation.judging import Spoilt
from tests.mutation.results import Outcome
from tests.mutation.trials import Learnt


@dataclass(frozen=True, slots=True)
class Numbers:
    """Every number of the files that are asked for."""

    only: tuple[str, ...]

    def functions(self) -> set[CodeType]:
        return set()

    def spoilt(self, learnt: Learnt) -> Iterator[tuple[Outcome, Spoilt]]:
        yield from ()
