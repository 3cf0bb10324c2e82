"""Writes the table of settings into docs/operators.md: `python -m tests.docs.settings_table`."""

from __future__ import annotations

import re

from tests.project.sources import ROOT
from titrate.settings.display import table

PAGE = ROOT / "docs" / "operators.md"
BETWEEN = re.compile(r"(<!-- settings: [^\n]*-->\n).*?(<!-- end of settings -->)", flags=re.DOTALL)


def with_table(text: str) -> str:
    """The page with the table as the code has it."""
    return BETWEEN.sub(lambda found: f"{found[1]}\n{table()}\n\n{found[2]}", text)


def main() -> None:
    """Write the page."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
