"""docs/red-flags.md: each red flag with what opens it, what is said, and the records that show it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from tests.docs.marks import table
from tests.docs.rules import URGENCIES, numbered, shipped, words
from tests.project.sources import ROOT

FOLDER = ROOT / "fixtures" / "red-flags"
HEAD = (
    "flag", "needs a person", "asked weekly", "the question", "data that open it", "what the draft says", "shown by",
)  # fmt: skip
INTRO = """# Red flags

What opens each of the 27, how fast it needs a person, and what the draft says. This page comes out of the rulebook
and of the records in [fixtures/red-flags](../fixtures/red-flags); `make docs` writes it again.

- **A question** of the safety screen, answered yes, opens its flag, whoever answers. The full screen is asked before
  the first dose, the weekly one holds the questions that are marked. An unanswered question is not a no: nothing
  rises, and {days} days after the last answered screen no target is given at all.
- **Data** open a flag by themselves, as the table says. They never close one. *New* is a diagnosis of less than {new}
  days, or since the programme began; what nobody dated counts as new while it is active. Only what EHR, devices and
  patients record can be seen: for everything else the question stays.
- **Where a row has two urgencies** the one in the table stands until the record says which applies; a finding can
  also be less urgent than the question, where its own condition is known.
- **It ends by a clinician's clearance** of that flag and nothing else: no time, no better value, no answer of no, no
  diagnosis that is set to resolved, and no record that is withdrawn after a run has seen it. A clearance closes what
  came up to its own moment. Earliest clearance: RF10 {rf10} hours after it opened ({infarction} where a heart attack
  is listed), RF15 {rf15}, RF17 {rf17}.
- **Emergency, same day and blocked** give D1: no dose of any exercise, in every phase. *Within two working days*
  alone gives D5: the dose stays. RF23 takes balance exercises away until it is cleared; RF26
  what bends or turns the trunk under load, also after that.
- **Before the first dose** a known disease of heart, vessels, metabolism or kidney needs a clinician's
  `exercise-clearance` ([what is read](inputs.md)), unless exercise on {active} days a week for {minutes} minutes is
  known. Without it: D5, no dose.

"""


def page() -> str:
    """The page as rulebook, words and fixtures have it."""
    book = shipped()[0]
    numbers = {
        "days": "EXPIRY_DAYS",
        "new": "DIAGNOSIS_NEW_DAYS",
        "rf10": "CLEAR_AFTER_RF10",
        "rf15": "CLEAR_AFTER_RF15",
        "rf17": "CLEAR_AFTER_RF17",
        "infarction": "CLEAR_AFTER_RF10_INFARCTION",
        "active": "ACTIVE_DAYS",
        "minutes": "ACTIVE_MINUTES",
    }
    intro = INTRO.format(**{place: numbered(f"{{{name}}}") for place, name in numbers.items()})
    opens = {row["flag"]: numbered(row["opens"]) for row in words()["flag"]}
    rows = (
        (
            one.name.upper(),
            URGENCIES[one.urgency.value],
            "yes" if one.short else "-",
            one.question,
            opens[one.name],
            one.action,
            shown(one.name),
        )
        for one in book.flags.values()
    )
    return intro + table(HEAD, rows)


def pairs() -> Mapping[str, Any]:
    """What each pair of records must come to."""
    found = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
    return {name: row for name, row in found.items() if name != "at"}


def shown(flag: str) -> str:
    """The records that trip it, each with the nearest that does not."""
    return "; ".join(
        f"[{name}](../fixtures/red-flags/{name}-trips.json), not by [{row['short']['nearest']}]"
        f"(../fixtures/red-flags/{name}-short.json)"
        for name, row in pairs().items()
        if name.startswith(flag)
    )
