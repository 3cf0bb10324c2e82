"""What no single table can tell: one meaning for each code, and names that exist where they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from titrate.clinical.values.quantity import convertible
from titrate.clinical.values.rulebook import Kind
from titrate.rulebook.banned_phrases import wording_problems
from titrate.rulebook.code_systems import fault, full
from titrate.rulebook.guidance_checks import guidance_checks
from titrate.rulebook.intake_checks import intake_problems
from titrate.rulebook.number_checks import out_of_order
from titrate.rulebook.parse import ParsedFiles
from titrate.rulebook.problems import Problem

_FLAG = re.compile(r"rf(0[1-9]|1\d|2[0-7])")
_FLAGS = frozenset(f"rf{number:02}" for number in range(1, 28))
_FORMS = (
    "daily-check-in", "session-check-in", "tolerance-trial", "intake-profile", "goals", "tasks", "teach-back",
)  # fmt: skip


def cross_checks(drafts: ParsedFiles, canonical: str) -> Iterator[Problem]:
    """Every problem between tables and files."""
    for name, message in out_of_order(drafts.rows("constants.toml")):
        yield Problem("constants.toml", name, message)
    yield from _measures(drafts.rows("measures.toml"))
    for name in sorted(drafts.rows("constants.toml").keys() & drafts.rows("outcomes.toml").keys()):
        yield Problem("outcomes.toml", name, "constants.toml has a number of this name: give this one another")
    yield from _codes(drafts, canonical)
    yield from _flags(drafts.rows("red-flags.toml"))
    yield from _answers(drafts.wholes.get("answers.toml", {}), canonical)
    for row, table in drafts.rows("conditions.toml").items():
        for index, code in enumerate(table.get("snomed", [])):
            yield from _fault("conditions.toml", f"{row}.snomed[{index}]", "snomed", code)
    for file, programme in drafts.programmes.items():
        yield from _programme(file, programme, drafts)
    yield from intake_problems(drafts)
    yield from guidance_checks(drafts)
    yield from wording_problems(drafts)


def namespace(measure: str) -> str:
    """What a measure's codes are parts of: the name before the dot, or nothing."""
    return measure.partition(".")[0] if "." in measure else ""


def _measures(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    file = "measures.toml"
    for name, row in rows.items():
        if row["kind"] is Kind.CODE and not row.get("options") and not name.endswith("exercise"):
            yield Problem(file, f"{name}.options", "A code needs its possible answers")
        if row["kind"] is Kind.NUMBER and "unit" not in row and not _by_amount(name):
            yield Problem(file, f"{name}.unit", "A number needs a unit")
        for index, unit in enumerate(row["units"]):
            if "unit" in row and not convertible(unit, row["unit"]):
                message = f"{unit} does not convert to {row['unit']}: take one of the two out"
                yield Problem(file, f"{name}.units[{index}]", message)
        for key in ("outside", "during"):
            if key in row and row[key] not in rows:
                yield Problem(file, f"{name}.{key}", f"There is no measure {row[key]}: add it or correct the name")
        for form in row["form"]:
            if form not in _FORMS:
                yield Problem(file, f"{name}.form.{form}", f"No such questionnaire: use one of {', '.join(_FORMS)}")


def _by_amount(name: str) -> bool:
    return name in {"session.prescribed", "session.done", "trial.done", "dose-limit.amount", "factor.threshold"}


def _codes(drafts: ParsedFiles, canonical: str) -> Iterator[Problem]:
    """Each code of measures and exercises: known system, right digits, one meaning."""
    for file in ("measures.toml", "exercises.toml"):
        taken: dict[tuple[str, str | None, str], str] = {}
        for name, row in drafts.rows(file).items():
            for index, coding in enumerate(row["codes"]):
                key = f"{name}.codes[{index}]"
                system, code = coding["system"], coding["code"]
                uri = full(system, canonical)
                if uri is None:
                    yield Problem(file, f"{key}.system", "Unknown code system: use a short name or an address")
                yield from _fault(file, f"{key}.code", system, code)
                space = namespace(name) if file == "measures.toml" else ""
                other = taken.setdefault((space, uri, code), name)
                if other != name:
                    yield Problem(file, f"{key}.code", f"This code already means {other}: one code has one meaning")


def _fault(file: str, key: str, system: str, code: str) -> Iterator[Problem]:
    message = fault(system, code)
    if message is not None:
        yield Problem(file, key, message)


def _flags(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    file = "red-flags.toml"
    for name in rows:
        if not _FLAG.fullmatch(name):
            yield Problem(file, name, "Red flags are rf01 to rf27: correct the name")
    if rows:
        for name in sorted(_FLAGS - rows.keys()):
            yield Problem(file, name, "This red flag is missing: all 27 are asked")


def _answers(answers: Mapping[str, Any], canonical: str) -> Iterator[Problem]:
    file = "answers.toml"
    for part in ("numbers", "words"):
        for system, codes in answers.get(part, {}).items():
            if full(system, canonical) is None:
                yield Problem(file, f"{part}.{system}", "Unknown code system: use a short name or an address")
            for code in codes:
                yield from _fault(file, f"{part}.{system}.{code}", system, code)


def _programme(file: str, programme: Mapping[str, Any], drafts: ParsedFiles) -> Iterator[Problem]:
    exercises, measures = drafts.rows("exercises.toml"), drafts.rows("measures.toml")
    for index, item in enumerate(programme["exercises"]):
        if exercises and item["exercise"] not in exercises:
            message = f"There is no exercise {item['exercise']} in exercises.toml: add it or correct the name"
            yield Problem(file, f"exercises[{index}].exercise", message)
    for index, name in enumerate(programme["outcomes"]):
        if measures and name not in measures:
            message = f"There is no measure {name} in measures.toml: add it or correct the name"
            yield Problem(file, f"outcomes[{index}]", message)
