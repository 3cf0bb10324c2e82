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
from tests.mutation.installation import function_of, put
from tests.mutation.judge import MutantRun
from tests.mutation.places import Mutant, mutants_of
from tests.mutation.results import Outcome
from tests.mutation.trials import Baseline, Trial
from tests.project.sources import ROOT

CLINICAL = ROOT / "service" / "titrate" / "clinical"


@dataclass(frozen=True, slots=True)
class Rules:
    """Every mutant of the selected files."""

    only: tuple[str, ...]

    def mutants(self) -> list[Mutant]:
        files = [f for f in sorted(CLINICAL.rglob("*.py")) if not self.only or f.as_posix().endswith(self.only)]
        found = [m for f in files for m in mutants_of(f)]
        for mutant in found:
            importlib.import_module(mutant.module)
        return found

    def watches(self) -> dict[CodeType, Watch]:
        """The functions to record while the tests run on the original."""
        functions = {f.__code__ for m in self.mutants() if (f := function_of(m)) is not None}
        return {code: Calls(code) for code in functions}

    def mutant_runs(self, baseline: Baseline) -> Iterator[tuple[Outcome, MutantRun]]:
        for mutant in self.mutants():
            known = Outcome(mutant.key, mutant.file, mutant.function, mutant.text, mutant.change.words, "")
            yield known, _mutant_run(mutant, baseline)


def _mutant_run(mutant: Mutant, baseline: Baseline) -> MutantRun:
    function = function_of(mutant)
    if function is None:  # takes effect on import: run trials that call the module first, then all others
        callers = {t for code, calls in _calls(baseline).items() if code.co_filename == _file(mutant) for t in calls.of}
        names, unknown = set(baseline.trials), frozenset(baseline.trials) - callers
    else:
        names, unknown = (
            set(_calls(baseline)[function.__code__].of),
            frozenset(_calls(baseline)[function.__code__].partial),
        )
    trials = [baseline.trials[n] for n in names if n in baseline.trials]
    return MutantRun(
        partial(_put, mutant, baseline), trials, own_tests(mutant.file), folder_of_tests(mutant.file), unknown
    )


def own_tests(file: str) -> tuple[str, ...]:
    """Names of tests of a file of the rules: `test_time` and `test_gates` for `gates/time.py`."""
    return tuple(f"test_{name}" for name in Path(file).with_suffix("").relative_to(CLINICAL.relative_to(ROOT)).parts)


def folder_of_tests(file: str) -> str:
    """Where the tests of a file of the rules are: `tests/clinical/rules/` for every file of `rules`."""
    folders = Path(file).parent.relative_to(CLINICAL.relative_to(ROOT)).parts
    return "/".join(("tests", "clinical", *folders[:1], ""))


def _calls(baseline: Baseline) -> dict[CodeType, Calls]:
    return {code: watch for code, watch in baseline.watches.items() if isinstance(watch, Calls)}


def _file(mutant: Mutant) -> str:
    return str(sys.modules[mutant.module].__file__)


def _put(mutant: Mutant, baseline: Baseline) -> Callable[[Trial], bool]:
    function = function_of(mutant)
    if function is None:
        put(mutant)
        return lambda _: True
    before = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    before.__kwdefaults__ = function.__kwdefaults__
    calls = _calls(baseline)[function.__code__]
    put(mutant)
    if (before.__defaults__, before.__kwdefaults__) != (function.__defaults__, function.__kwdefaults__):
        return lambda _: True  # recorded calls contain every argument, so changed defaults are not visible in them
    return lambda trial: calls.differ(trial.name, before, function)
