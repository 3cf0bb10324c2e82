"""Runs one mutant in a child process: a test or the time limit kills it, or it survives."""

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

from tests.mutation.trials import ResultCache, Trial

SURVIVES = ""
TIME, CRASH = "the time limit", "a crash"
NOT_INSTALLED = 3
# Factor and seconds by which a mutant may exceed its time before it is stopped: a change can make a loop endless.
PATIENCE, GRACE = 4, 10
SLOWER = (0.003, 0.02, 0.1, 1)
"""Limits in seconds between classes of quick and slow tests."""


class KilledOnInstall(Exception):
    """A check rejects the mutant when it is installed; the message names the check."""


@dataclass(frozen=True, slots=True)
class MutantRun:
    """A mutant with its trials.

    `put` installs it and returns whether a trial can detect it. Trials with one of `words` in their name run first,
    then those of the folder `near`; those in `last` run last.
    """

    put: Callable[[], Callable[[Trial], bool]]
    trials: Sequence[Trial]
    words: tuple[str, ...] = ()
    near: str = ""
    last: frozenset[str] = frozenset()


@dataclass(slots=True)
class Judge:
    """Runs mutants. A trial that killed a neighbour runs first; `seconds` limits the trials of a mutant."""

    kept: list[ResultCache]
    seconds: float
    noticed: dict[str, Counter[str]] = field(default_factory=dict)

    def verdict(self, place: str, mutant_run: MutantRun) -> str:
        """The name of the trial that kills the mutant, or SURVIVES."""
        seen = self.noticed.setdefault(place, Counter())
        trials = sorted(mutant_run.trials, key=lambda t: _rank(t, mutant_run, seen))
        killer = self._in_child_process(mutant_run, trials)
        if killer:
            seen[killer] += 1
        return killer

    def _in_child_process(self, mutant_run: MutantRun, trials: Sequence[Trial]) -> str:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._child(mutant_run, trials, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            killer = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return TIME if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else CRASH
        if os.WEXITSTATUS(status) == NOT_INSTALLED:
            raise RuntimeError("the mutant could not be installed")
        return killer

    def _child(self, mutant_run: MutantRun, trials: Sequence[Trial], writing: int) -> None:
        """Run the trials without output, report the killer and always end the process."""
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            seconds = int(PATIENCE * self.seconds) + GRACE
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            sees = mutant_run.put()
            for results in self.kept:
                results.cache_clear()
            killer = next((t for t in self._in_time(trials) if sees(t) and not _holds(t)), None)
            if killer is not None:
                os.write(writing, killer.name.encode())
        except KilledOnInstall as noticed:
            os.write(writing, str(noticed).encode())
        except BaseException:  # noqa: BLE001
            os._exit(NOT_INSTALLED)
        os._exit(0)

    def _in_time(self, trials: Sequence[Trial]) -> Iterator[Trial]:
        """Trials within the time limit; a trial longer than the limit is skipped."""
        begun = time.process_time()
        for trial in trials:
            if time.process_time() - begun > self.seconds:
                return
            if trial.seconds <= self.seconds:
                yield trial


def _rank(trial: Trial, mutant_run: MutantRun, seen: Counter[str]) -> tuple[bool, int, bool, bool, tuple[int, int]]:
    named = any(word in trial.name for word in mutant_run.words)
    far = not trial.name.startswith(mutant_run.near)
    return not named, -seen[trial.name], far, trial.name in mutant_run.last, _turn(trial)


def _turn(trial: Trial) -> tuple[int, int]:
    """Quick trials first; tests and courses of one class are mixed in a fixed order."""
    return bisect(SLOWER, trial.seconds), crc32(trial.name.encode())


def _holds(trial: Trial) -> bool:
    try:
        return trial.holds()
    except Exception:  # noqa: BLE001
        return False
