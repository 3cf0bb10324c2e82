"""Writes docs/capabilities.md from capabilities.toml: `python -m tests.docs.capabilities`."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.cli.running import moment
from tests.project.sources import ROOT

PAGE = ROOT / "docs" / "capabilities.md"
ROWS: Mapping[str, Mapping[str, Any]] = tomllib.loads((ROOT / "tests/docs/capabilities.toml").read_text("utf-8"))
HEAD = ("id", "capability", "status", "code", "fixture", "command", "note")
NONE = "none yet"
STATUSES = ("there", "partly")
# The command and options of each verb of a row.
VERBS = {"plan": ("plan", ("--explain",)), "sheet": ("sheet", ()), "chart": ("plan", ("--chart", "-"))}
INTRO = """# Capabilities

The capabilities C01 to C50 of the clinical rules, with the code and a command that demonstrates each. The commands
print the plan as a clinician reads it, the patient's sheet, or a chart. For *partly*, the note names what is missing.
"""


def command(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments of `titrate` that demonstrate a capability; empty without a fixture."""
    if "fixture" not in row:
        return ()
    bundle = f"fixtures/patients/{row['fixture']}/bundle.json"
    at = moment(row["fixture"])
    verb, options = VERBS[row.get("verb", "plan")]
    return (verb, "--bundle", bundle, "--at", at, *options)


def cells(name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """One row of the table."""
    code = ", ".join(f"[{file.rpartition('/')[2]}](../{file})" for file in row["code"])
    fixture = f"[{row['fixture']}](../fixtures/patients/{row['fixture']}/story.md)" if "fixture" in row else NONE
    setting = f"TITRATE_PROGRAMME={row['programme']} " if "programme" in row else ""
    shown = f"`{setting}./run titrate {' '.join(command(row))}`: {row['shows']}" if "fixture" in row else NONE
    return (name, row["name"], row["status"], code or NONE, fixture, shown, row["note"])


def page() -> str:
    """The page generated from the rows."""
    lines = [HEAD, tuple("---" for _ in HEAD), *(cells(name, row) for name, row in ROWS.items())]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    counted = Counter(row["status"] for row in ROWS.values())
    sums = ", ".join(f"{counted[status]} {status}" for status in STATUSES)
    return f"{INTRO}\nOf {len(ROWS)}: {sums}.\n\n{table}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
