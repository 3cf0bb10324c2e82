"""The judged exceptions of the fuzzer: broken records that may give a higher dose than the whole record."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.fuzz.cases import Finding

JUDGED = tomllib.loads(Path(__file__).with_name("judged.toml").read_text(encoding="utf-8"))["judged"]


def judged(finding: Finding) -> bool:
    """Whether an exception with a reason covers the finding."""
    return finding.problem == "raised" and any(
        finding.mutation in row["mutations"]
        and finding.resource_type in row["types"]
        and finding.element.startswith(tuple(row["elements"]))
        and finding.code in row.get("codes", [finding.code])
        and finding.detail in row.get("rules", [finding.detail])
        for row in JUDGED
    )
