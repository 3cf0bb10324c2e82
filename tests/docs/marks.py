"""Generated parts of a page: the text between `<!-- output: name -->` or `<!-- table: name -->` and `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_MARK = re.compile(r"(<!-- (?:output|table): ([a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with its generated parts replaced; a mark without a part is a KeyError."""
    return _MARK.sub(lambda mark: mark[1] + parts[mark[2]] + mark[3], page)


def marked(page: str) -> list[str]:
    """The names of the generated parts of a page, in order."""
    return [mark[2] for mark in _MARK.finditer(page)]


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; a bar inside a cell becomes a slash."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def block(text: str, language: str = "text") -> str:
    """A fenced block."""
    return f"```{language}\n{text.rstrip()}\n```\n"
