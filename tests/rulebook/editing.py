"""Copies of the rulebook with edited values, and files with a site's own numbers."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from titrate.rulebook import standard_folder


def copied(to: Path) -> Path:
    """A copy of the shipped rulebook."""
    return Path(shutil.copytree(standard_folder(), to))


def edited(folder: Path, file: str, name: str, key: str, value: str) -> None:
    """Replace the value of one key of one table; both must exist."""
    path = folder / file
    pattern = re.compile(rf"(^\[{re.escape(name)}\]$(?:\n(?!\[).*)*?\n{re.escape(key)} = ).*$", re.MULTILINE)
    text, count = pattern.subn(lambda match: match[1] + value, path.read_text(encoding="utf-8"), count=1)
    assert count == 1, (name, key)
    path.write_text(text, encoding="utf-8")


def replaced(folder: Path, file: str, before: str, after: str) -> None:
    """Replace the first occurrence of a text that must exist."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def override(name: str, value: str, **other: str) -> str:
    """One table of a site's file, without empty keys."""
    keys = {"value": value, "by": '"Head of physiotherapy"', "on": "2026-03-02", "why": '"Weekend reports"', **other}
    return f"[{name}]\n" + "".join(f"{key} = {text}\n" for key, text in keys.items() if text)


def site_file(folder: Path, *tables: str) -> Path:
    """A site's file with these tables."""
    path = folder / "site.toml"
    path.write_text("\n".join(tables), encoding="utf-8")
    return path
