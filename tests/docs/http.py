"""The problems of the HTTP service, for docs/api.md."""

from __future__ import annotations

from service.web.problems import KINDS
from tests.docs.marks import table


def problems() -> str:
    """Every problem with its status and its sentence."""
    rows = ((f"`{code}`", str(kind.status), kind.title) for code, kind in KINDS.items())
    return table(("code", "status", "what it says"), rows)
