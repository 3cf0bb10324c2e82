"""Writes the table of problems into docs/api.md: `python -m tests.docs.problems_table`."""

from __future__ import annotations

import re

from service.web.problems import KINDS
from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "api.md"
BETWEEN = re.compile(
    r"\| code \| status \| what it says \|\n\|---\|---\|---\|\n.*?(<!-- end of problems -->)", flags=re.DOTALL
)


def with_table(text: str) -> str:
    """The page with the table as the code has it."""
    rows = "\n".join(f"| `{code}` | {kind.status} | {kind.title} |" for code, kind in KINDS.items())
    return BETWEEN.sub(lambda found: f"| code | status | what it says |\n|---|---|---|\n{rows}\n\n{found[1]}", text)


def main() -> None:
    """Write the page."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
