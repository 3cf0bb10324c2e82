"""One run of mutation testing inside pytest: collect the tests, try them on the original, then on each mutant."""

from __future__ import annotations

import gc
import time
from argparse import Namespace

import pytest

from tests.mutation import results
from tests.mutation.courses import expectations
from tests.mutation.judging import Judge, Spoilt
from tests.mutation.numbers import Numbers
from tests.mutation.results import Outcome
from tests.mutation.rules import Rules
from tests.mutation.survivors import is_judged, judgements
from tests.mutation.trials import Learnt, kept_results, learn
from titrate.rulebook import load

# What is fast and expects something independent: tables, thresholds, worked examples, hazards. Not in it: pages and
# bytes that were only written down as they came out, what tries thousands of courses, and everything with a server.
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
    """A pytest plugin that takes the place of pytest's own loop."""

    def __init__(self, asked: Namespace) -> None:
        self.asked, self.left = asked, 0
        self.kind = Numbers(tuple(asked.only)) if asked.of == "constants" else Rules(tuple(asked.only))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Everything, once the tests are collected."""
        learnt = self._learnt([i for i in session.items if not any(part in i.nodeid for part in LEFT_OUT)])
        judge = Judge(kept_results(), self.asked.seconds)
        candidates = list(self.kind.spoilt(learnt))[:: self.asked.every]
        gc.freeze()
        gc.disable()
        self.left = self._judge(judge, candidates)
        return True

    def _learnt(self, items: list[pytest.Item]) -> Learnt:
        begun = time.monotonic()
        learnt = learn(items, expectations(self.asked.courses, load()), self.kind.watches())
        failed = [i.nodeid for i in items if i.nodeid not in learnt.trials]
        seconds = time.monotonic() - begun
        print(
            f"{len(learnt.trials)} tests and courses tried in {seconds:.0f} s; on the original fail: {failed}",
            flush=True,
        )
        return learnt

    def _judge(self, judge: Judge, candidates: list[tuple[Outcome, Spoilt]]) -> int:
        known = results.read() if self.asked.resume else {}
        judged, left = judgements(), 0
        for number, (one, spoilt) in enumerate(candidates, 1):
            before = known.get(one.key)
            settled = before is not None and (before.noticed or is_judged(before, judged))
            outcome = before if before and settled else _outcome(judge, one, spoilt)
            open_ = outcome.survives and not is_judged(outcome, judged)
            left += open_
            if open_ or number % 100 == 0:
                _say(number, len(candidates), left, outcome)
        return left


def _outcome(judge: Judge, one: Outcome, spoilt: Spoilt) -> Outcome:
    noticed = judge.verdict(f"{one.file} {one.function}", spoilt)
    outcome = Outcome(one.key, one.file, one.function, one.line, one.change, noticed)
    results.add(outcome)
    return outcome


def _say(number: int, of: int, left: int, outcome: Outcome) -> None:
    print(f"{number}/{of}, {left} left", flush=True)
    if outcome.survives:
        print(f"  {outcome.file} {outcome.function}: {outcome.line}\n    {outcome.change}", flush=True)
