"""The pipeline on the architecture page: the function itself, and every module that calls it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from tests.docs.marks import block, table
from tests.project.sources import ROOT
from titrate.app.pipeline import plan_patient

PACKAGE = ROOT / "service" / "titrate"


def pipeline() -> str:
    """The source of `plan_patient`."""
    return block(inspect.getsource(plan_patient), "python")


def callers() -> str:
    """Each function that calls `plan_patient`."""
    return table(("module", "function"), (row for path in sorted(PACKAGE.rglob("*.py")) for row in _calls(path)))


def _calls(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(_is_call(one) for one in ast.walk(node)):
            yield f"`{path.relative_to(ROOT)}`", f"`{node.name}`"


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == plan_patient.__name__
