"""Tries one mutant in a process of its own: killed by a test, by its time, or surviving."""

from __future__ import annotations

import os
import resource
import signal
import time
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from tests.mutation.trials import Kept, Trial

SURVIVES = ""
TIME, CRASH = "its time", "a crash"
CANNOT = 3
# A mutant may take so many times what it is given, and some seconds: it may have been made to go on for ever.
PATIENCE, GRACE = 4, 10
SLOWER = (0.003, 0.02, 0.1, 1)
"""Seconds that part quick tests from slow ones."""


class NoticedAtOnce(Exception):
    """Raised by what puts a mutant in place, where something refuses it already: says what."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What to do in a process of its own, and whether a trial can see it: false when it certainly cannot.

    Trials with one of `words` in their name come first, those in `last` last.
    """

    put: Callable[[], Callable[[Trial], bool]]
    trials: Sequence[Trial]
    words: tuple[str, ...] = ()
    last: frozenset[str] = frozenset()


@dataclass(slots=True)
class Judge:
    """Which trial noticed what so far: what noticed a neighbour is tried first. A mutant gets `seconds` of trials."""

    kept: list[Kept]
    seconds: float
    noticed: dict[str, Counter[str]] = field(default_factory=dict)

    def verdict(self, place: str, spoilt: Spoilt) -> str:
        """The name of the trial that notices the mutant, or SURVIVES."""
        seen = self.noticed.setdefault(place, Counter())
        trials = sorted(spoilt.trials, key=lambda t: _rank(t, spoilt, seen))
        killer = self._in_a_fork(spoilt, trials)
        if killer:
            seen[killer] += 1
        return killer

    def _in_a_fork(self, spoilt: Spoilt, trials: Sequence[Trial]) -> str:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._child(spoilt, trials, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return TIME if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else CRASH
        if os.WEXITSTATUS(status) == CANNOT:
            raise RuntimeError("a mutant cannot be put in place: a fault of the runner")
        return said

    def _child(self, spoilt: Spoilt, trials: Sequence[Trial], writing: int) -> None:
        """Ends the process, whatever happens; what it prints goes nowhere."""
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            seconds = int(PATIENCE * self.seconds) + GRACE
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            sees = spoilt.put()
            for results in self.kept:
                results.cache_clear()
            killer = next((t for t in self._in_time(trials) if sees(t) and not _holds(t)), None)
            if killer is not None:
                os.write(writing, killer.name.encode())
        except NoticedAtOnce as noticed:
            os.write(writing, str(noticed).encode())
        except BaseException:  # noqa: BLE001
            os._exit(CANNOT)
        os._exit(0)

    def _in_time(self, trials: Sequence[Trial]) -> Iterator[Trial]:
        """Trials until the time is over; one that takes longer than all of it is none."""
        begun = time.process_time()
        for trial in trials:
            if time.process_time() - begun > self.seconds:
                return
            if trial.seconds <= self.seconds:
                yield trial


def _rank(trial: Trial, spoilt: Spoilt, seen: Counter[str]) -> tuple[bool, int, bool, tuple[int, int]]:
    named = any(word in trial.name for word in spoilt.words)
    return not named, -seen[trial.name], trial.name in spoilt.last, _turn(trial)


def _turn(trial: Trial) -> tuple[int, int]:
    """Quick ones first; among equals tests and courses mixed, always in the same order."""
    return bisect(SLOWER, trial.seconds), crc32(trial.name.encode())


def _holds(trial: Trial) -> bool:
    try:
        return trial.holds()
    except Exception:  # noqa: BLE001
        return False
