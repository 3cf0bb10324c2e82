"""Conventions of the code that ruff, mypy and import-linter do not check: sizes, names, docstrings, patches."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.project.figures import patches
from tests.project.sources import ROOT, below, functions, imported, line_count, shown, tree

FUNCTION_LINES = 50
FILE_LINES = 300
# Names that do not describe any content.
VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "shared", "base"}

PYTHON_FILES = below("service", "tests")
SERVICE = below("service")
TESTS = below("tests")


def test_there_is_something_to_check() -> None:
    """The lists are not empty by mistake."""
    assert SERVICE
    assert Path(__file__) in TESTS


def test_functions_are_short() -> None:
    """No function is longer than fifty lines."""
    assert [span for path in PYTHON_FILES for span in functions(path) if span.lines > FUNCTION_LINES] == []


def test_files_are_short() -> None:
    """No file of the service is longer than 300 lines."""
    assert {shown(path): lines for path in SERVICE if (lines := line_count(path)) > FILE_LINES} == {}


def test_no_vague_names() -> None:
    """Files and folders are named after their content."""
    assert [shown(path) for path in PYTHON_FILES if VAGUE_NAMES & {path.stem, *path.relative_to(ROOT).parts}] == []


def test_fhir_models_are_those_of_r4b() -> None:
    """`fhir.resources` without a version means R5, which R4 servers do not take."""
    models = [name for path in SERVICE for name in imported(path) if name.startswith("fhir.resources")]
    assert [name for name in models if not name.startswith("fhir.resources.R4B")] == []


def test_tests_patch_nothing() -> None:
    """Tests use real servers and pass values in; none patches the code under test."""
    assert {shown(path): count for path in TESTS if (count := patches(path))} == {}


def test_every_test_has_a_docstring() -> None:
    """So has each test module."""
    silent = [shown(path) for path in TESTS if not ast.get_docstring(tree(path))]
    for path in TESTS:
        nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]
        tests = [node for node in nodes if node.name.startswith("test_")]
        silent += [f"{shown(path)}: {node.name}" for node in tests if not ast.get_docstring(node)]
    assert silent == []
