"""Trials of a mutant: those within the time limit, and those whose results differ."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mutation.calls import answer
from tests.mutation.judge import Judge
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
