"""The tracked files of this project and the functions in them, for the checks of the repository."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_GENERATED_FOLDERS = {".venv", "build", "dist", "target", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Span:
    """A function and how many lines it takes, decorators left out."""

    place: str
    name: str
    lines: int


@cache
def files() -> tuple[Path, ...]:
    """Every file that Git tracks or would add; without Git, every file outside the folders that tools generate."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not _GENERATED_FOLDERS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def below(*folders: str, suffix: str = ".py") -> tuple[Path, ...]:
    """The files of these top-level folders that end in `suffix`."""
    return tuple(path for path in files() if path.relative_to(ROOT).parts[0] in folders and path.suffix == suffix)


def shown(path: Path) -> str:
    """The path relative to the repository."""
    return path.relative_to(ROOT).as_posix()


def line_count(path: Path) -> int:
    """Lines of a text file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[Span]:
    """All functions and methods of a Python file; length is last line minus first plus one."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function) and node.end_lineno is not None:
            yield Span(f"{shown(path)}:{node.lineno}", node.name, node.end_lineno - node.lineno + 1)


def imported(path: Path) -> Iterator[str]:
    """The full names that a Python file imports, at any level."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(path: Path) -> Iterator[str]:
    """What a Python file calls or decorates with, as written in the source (`monkeypatch.setattr`)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
        elif isinstance(node, Function):
            yield from (ast.unparse(one) for one in node.decorator_list if not isinstance(one, ast.Call))


@cache
def tree(path: Path) -> ast.Module:
    """The parsed text of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
