"""Plain professional English: banned words, unique class names, and modules named by a noun (language.toml)."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.project.sources import ROOT, below, files, shown, tree

CONTENT: dict[str, Any] = tomllib.loads((ROOT / "tests" / "project" / "language.toml").read_text(encoding="utf-8"))
SOURCE = below("service")
TESTS = tuple(path for path in below("tests") if path != Path(__file__))  # this file quotes the words
NOT_PROSE = ("language.toml", "CODE_OF_CONDUCT.md", "survivors.toml", "CHANGES.md", "CHANGELOG.md")
PAGES = tuple(path for path in files() if path.suffix in (".md", ".toml") and path.name not in NOT_PROSE)
# Module names that end in -ing and are nouns of the field.
NOUNS = {"activity_pacing", "code_mapping", "reading", "worsening"}
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_AROUND = 40


@dataclass(frozen=True)
class Rule:
    """One row of language.toml."""

    words: tuple[str, ...]
    instead: str
    except_in: tuple[str, ...] = ()
    files: tuple[str, ...] = field(default=())

    @classmethod
    def read(cls, row: dict[str, Any]) -> Rule:
        """The row; the reasons of its files are for readers of language.toml."""
        allowed = tuple(one["path"] for one in row.get("files", ()) if one["reason"])
        return cls(tuple(row["words"]), row["instead"], tuple(row.get("except_in", ())), allowed)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any of the words as a whole word, at the start of a sentence too; `None` of Python does not match `none`."""
        words = "|".join(f"[{word[0]}{word[0].upper()}]{re.escape(word[1:])}" for word in self.words)
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])".replace(r"\ ", r"\s+"))

    def allows(self, path: str) -> bool:
        """Whether the words are terms in this file."""
        return any(fnmatchcase(path, pattern) for pattern in self.files)

    def in_text(self, path: str, text: str) -> Iterator[str]:
        """Each match in a text outside the phrases that may hold it."""
        for match in () if self.allows(path) else self.pattern.finditer(text):
            around = " ".join(text[max(0, match.start() - _AROUND) : match.end() + _AROUND].split())
            if not any(phrase in around for phrase in self.except_in):
                line = text.count("\n", 0, match.start()) + 1
                yield f"{path}:{line}: {' '.join(match[0].split())!r}: write {self.instead}"

    def in_names(self, path: str, module: ast.Module) -> Iterator[str]:
        """Each name that contains one of the words."""
        for line, name in () if self.allows(path) else names_in(module):
            if not {part.lower() for part in _PART.findall(name)}.isdisjoint(self.words):
                yield f"{path}:{line}: {name}: use {self.instead}"


NAMES = tuple(Rule.read(row) for row in CONTENT["identifiers"])
PROSE = tuple(Rule.read(row) for row in CONTENT["prose"])


def prose_of(path: Path) -> str:
    """The comments and strings of a Python file on their own lines, code left out; other files as they are."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    kept: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _TEXT:
            kept.extend([""] * (token.start[0] - len(kept) - 1))
            first, *rest = token.string.splitlines() or [""]
            if len(kept) == token.start[0]:
                kept[-1] += f" {first}"
            else:
                kept.append(first)
            kept.extend(rest)
    return "\n".join(kept)


_TEXT = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def names_in(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Names that a module defines: functions, classes, arguments, variables, fields."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def name_findings() -> Iterator[str]:
    """Every identifier that contains a banned word."""
    for path in (*SOURCE, *TESTS):
        for rule in NAMES:
            yield from rule.in_names(shown(path), tree(path))


def prose_findings(paths: Iterable[Path]) -> Iterator[str]:
    """Every banned phrase in the texts of these files."""
    for path in paths:
        text = prose_of(path)
        for rule in PROSE:
            yield from rule.in_text(shown(path), text)


def test_identifiers_use_terms_of_the_field() -> None:
    """No name contains a banned word."""
    assert list(name_findings()) == []


def test_docstrings_and_messages_are_plain_english() -> None:
    """Docstrings, comments, messages and tests contain no banned phrase."""
    assert list(prose_findings((*SOURCE, *TESTS))) == []


def test_pages_are_plain_english() -> None:
    """Pages, and the texts and comments of TOML files, contain no banned phrase."""
    assert list(prose_findings(PAGES)) == []


def test_a_phrase_is_found() -> None:
    """A finding has the place and the better word; a phrase across two lines is found, Python's `None` is not."""
    (found,) = prose_like("One\ncorridor for all. It is None.")
    assert found == "page.md:2: 'corridor': write pipeline, package, layer, entry point, project, pool"
    assert [one.split(": ")[1] for one in prose_like("It is\nnone. Nobody.")] == ["'is none'", "'Nobody'"]
    assert list(prose_like("Pain around the house; `wanted-standing`.")) == []


def prose_like(text: str) -> Iterator[str]:
    """The findings of a text on a page."""
    for rule in PROSE:
        yield from rule.in_text("page.md", text)


def test_class_names_are_unique() -> None:
    """No two public classes of the service have the same name."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in SOURCE:
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(shown(path))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_module_names_are_distinct_nouns() -> None:
    """No module name is a gerund, and no two modules of a package differ by a plural only."""
    stems: dict[Path, list[str]] = defaultdict(list)
    for path in SOURCE:
        if path.stem not in ("__init__", "__main__"):
            stems[path.parent].append(path.stem)
    gerunds = {stem for found in stems.values() for stem in found if stem.endswith("ing") and stem not in NOUNS}
    assert gerunds == set()
    plurals = {shown(folder): [stem for stem in found if f"{stem}s" in found] for folder, found in stems.items()}
    assert {folder: found for folder, found in plurals.items() if found} == {}
