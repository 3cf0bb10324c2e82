"""Trials that can kill a mutant: each test and each course, run on the original to record its calls."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import CodeType, FrameType
from typing import Protocol

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.calls import Watch
from tests.mutation.courses import Expectation


class ResultCache(Protocol):
    """A cache of results, as functools makes."""

    def cache_clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Trial:
    """A check that passes on the original: its name, a function that returns whether it passes, and its duration."""

    name: str
    holds: Callable[[], bool]
    seconds: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """All trials, and the recorded calls."""

    trials: dict[str, Trial]
    watches: Mapping[CodeType, Watch]


def collect_baseline(
    items: Iterable[pytest.Item], expectations: Iterable[Expectation], watches: Mapping[CodeType, Watch]
) -> Baseline:
    """Run everything once and record the calls of these functions."""
    tries: list[tuple[str, Callable[[], bool]]] = [(i.nodeid, partial(passes, i)) for i in items]
    tries += [(e.name, e.holds) for e in expectations]
    found: dict[str, Trial] = {}
    for name, holds in tries:
        for one in watches.values():
            one.begin(name)
        begun = time.process_time()
        sys.setprofile(partial(_watch, watches))
        good = holds()
        sys.setprofile(None)
        if good:
            found[name] = Trial(name, holds, (time.process_time() - begun) / 2)
    return Baseline(found, watches)


def _watch(watches: Mapping[CodeType, Watch], frame: FrameType, event: str, _: object) -> None:
    if event == "call" and (one := watches.get(frame.f_code)) is not None:
        one.record(frame.f_locals)


def passes(item: pytest.Item) -> bool:
    """Whether a test passes, with its fixtures set up and torn down; a skipped test passes."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def result_caches() -> list[ResultCache]:
    """Caches of the project's functions, which are cleared before a mutant is judged."""
    kept = [o for o in gc.get_objects() if hasattr(type(o), "cache_clear")]
    return [o for o in kept if str(getattr(o, "__module__", "")).startswith(("titrate", "tests"))]
