"""What can notice a mutant: each test and each course, tried on the original to learn what it asks of our functions."""

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


class Kept(Protocol):
    """Results that are kept from one call to the next."""

    def cache_clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Trial:
    """Something that passes on the original: its name, how to try it (false: it fails), and its seconds."""

    name: str
    holds: Callable[[], bool]
    seconds: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """All trials, and what was heard of the functions that were watched."""

    trials: dict[str, Trial]
    watches: Mapping[CodeType, Watch]


def learn(
    items: Iterable[pytest.Item], expectations: Iterable[Expectation], watches: Mapping[CodeType, Watch]
) -> Learnt:
    """Tries everything once, watching these functions."""
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
    return Learnt(found, watches)


def _watch(watches: Mapping[CodeType, Watch], frame: FrameType, event: str, _: object) -> None:
    if event == "call" and (one := watches.get(frame.f_code)) is not None:
        one.asked(frame.f_locals)


def passes(item: pytest.Item) -> bool:
    """Whether a test passes, with its fixtures set up and torn down; one that is skipped notices nothing."""
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def kept_results() -> list[Kept]:
    """Results of our functions that are kept from one call to the next: a mutant must not be judged by them."""
    kept = [o for o in gc.get_objects() if hasattr(type(o), "cache_clear")]
    return [o for o in kept if str(getattr(o, "__module__", "")).startswith(("titrate", "tests"))]
