"""The hazard log: every hazard has a control, and every control has code and a test that asserts something."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from tests.docs.rulebook_tables import filled
from tests.project.sources import ROOT, Function, tree
from tests.rulebook.editing import copied, replaced
from titrate.clinical.rules.decision_table import TABLE
from titrate.clinical.rules.gates.gate_table import GATES
from titrate.rulebook import InvalidMappings, check, load, read_mappings, standard_folder
from titrate.rulebook.hazards import Hazard, read_hazards

LOG = read_hazards()
PLACES = sorted({place for hazard in LOG for control in hazard.controls for place in control.code})
TESTS = sorted({test for hazard in LOG for control in hazard.controls for test in control.tests})
# The names of functions that hold the assertions of several tests.
CHECKING = ("pytest.raises", "pytest.warns", "pytest.fail")


def test_the_log_contains_the_hazards_of_the_clinical_rules() -> None:
    """H01 to H18, and hazards found later, numbered without a gap."""
    assert [hazard.name for hazard in LOG] == [f"H{number:02}" for number in range(1, len(LOG) + 1)]
    assert len(LOG) > 18


@pytest.mark.parametrize("hazard", LOG, ids=lambda hazard: hazard.name)
def test_every_hazard_names_a_control_with_code_and_test(hazard: Hazard) -> None:
    """No control is without code or without a test."""
    assert hazard.controls
    assert all(control.what and control.code and control.tests for control in hazard.controls)


@pytest.mark.parametrize("place", PLACES)
def test_the_code_of_every_control_exists(place: str) -> None:
    """`module:name`, where the module of the service defines the name."""
    module, _, name = place.partition(":")
    assert module.startswith("titrate.")
    assert name in vars(importlib.import_module(module))


@pytest.mark.parametrize("test", TESTS)
def test_every_test_exists_and_asserts_something(test: str) -> None:
    """`file::test` exists, is not skipped or expected to fail, and has a real assertion."""
    assert problem_of(test) is None


def problem_of(test: str) -> str | None:
    """The problem of a test that the log names; None if it is valid."""
    file, _, name = test.partition("::")
    path = ROOT / file
    if not path.is_file() or not path.name.startswith("test_"):
        return "the file is gone, or no file of tests"
    found = [n for n in tree(path).body if isinstance(n, Function) and n.name == name]
    if len(found) != 1 or not name.startswith("test_"):
        return "the test is gone, renamed, or there twice"
    if any("skip" in ast.unparse(mark) or "xfail" in ast.unparse(mark) for mark in found[0].decorator_list):
        return "the test is skipped or expected to fail"
    return None if _asserts(found[0], _functions(path), set()) else "the test asserts nothing"


def _functions(path: Path) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {node.name: node for node in tree(path).body if isinstance(node, Function)}


def _asserts(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    others: dict[str, ast.FunctionDef | ast.AsyncFunctionDef],
    seen: set[str],
) -> bool:
    """Whether a function, or a function of its file that it calls, asserts something."""
    inside = list(ast.walk(node))
    if any(isinstance(one, ast.Assert) and not isinstance(one.test, ast.Constant) for one in inside):
        return True
    called = {ast.unparse(one.func) for one in inside if isinstance(one, ast.Call)}
    if called & set(CHECKING):
        return True
    near = [name for name in called if name in others and name not in seen]
    return any(_asserts(others[name], others, seen | {name}) for name in near)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("def test_it():\n    assert 1 + 1 == 2\n", None),
        ("def test_it():\n    check()\n\n\ndef check():\n    assert len('x') == 1\n", None),
        ("import pytest\n\n\ndef test_it():\n    with pytest.raises(ValueError):\n        int('x')\n", None),
        ("def test_it():\n    print('done')\n", "asserts nothing"),
        ("def test_it():\n    assert True\n", "asserts nothing"),
        ("def test_it():\n    check()\n\n\ndef check():\n    pass\n", "asserts nothing"),
        ("def test_other():\n    assert len('x') == 1\n", "gone"),
        ("def test_it():\n    assert len('x') == 1\n\n\ndef test_it():\n    pass\n", "twice"),
        ("import pytest\n\n\n@pytest.mark.skip\ndef test_it():\n    assert len('x') == 1\n", "skipped"),
        ("import pytest\n\n\n@pytest.mark.xfail\ndef test_it():\n    assert len('x') == 1\n", "expected to fail"),
    ],
)
def test_the_check_finds_invalid_tests(body: str, problem: str | None, tmp_path: Path) -> None:
    """Missing, renamed, duplicate, skipped, empty, or asserting a constant."""
    path = tmp_path / "test_made.py"
    path.write_text(body, encoding="utf-8")
    found = problem_of(f"{path}::test_it")
    assert found is None if problem is None else problem in str(found)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('likelihood = "low", score = 4 }', 'likelihood = "low", score = 3 }', "H01.initial.score"),
        ("catastrophic = [3, 4, 4, 5, 5]", "catastrophic = [3, 3, 4, 5, 5]", "H01.initial.score"),
        ("catastrophic = [3, 4, 4, 5, 5]\n", "", "H01.initial.score"),
        ('severity = "catastrophic"', 'severity = "grave"', "H01.initial.severity"),
        ('why = "Software cannot', 'whether = "Software cannot', "H01.whether"),
        ('status = "controlled"', 'status = "fine"', "H01.status"),
        ("[[H06.controls]]", "[[H06.wishes]]", "H06.controls"),
        ('title = "Old data drive an increase"', 'title = ""', "H06.title"),
    ],
)
def test_a_problem_in_the_log_is_reported(before: str, after: str, key: str, tmp_path: Path) -> None:
    """A wrong score, word, key, or a hazard without a control."""
    folder = copied(tmp_path / "m")
    replaced(folder, "hazards.toml", before, after)
    with pytest.raises(InvalidMappings) as caught:
        read_hazards(folder)
    assert key in [problem.key for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("residual", "key"),
    [
        ('{ severity = "catastrophic", likelihood = "low", score = 4 }', "H02.status"),
        ('{ severity = "catastrophic", likelihood = "high", score = 5 }', "H02.residual"),
    ],
)
def test_an_unacceptable_risk_is_reported(residual: str, key: str, tmp_path: Path) -> None:
    """The residual risk is not acceptable, or greater than the initial risk."""
    folder = copied(tmp_path / "m")
    text = (folder / "hazards.toml").read_text(encoding="utf-8")
    head, tail = text.split("[H02]\n")
    line = next(one for one in tail.splitlines() if one.startswith("residual = "))
    (folder / "hazards.toml").write_text(f"{head}[H02]\n{tail.replace(line, f'residual = {residual}', 1)}", "utf-8")
    with pytest.raises(InvalidMappings) as caught:
        read_hazards(folder)
    assert key in [problem.key for problem in caught.value.problems]


def test_an_undesirable_risk_needs_its_reason(tmp_path: Path) -> None:
    """A score of 3 needs a justification."""
    folder = copied(tmp_path / "m")
    reason = next(hazard.why for hazard in LOG if hazard.name == "H01")
    replaced(folder, "hazards.toml", f'why = "{reason}"\n', "")
    with pytest.raises(InvalidMappings, match=r"H01\.why"):
        read_hazards(folder)


def test_the_log_is_not_a_rule(tmp_path: Path) -> None:
    """It is not part of the digest, so that a renamed test does not change a plan's bytes."""
    folder = copied(tmp_path / "m")
    (folder / "hazards.toml").unlink()
    assert check(folder) == ()
    assert read_mappings(folder).digest == read_mappings().digest


def test_short_names_are_no_rule(tmp_path: Path) -> None:
    """Another name changes no digest, and a folder without the file has the shipped names."""
    folder = copied(tmp_path / "m")
    replaced(folder, "names.toml", 'G10 = "good form"', 'G10 = "form"')
    named = load(folder)
    assert (named.names["G10"], named.digest) == ("form", load().digest)
    (folder / "names.toml").unlink()
    assert check(folder) == ()
    assert load(folder).names == load().names


def test_every_rule_gate_and_flag_has_a_short_name() -> None:
    """No id is shown without its name."""
    rules = {function.__name__.upper() for function in TABLE} | {"D0", "D11", "D12"}
    assert {*rules, *GATES, *(name.upper() for name in load().flags)} <= set(load().names)


@pytest.mark.parametrize(
    ("file", "before"),
    [
        ("programmes/general.toml", 'education = ["'),
        ("exercises.toml", 'instruction = "'),
        ("red-flags.toml", 'action = "'),
    ],
)
def test_a_text_that_reassures_is_refused(file: str, before: str, tmp_path: Path) -> None:
    """H18: a text with such a phrase cannot be loaded, and the problem names the phrase and its key."""
    folder = copied(tmp_path / "m")
    text = (folder / file).read_text(encoding="utf-8").replace('education = [\n  "', 'education = ["', 1)
    (folder / file).write_text(text, encoding="utf-8")
    replaced(folder, file, before, f"{before}Don’t worry, this pain is harmless. ")
    messages = [str(problem.message) for problem in check(folder) if problem.file == file]
    assert [message.split('"')[1] for message in messages] == ["don't worry", "harmless"]


def test_a_programme_that_does_not_say_when_to_stop_is_refused(tmp_path: Path) -> None:
    """H18: every plan contains the safety net."""
    folder = copied(tmp_path / "m")
    path = folder / "programmes" / "general.toml"
    head, _, rest = path.read_text(encoding="utf-8").partition("\nstop = [")
    path.write_text(f"{head}\nstop = []{rest.partition(']')[2]}", encoding="utf-8")
    assert [problem.key for problem in check(folder)] == ["stop"]


def test_the_page_shows_the_log_as_it_is() -> None:
    """docs/rulebook.md is generated from the mappings: `python -m tests.docs.rulebook_tables docs/rulebook.md`."""
    page = (ROOT / "docs" / "rulebook.md").read_text(encoding="utf-8")
    assert filled(page, read_mappings().tables, LOG) == page
    assert page.count("<!-- end -->") == 3
    assert all(f"| {hazard.name} | {hazard.title} |" in page for hazard in LOG)
    assert (standard_folder() / "CHANGES.md").is_file()
