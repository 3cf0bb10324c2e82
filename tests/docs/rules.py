"""The tables of docs/clinicians.md: texts from rules.toml, numbers from the mappings.

In the texts `{NAME}` stands for a constant of mappings/constants.toml, `{NAME%}` for the same as a percentage, and
`{NAME%-}` for what is left of the whole, as a percentage.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.docs.marks import table
from titrate.clinical.rules.decision_table import OUTCOMES
from titrate.clinical.values.code_lookup import CodeLookup
from titrate.clinical.values.rulebook import Rulebook
from titrate.rulebook import load_with_lookup

URGENCIES = {"E0": "emergency now", "E1": "the same day", "B": "blocked until cleared", "E2": "within two working days"}
_PLACE = re.compile(r"\{([A-Z0-9_]+)(%-?)?\}")
Rows = list[dict[str, str]]


@cache
def shipped() -> tuple[Rulebook, CodeLookup]:
    """The mappings that ship."""
    return load_with_lookup()


@cache
def words() -> Mapping[str, Rows]:
    """What rules.toml says."""
    found: dict[str, Any] = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
    return found


def numbered(text: str) -> str:
    """The text with its numbers; a constant that is not there is a KeyError."""
    return _PLACE.sub(lambda found: _number(found[1], found[2]), text)


def _number(name: str, form: str | None) -> str:
    value = shipped()[0].number(name)
    if form is None:
        return _plain(value)
    return f"{_plain((1 - value if form == '%-' else value) * 100)} %"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def decisions() -> str:
    """D0 to D12: when it matches, and what the draft says."""
    rows = (
        (row["rule"], _outcome(row["rule"]), numbered(row["when"]), numbered(row["then"])) for row in words()["rule"]
    )
    return table(("rule", "outcome", "when", "then the draft says"), rows)


def _outcome(rule: str) -> str:
    return f"`{OUTCOMES[rule].value}`" if rule in OUTCOMES else "added: `CLINICIAN_REVIEW`"


def gates() -> str:
    """G1 to G14: what each asks."""
    rows = ((row["gate"], shipped()[0].names[row["gate"]], numbered(row["asks"])) for row in words()["gate"])
    return table(("gate", "in short", "what it asks"), rows)


def marks() -> str:
    """Marks that a draft can have beside its rule."""
    rows = ((_marked(row["mark"]), numbered(row["when"]), row["then"]) for row in words()["mark"])
    return table(("mark", "when", "what it means"), rows)


def _marked(mark: str) -> str:
    return f"`{mark}`" if mark.isupper() else mark


def sessions() -> str:
    """Session classes T, M, X and N with their conditions."""
    return table(
        ("class", "means", "when"), ((row["class"], row["means"], numbered(row["when"])) for row in words()["session"])
    )


def limits() -> str:
    """Default limits, and the range that a clinician may choose from."""
    book = shipped()[0]
    names = (("PAIN_CEILING", "pain during or right after a session, 0-10"), ("RPE_CAP", "exertion, CR10, 0-10"))
    chosen = ((what, book.constants[name]) for name, what in names)
    rows = (
        (what, _plain(one.value), f"{one.low} to {one.high}", f"{one.source} ({one.grade})") for what, one in chosen
    )
    return table(("limit", "without a clinician's choice", "to choose from", "source and grade"), rows)


def red_flags() -> str:
    """Each red flag with its urgency and the text of the draft."""
    rows = (
        (one.name.upper(), URGENCIES[one.urgency.value], "yes" if one.short else "-", one.action)
        for one in shipped()[0].flags.values()
    )
    return table(("flag", "needs a person", "asked weekly", "what the draft says"), rows)


def forms() -> str:
    """The items of each form."""
    book, lookup = shipped()
    rows = [(row["form"], row["when"], _items(book, lookup, row["form"])) for row in words()["form"]]
    return table(("form", "when", "what is asked"), rows)


def _items(book: Rulebook, lookup: CodeLookup, form: str) -> str:
    names = list(lookup.forms[form].values())
    if all(name in book.flags for name in names):
        return f"{len(names)} red-flag questions, each yes or no"
    return "; ".join(book.measures[name].display for name in names if name in book.measures)
