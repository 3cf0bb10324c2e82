"""The problems of the HTTP service, for docs/api.md."""

from __future__ import annotations

from tests.docs.marks import table
from titrate.web.errors import KINDS


def problems() -> str:
    """Every problem with its status and its sentence."""
    rows = ((f"`{code}`", str(kind.status), kind.title) for code, kind in KINDS.items())
    return table(("code", "status", "what it says"), rows)
