"""The table of HTTP problems in docs/api.md."""

from __future__ import annotations

from tests.docs.marks import table
from titrate.web.errors import ProblemType


def problems() -> str:
    """Every problem with its code, status and title."""
    rows = ((f"`{problem.code}`", str(problem.status), problem.title) for problem in ProblemType)
    return table(("code", "status", "title"), rows)
