"""The tables of docs/reference/clinical-rules.md that come from data: red flags, hazards and capabilities."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from tests.docs.capabilities import ROWS
from tests.docs.marks import table
from tests.docs.rules import URGENCIES, shipped
from tests.project.sources import ROOT

NAMES: Mapping[str, Mapping[str, str]] = tomllib.loads((ROOT / "mappings" / "names.toml").read_text("utf-8"))
_HAZARDS = ROOT / "mappings" / "hazards.toml"


def anchored(identifier: str, name: str) -> str:
    """A cell with the anchor of an identifier, the identifier and its short name."""
    return f'<a id="{identifier.lower()}"></a>{identifier}, {name}'


def flags() -> str:
    """Each red flag with its urgency and the text that a clinician reads."""
    rows = (
        (anchored(name.upper(), NAMES["flags"][name.upper()]), URGENCIES[flag.urgency.value], flag.action)
        for name, flag in sorted(shipped()[0].flags.items())
    )
    return table(("flag", "needs a clinician", "what the draft says"), rows)


def hazards() -> str:
    """Each hazard of the log with the harm and how far it is controlled."""
    log: Mapping[str, Any] = tomllib.loads(_HAZARDS.read_text("utf-8"))
    rows = ((anchored(name, one["title"]), one["harm"], one["status"]) for name, one in log.items() if name != "matrix")
    return table(("hazard", "harm", "status"), rows)


def capabilities() -> str:
    """Each capability with what it does."""
    # The notes link to pages of docs/, one folder up from here.
    notes = {name: row["note"].replace("](", "](../") for name, row in ROWS.items()}
    rows = ((anchored(name, row["name"]), row["status"], notes[name]) for name, row in ROWS.items())
    return table(("capability", "status", "what it does"), rows)
