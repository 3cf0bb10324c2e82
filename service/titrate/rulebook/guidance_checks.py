"""What no single table of guidance can tell: names that exist where they are used, and measures that go with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from titrate.clinical.values.education_content import LadderKind
from titrate.rulebook.banned_phrases import texts
from titrate.rulebook.parse import ParsedFiles
from titrate.rulebook.problems import Problem

_PLACE = re.compile(r"\{([^}]*)\}")
# The patient's own numbers that a card may name.
PLACES = frozenset({"ceiling", "cap", "settle", "carry"})


def guidance_checks(drafts: ParsedFiles) -> Iterator[Problem]:
    """Every problem between the tables of guidance, programmes and measures."""
    for file, name, proposal in _reported(drafts):
        if proposal not in drafts.rows("measures.toml"):
            yield Problem(file, name, f"There is no measure {proposal} in measures.toml: add it")
    for name, row in drafts.rows("ladders.toml").items():
        if row["watched"] > len(row["steps"]):
            yield Problem("ladders.toml", f"{name}.watched", "There are not so many steps")
        for index, exercise in enumerate(row["exercises"]):
            if exercise not in drafts.rows("exercises.toml"):
                yield Problem("ladders.toml", f"{name}.exercises[{index}]", f"There is no {exercise} in exercises.toml")
    yield from _places(drafts)
    for file, programme in drafts.programmes.items():
        yield from _listed(file, programme, drafts)
        yield from _gates(file, programme, drafts)


def _reported(drafts: ParsedFiles) -> Iterator[tuple[str, str, str]]:
    """The measures by which modules, ladders and tasks are recorded."""
    for name in drafts.rows("education.toml"):
        yield "education.toml", name, f"understood-{name}"
    for name, row in drafts.rows("ladders.toml").items():
        yield "ladders.toml", name, f"ladder-step-{name}"
        if row["kind"] is LadderKind.TASK:
            yield "ladders.toml", name, f"fear-{name}"
    for name in drafts.rows("tasks.toml"):
        yield "tasks.toml", name, f"tolerated-{name}"
        yield "tasks.toml", name, f"wanted-{name}"


def _places(drafts: ParsedFiles) -> Iterator[Problem]:
    for key, said in texts(drafts.rows("card.toml")):
        for place in _PLACE.findall(said):
            if place not in PLACES:
                yield Problem("card.toml", key, f"Nothing is known to stand for {{{place}}}")


def _listed(file: str, programme: Mapping[str, Any], drafts: ParsedFiles) -> Iterator[Problem]:
    files = {
        "modules": "education.toml", "ladders": "ladders.toml", "conditions": "conditions.toml",
        "stop_flags": "red-flags.toml",
    }  # fmt: skip
    for key, other in files.items():
        for index, name in enumerate(programme[key]):
            if drafts.rows(other) and name not in drafts.rows(other):
                yield Problem(file, f"{key}[{index}]", f"There is no {name} in {other}: add it or correct the name")


def _gates(file: str, programme: Mapping[str, Any], drafts: ParsedFiles) -> Iterator[Problem]:
    for number, stage in enumerate(programme["stages"]):
        for index, gate in enumerate(stage["exit"]):
            key = f"stages[{number}].exit[{index}]"
            if "measure" in gate and gate["measure"] not in drafts.rows("measures.toml"):
                yield Problem(file, f"{key}.measure", f"There is no measure {gate['measure']} in measures.toml")
            if "module" in gate and gate["module"] not in drafts.rows("education.toml"):
                yield Problem(file, f"{key}.module", f"There is no {gate['module']} in education.toml")
            ladder = drafts.rows("ladders.toml").get(gate.get("ladder", ""))
            if "ladder" in gate and (ladder is None or gate["step"] > len(ladder["steps"])):
                yield Problem(file, f"{key}.ladder", "There is no such ladder with so many steps")
