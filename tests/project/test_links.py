"""Every link between our own pages leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from tests.project.sources import files, shown

PAGES = tuple(path for path in files() if path.suffix == ".md")
_FENCED = re.compile(r"^```.*?^```", flags=re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_ANCHOR = re.compile(r'<a id="(?P<name>[\w-]+)"></a>')
_HEADING = re.compile(r"^#+ +(?P<text>.+?) *$", flags=re.MULTILINE)


def _prose(page: Path) -> str:
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    prose = _prose(page)
    words = (re.sub(r"[^\w\- ]", "", match["text"].lower()) for match in _HEADING.finditer(prose))
    return {word.replace(" ", "-") for word in words} | {match["name"] for match in _ANCHOR.finditer(prose)}


def _broken(page: Path) -> list[str]:
    broken = []
    for match in _LINK.finditer(_prose(page)):
        path, _, anchor = match["target"].partition("#")
        target = page.parent / path if path else page
        if re.match(r"[a-z]+:", path):
            continue
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            broken.append(match["target"])
    return broken


def test_links_resolve() -> None:
    """The file that a link names exists, and so does the heading or the explicit anchor."""
    assert {shown(page): broken for page in PAGES if (broken := _broken(page))} == {}
