"""The mutants of service/clinical: each function, field and constant of the rules."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutation.calls import Calls, Watch
from tests.mutation.judging import Spoilt
from tests.mutation.places import Mutant, mutants_of
from tests.mutation.results import Outcome
from tests.mutation.swapping import function_of, put
from tests.mutation.trials import Learnt, Trial
from tests.project.sources import ROOT

CLINICAL = ROOT / "service" / "titrate" / "clinical"


@dataclass(frozen=True, slots=True)
class Rules:
    """Every mutant of the files that are asked for."""

    only: tuple[str, ...]

    def mutants(self) -> list[Mutant]:
        files = [f for f in sorted(CLINICAL.rglob("*.py")) if not self.only or f.as_posix().endswith(self.only)]
        found = [m for f in files for m in mutants_of(f)]
        for mutant in found:
            importlib.import_module(mutant.module)
        return found

    def watches(self) -> dict[CodeType, Watch]:
        """What is to be watched while the tests run on the original."""
        functions = {f.__code__ for m in self.mutants() if (f := function_of(m)) is not None}
        return {code: Calls(code) for code in functions}

    def spoilt(self, learnt: Learnt) -> Iterator[tuple[Outcome, Spoilt]]:
        for mutant in self.mutants():
            known = Outcome(mutant.key, mutant.file, mutant.function, mutant.text, mutant.change.words, "")
            yield known, _spoilt(mutant, learnt)


def _spoilt(mutant: Mutant, learnt: Learnt) -> Spoilt:
    function = function_of(mutant)
    if function is None:  # takes effect when the module is read: first whoever asks anything of the module, then all
        asking = {t for code, calls in _calls(learnt).items() if code.co_filename == _file(mutant) for t in calls.of}
        names, unknown = set(learnt.trials), frozenset(learnt.trials) - asking
    else:
        names, unknown = set(_calls(learnt)[function.__code__].of), frozenset(_calls(learnt)[function.__code__].partial)
    trials = [learnt.trials[n] for n in names if n in learnt.trials]
    own = tuple(f"test_{name}" for name in Path(mutant.file).with_suffix("").parts[2:])
    return Spoilt(partial(_put, mutant, learnt), trials, own, unknown)


def _calls(learnt: Learnt) -> dict[CodeType, Calls]:
    return {code: watch for code, watch in learnt.watches.items() if isinstance(watch, Calls)}


def _file(mutant: Mutant) -> str:
    return str(sys.modules[mutant.module].__file__)


def _put(mutant: Mutant, learnt: Learnt) -> Callable[[Trial], bool]:
    function = function_of(mutant)
    if function is None:
        put(mutant)
        return lambda _: True
    before = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    before.__kwdefaults__ = function.__kwdefaults__
    calls = _calls(learnt)[function.__code__]
    put(mutant)
    if (before.__defaults__, before.__kwdefaults__) != (function.__defaults__, function.__kwdefaults__):
        return lambda _: True  # the calls that were heard have every value in them
    return lambda trial: calls.differ(trial.name, before, function)
