"""The mutants of a module: every change to each function, class field and constant."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.operators import Change, changes
from tests.project.sources import ROOT

MODULE = "(module)"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one owner.

    `owner` is the function, class or assignment that holds it, `number` counts its changes. `digest` is of its source.
    """

    file: str
    function: str
    owner: ast.stmt
    change: Change
    number: int
    text: str
    digest: str

    @property
    def module(self) -> str:
        return self.file.removeprefix("service/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @property
    def key(self) -> str:
        """Stable while the source of the owner is unchanged."""
        return f"{self.file}:{self.function}:{self.digest}:{self.number}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of one file."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    file = path.relative_to(ROOT).as_posix()
    for function, owner in _owners(ast.parse(source)):
        digest = hashlib.sha256(ast.unparse(owner).encode()).hexdigest()[:12]
        for number, change in enumerate(changes(owner)):
            line = getattr(change.target, "lineno", owner.lineno)
            yield Mutant(file, function, owner, change, number, lines[line - 1].strip(), digest)


def defaults(owner: ast.FunctionDef) -> list[ast.expr]:
    """The default values of a function's arguments."""
    return [*owner.args.defaults, *(d for d in owner.args.kw_defaults if d is not None)]


def _owners(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _of_class(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield MODULE, node


def _of_class(node: ast.ClassDef) -> Iterator[tuple[str, ast.stmt]]:
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef):
            yield f"{node.name}.{inner.name}", inner
        elif isinstance(inner, ast.AnnAssign) and inner.value is not None:
            yield node.name, inner
