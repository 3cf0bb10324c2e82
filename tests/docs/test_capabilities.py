"""The table of capabilities is complete, and every command prints the text of its row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from tests.cli.running import titrate
from tests.docs.capabilities import NONE, PAGE, ROWS, STATUSES, cells, command, page
from tests.project.sources import ROOT

SHOWN = [pytest.param(row, id=name) for name, row in ROWS.items() if "fixture" in row]


@cache
def printed(words: tuple[str, ...], programme: str) -> str:
    """What a command prints, with runs of blanks as one."""
    done = titrate(words[0], words[1], str(ROOT / words[2]), *words[3:], programme=programme)
    assert done.code == 0, done.err
    return " ".join(done.out.split())


def test_the_page_is_as_its_rows_say() -> None:
    """`python -m tests.docs.capabilities` makes it."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_all_fifty_are_there() -> None:
    """C01 to C50, each once and in order."""
    assert list(ROWS) == [f"C{number:02}" for number in range(1, 51)]


@pytest.mark.parametrize("name", ROWS)
def test_no_cell_is_empty(name: str) -> None:
    """Each cell has content other than `none yet`, and the status is a known word."""
    found = cells(name, ROWS[name])
    assert [cell for cell in found if not cell.strip() or cell == NONE] == []
    assert ROWS[name]["status"] in STATUSES


@pytest.mark.parametrize("name", ROWS)
def test_files_of_a_row_exist(name: str) -> None:
    """A moved file needs a change of its row."""
    assert [file for file in ROWS[name]["code"] if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize("row", SHOWN)
def test_the_command_shows_what_the_row_says(row: Mapping[str, Any]) -> None:
    """The output contains the text of the row."""
    assert row["shows"] in printed(command(row), row.get("programme", "general"))
