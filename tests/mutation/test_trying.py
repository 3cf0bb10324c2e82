"""What is tried on a mutant: trials that fit into its time, and those that see another answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mutation.calls import answer
from tests.mutation.judging import Judge
from tests.mutation.trials import Trial


def yes() -> bool:
    """A trial that passes."""
    return True


def test_a_trial_that_is_longer_than_all_the_time_is_none() -> None:
    """It would take a mutant's patience, and count as noticed by its time."""
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
def test_which_answers_are_the_same(before: Callable[[], object], after: Callable[[], object], same: bool) -> None:
    """The order of a table and of what comes one by one counts, that of a set does not."""
    assert (answer(before, ((), {})) == answer(after, ((), {}))) is same
