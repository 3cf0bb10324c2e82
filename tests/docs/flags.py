"""docs/red-flags.md: each red flag with its question, the data that open it, its text and its example records."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from tests.docs.marks import table
from tests.docs.rules import URGENCIES, numbered, shipped, words
from tests.project.sources import ROOT

FOLDER = ROOT / "fixtures" / "red-flags"
HEAD = (
    "flag", "urgency", "asked weekly", "the question", "data that open it", "what the draft says", "shown by",
)  # fmt: skip
INTRO = """# Red flags

What opens each of the 27 red flags, how urgent it is, and the text of the draft. The page is generated from the
rulebook and the records in [fixtures/red-flags](../fixtures/red-flags); `make docs` regenerates it.

- **A question** of the safety screen opens its flag when it is answered yes, by the patient or a clinician. Patients
  answer the full screen before the first dose and the marked questions every week. An unanswered question is not a no:
  no dose rises, and {days} days after the last complete screen the plan has no dose.
- **Data** open a flag as the table says, and never close one. A diagnosis is *new* when it is less than {new} days old
  or began after the programme; an undated, active diagnosis is new. The service sees only what the EHR, devices and
  patients record, so the questions remain necessary.
- **Two urgencies in a row:** the one in the table applies until the record shows which condition is met. A finding can
  be less urgent than the question when its condition is known.
- **Only a clinician's clearance closes a flag:** not time, a better value, an answer of no, a resolved diagnosis, or a
  record withdrawn after a run has read it. A clearance covers findings up to its own time. Earliest clearance:
  RF10 {rf10} hours after it opened ({infarction} for a heart attack), RF15 {rf15} hours, RF17 {rf17} hours.
- **Emergency, same day and blocked** lead to D1: no dose of any exercise, in every phase. *Within two working days*
  alone leads to D5: the dose stays. RF23 removes balance exercises until it is cleared. RF26 excludes exercises that
  bend or turn the trunk under load, also after clearance.
- **Before the first dose,** a known disease of heart, vessels, metabolism or kidney needs a clinician's
  `exercise-clearance` ([inputs](inputs.md)), unless the record shows exercise on {active} days a week for {minutes}
  minutes. Without it: D5, no dose.

"""


def page() -> str:
    """The page from rulebook, rules.toml and fixtures."""
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
    """The expected result of each pair of records."""
    found = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
    return {name: row for name, row in found.items() if name != "at"}


def shown(flag: str) -> str:
    """Links to the records that open the flag, each with the nearest record that does not."""
    return "; ".join(
        f"[{name}](../fixtures/red-flags/{name}-trips.json), not by [{row['short']['nearest']}]"
        f"(../fixtures/red-flags/{name}-short.json)"
        for name, row in pairs().items()
        if name.startswith(flag)
    )
