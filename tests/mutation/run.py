"""One run of mutation testing inside pytest: collect the tests, try them on the original, then on each mutant."""

from __future__ import annotations

import gc
import time
from argparse import Namespace

import pytest

from tests.mutation import results
from tests.mutation.courses import expectations
from tests.mutation.judge import Judge, MutantRun
from tests.mutation.numbers import Numbers
from tests.mutation.results import Outcome
from tests.mutation.rules import Rules
from tests.mutation.survivors import is_judged, judgements
from tests.mutation.trials import Baseline, collect_baseline, result_caches
from titrate.rulebook import load

# Fast tests with independent expectations: tables, thresholds, worked examples, hazards. Excluded are tests of recorded
# output, tests with thousands of courses and tests with a server.
TESTS = [
    "tests/clinical", "tests/hazards", "tests/fixtures/test_golden.py", "tests/rulebook", "tests/fhir/narrative",
    "tests/app/test_overview.py", "tests/fhir/read", "tests/fhir/questionnaires",
]  # fmt: skip
LEFT_OUT = (
    "test_differential", "test_properties.py", "test_same_input_gives", "test_printed_json", "test_wording",
    "test_page", "test_shadow", "test_no_dose_jumps", "test_simulated_course", "test_changed_number_is_noticed",
    "tests/rulebook/test_hazards",
    "test_overrides", "test_in_any_course", "test_a_smaller_dose_of_a_day", "test_talking_points_decide_nothing",
)  # fmt: skip


class Mutation:
    """A pytest plugin that replaces the test loop of pytest."""

    def __init__(self, arguments: Namespace) -> None:
        self.arguments, self.left = arguments, 0
        self.kind = Numbers(tuple(arguments.only)) if arguments.of == "constants" else Rules(tuple(arguments.only))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all mutants after pytest has collected the tests."""
        baseline = self._baseline([i for i in session.items if not any(part in i.nodeid for part in LEFT_OUT)])
        judge = Judge(result_caches(), self.arguments.seconds)
        candidates = list(self.kind.mutant_runs(baseline))[:: self.arguments.every]
        gc.freeze()
        gc.disable()
        self.left = self._judge(judge, candidates)
        return True

    def _baseline(self, items: list[pytest.Item]) -> Baseline:
        begun = time.monotonic()
        baseline = collect_baseline(items, expectations(self.arguments.courses, load()), self.kind.watches())
        failed = [i.nodeid for i in items if i.nodeid not in baseline.trials]
        seconds = time.monotonic() - begun
        print(
            f"{len(baseline.trials)} tests and courses run in {seconds:.0f} s; failed on the original: {failed}",
            flush=True,
        )
        return baseline

    def _judge(self, judge: Judge, candidates: list[tuple[Outcome, MutantRun]]) -> int:
        known = results.read() if self.arguments.resume else {}
        judged, left = judgements(), 0
        for number, (one, mutant_run) in enumerate(candidates, 1):
            before = known.get(one.key)
            is_known = before is not None and (before.noticed or is_judged(before, judged))
            outcome = before if before and is_known else _outcome(judge, one, mutant_run)
            open_ = outcome.survives and not is_judged(outcome, judged)
            left += open_
            if open_ or number % 100 == 0:
                _print_progress(number, len(candidates), left, outcome)
        return left


def _outcome(judge: Judge, one: Outcome, mutant_run: MutantRun) -> Outcome:
    noticed = judge.verdict(f"{one.file} {one.function}", mutant_run)
    outcome = Outcome(one.key, one.file, one.function, one.line, one.change, noticed)
    results.add(outcome)
    return outcome


def _print_progress(number: int, of: int, left: int, outcome: Outcome) -> None:
    print(f"{number}/{of}, {left} survived", flush=True)
    if outcome.survives:
        print(f"  {outcome.file} {outcome.function}: {outcome.line}\n    {outcome.change}", flush=True)
