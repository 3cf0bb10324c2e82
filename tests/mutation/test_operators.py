"""Mutants: the changes to each construct, constructs that are not changed, and judgements of survivors."""

from __future__ import annotations

import ast
import importlib
import textwrap

import pytest

from tests.clinical.pictures import BOOK
from tests.mutation.installation import function_of, mutated, put
from tests.mutation.numbers import numbers
from tests.mutation.operators import changes
from tests.mutation.places import mutants_of
from tests.mutation.survivors import judgements
from tests.project.sources import ROOT
from titrate.clinical.record import conflicts
from titrate.clinical.values.alarming_phrases import AlarmingPhrases
from titrate.clinical.values.readings import RefusalReason


def replacements(source: str) -> list[str]:
    """The replacements in a function."""
    (function,) = ast.parse(textwrap.dedent(source)).body
    return [change.words.partition("=>")[2].strip() for change in changes(function)]


SOURCES: dict[str, list[str]] = {
    "def f(a, b): return a < b": ["return None", "a <= b", "a >= b"],
    "def f(a, b): return a == b": ["return None", "a != b"],
    "def f(a) -> bool: return a": ["not a"],
    "def f(a) -> bool: return True": ["False"],
    "def f(a): return a in (1, 2)": ["return None", "a not in (1, 2)", "(2,)", "(1,)", "2", "0", "3", "1"],
    "def f(a, b): return a and b": ["return None", "a or b", "b", "a"],
    "def f(a): return min(a)": ["return None", "max(a)"],
    "def f(a): return sorted(a)": ["return None", "sorted(a, reverse=True)"],
    "def f(a, b=3): return a - b": ["return None", "4", "2", "a + b"],
    "def f(a): a.append(0)": ["nothing", "1"],
    "def f(a): return [x for x in a if x]": ["return None", "True", "not x"],
    "def f(a): return f'{a - 1} days'": ["return None"],
    "def f(a): return 'more of it' if a else 'less of it'": ["return None"],
}


@pytest.mark.parametrize("source", SOURCES)
def test_changes(source: str) -> None:
    """Comparisons, conditions, arithmetic, numbers, calls and results are changed; texts for readers are not."""
    assert replacements(source) == SOURCES[source]


def test_early_return_and_loops() -> None:
    """An early return is removed, a loop continues or ends."""
    found = replacements("""
        def f(a):
            for x in a:
                if x:
                    continue
                if x > 1:
                    return x
            return None
    """)
    assert "break" in found
    assert "nothing" in found
    assert "not x" in found


@pytest.mark.parametrize("file", ["sessions/dose_match.py", "rules/gates/intervals.py", "values/plan.py"])
def test_mutants_differ_from_the_original(file: str) -> None:
    """Each mutant differs from the original, and no two have the same key."""
    found = list(mutants_of(ROOT / "service" / "titrate" / "clinical" / file))
    assert found
    assert len({mutant.key for mutant in found}) == len(found)
    for mutant in found:
        assert ast.unparse(mutated(mutant)) != ast.unparse(mutant.owner), mutant.change.words


def test_every_function_is_found() -> None:
    """Each mutant of a function names one of this process, also where it is a property or has a cache."""
    files = sorted((ROOT / "service" / "titrate" / "clinical").rglob("*.py"))
    owners = {(one.module, one.function): one for file in files for one in mutants_of(file)}
    for one in owners.values():
        importlib.import_module(one.module)
        function = function_of(one)
        assert function is None or function.__name__ == one.function.rpartition(".")[2]


def test_a_mutant_drops_cached_results() -> None:
    """Results of cached functions and properties are computed again with the mutant, and again without it."""
    phrases = AlarmingPhrases({"rf01": ("numb",)})
    assert phrases.flags_in("numb") == {"rf01"}
    owner = next(
        one
        for one in mutants_of(ROOT / "service" / "titrate" / "clinical" / "values" / "alarming_phrases.py")
        if one.function == "AlarmingPhrases._patterns"
    )
    original = function_of(owner)
    assert original is not None
    code = original.__code__
    try:
        put(owner)
        assert "_patterns" not in vars(phrases)
    finally:
        original.__code__ = code


def test_a_mutant_of_a_constant_changes_what_is_made_from_it() -> None:
    """A later constant of the module is made again."""
    found = mutants_of(ROOT / "service" / "titrate" / "clinical" / "record" / "conflicts.py")
    owner = next(
        one
        for one in found
        if ast.unparse(one.owner).startswith("_IMPLAUSIBLE")
        and "RefusalReason.IMPLAUSIBLE," not in ast.unparse(one.change.after)
    )
    before = {name: vars(conflicts)[name] for name in ("_IMPLAUSIBLE", "_SENTENCES")}
    try:
        put(owner)
        assert RefusalReason.IMPLAUSIBLE not in vars(conflicts)["_SENTENCES"]
        assert RefusalReason.CHECK_UNIT in vars(conflicts)["_SENTENCES"]
    finally:
        for name, one in before.items():
            setattr(conflicts, name, one)


def test_every_number_has_two_mutants() -> None:
    """Each constant is tried a step higher and a step lower."""
    found = {(n.table, n.after) for n in numbers() if n.key == "value"}
    assert {("PAIN_CEILING", "6"), ("PAIN_CEILING", "4"), ("START_FACTOR", "0.81"), ("START_FACTOR", "0.79")} <= found
    assert {table for table, _ in found} == set(BOOK.constants)


def test_judged_lines_exist() -> None:
    """A judgement names a line of the present source, and each has a reason."""
    for one in judgements():
        lines = [line.strip() for line in (ROOT / one.file).read_text(encoding="utf-8").splitlines()]
        assert one.line in lines, one
        assert one.changes, one
        assert one.why.endswith("."), one
