"""Trials of a mutant: those within the time limit, and those whose results differ."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mutation.calls import answer
from tests.mutation.judge import Judge, MutantRun
from tests.mutation.rules import folder_of_tests, own_tests
from tests.mutation.trials import Trial


def yes() -> bool:
    """A trial that passes."""
    return True


def test_a_trial_longer_than_the_limit_is_skipped() -> None:
    """It would count as killed by the time limit."""
    trials = [Trial("quick", yes, 0.01), Trial("slow", yes, 5), Trial("fits", yes, 3)]
    assert [trial.name for trial in Judge([], 3)._in_time(trials)] == ["quick", "fits"]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (lambda: {1: 1, 2: 2}, lambda: {1: 1, 2: 2}, True), (lambda: {1: 1, 2: 2}, lambda: {2: 2, 1: 1}, False),
        (lambda: iter([1, 2]), lambda: iter([1, 2]), True), (lambda: iter([1, 2]), lambda: iter([2, 1]), False),
        (lambda: {1, 2}, lambda: {2, 1}, True), (lambda: 1 // 0, lambda: 2 // 0, True),
        (lambda: 1, lambda: None, False),
    ],
    ids=["tables", "tables in another order", "rows", "rows in another order", "sets", "errors", "nothing"],
)  # fmt: skip
def test_equal_results(before: Callable[[], object], after: Callable[[], object], same: bool) -> None:
    """The order of a dict and of an iterator counts, that of a set does not."""
    assert (answer(before, ((), {})) == answer(after, ((), {}))) is same


@pytest.mark.parametrize(
    ("file", "own", "folder"),
    [
        ("red_flags/listed_findings.py", ("test_red_flags", "test_listed_findings"), "tests/clinical/red_flags/"),
        ("rules/gates/time.py", ("test_rules", "test_gates", "test_time"), "tests/clinical/rules/"),
        ("evaluate.py", ("test_evaluate",), "tests/clinical/"),
    ],
)
def test_where_the_tests_of_a_file_are(file: str, own: tuple[str, ...], folder: str) -> None:
    """By the names of the file and its folders, and in the folder of the same name."""
    path = f"service/titrate/clinical/{file}"
    assert (own_tests(path), folder_of_tests(path)) == (own, folder)


@pytest.mark.parametrize(
    ("trials", "killer"),
    [
        (("tests/hazards/a", "tests/clinical/rules/b"), "tests/clinical/rules/b"),
        (("tests/hazards/test_time", "tests/clinical/rules/b"), "tests/hazards/test_time"),
    ],
)
def test_the_nearest_trial_runs_first(trials: tuple[str, ...], killer: str) -> None:
    """One with the name of the mutated file, then one of its folder: the time limit leaves little for others."""
    found = [Trial(name, lambda: False, 0.01) for name in trials]
    run = MutantRun(lambda: lambda _: True, found, ("test_time",), "tests/clinical/rules/")
    assert Judge([], 3).verdict("a place", run) == killer
