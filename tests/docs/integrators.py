"""The made tables of docs/integrators.md: the output of --json by its schema, and the effects of wrong input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.cli import wrong
from tests.docs.marks import table
from tests.project.sources import ROOT

SCHEMA = ROOT / "docs" / "schema" / "plan.schema.json"


def printed() -> str:
    """Each key of the printed object, what it holds, and the keys inside it."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    rows = (
        (f"`{key}`", one.get("description", "-"), _inside(schema, one)) for key, one in schema["properties"].items()
    )
    return table(("key", "what", "inside"), rows)


def _inside(schema: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """The keys of an object, or of each object of a list."""
    found = _resolved(schema, one)
    items = _resolved(schema, found.get("items", {}))
    listed = "each: " if items.get("properties") else ""
    keys = (found.get("properties") or items.get("properties") or {}).keys()
    return listed + ", ".join(f"`{key}`" for key in keys) if keys else "-"


def _resolved(schema: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = one.get("$ref")
    found: Mapping[str, Any] = schema["$defs"][reference.rpartition("/")[2]] if reference else one
    return found


def failures() -> str:
    """The table that tests/cli/wrong.py keeps."""
    return "\n".join(wrong.table()) + "\n"
