"""What no single table can tell: one meaning for each code, and names that exist where they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from titrate.clinical.values.education_content import LadderKind
from titrate.clinical.values.intake_readings import FINDINGS, PROMPTED
from titrate.clinical.values.quantity import convertible
from titrate.clinical.values.rulebook import Kind
from titrate.rulebook.banned_phrases import phrase_problems, texts
from titrate.rulebook.code_systems import code_problem, system_uri
from titrate.rulebook.errors import Problem
from titrate.rulebook.number_checks import ordering_problems
from titrate.rulebook.parse import ParsedFiles

_FLAG = re.compile(r"rf(0[1-9]|1\d|2[0-7])")
_FLAGS = frozenset(f"rf{number:02}" for number in range(1, 28))
_FORMS = (
    "daily-check-in", "session-check-in", "tolerance-trial", "intake-profile", "goals", "tasks", "teach-back",
)  # fmt: skip
_PLACE = re.compile(r"\{([^}]*)\}")
# The patient's own numbers that a card may name.
PLACES = frozenset({"ceiling", "cap", "settle", "carry"})
_ANSWERED = {"needs": "equipment", "like": "factor.what"}


def cross_checks(files: ParsedFiles, canonical: str) -> Iterator[Problem]:
    """Every problem between tables and files."""
    for name, message in ordering_problems(files.rows("constants.toml")):
        yield Problem("constants.toml", name, message)
    yield from _measures(files.rows("measures.toml"))
    for name in sorted(files.rows("constants.toml").keys() & files.rows("outcomes.toml").keys()):
        yield Problem("outcomes.toml", name, "constants.toml has a number of this name: give this one another")
    yield from _codes(files, canonical)
    yield from _flags(files.rows("red-flags.toml"))
    yield from _answers(files.wholes.get("answers.toml", {}), canonical)
    for row, table in files.rows("conditions.toml").items():
        for index, code in enumerate(table.get("snomed", [])):
            yield from _fault("conditions.toml", f"{row}.snomed[{index}]", "snomed", code)
    for file, programme in files.programmes.items():
        yield from _programme(file, programme, files)
    yield from intake_problems(files)
    yield from guidance_checks(files)
    yield from phrase_problems(files)


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


def _codes(files: ParsedFiles, canonical: str) -> Iterator[Problem]:
    """Each code of measures and exercises: known system, right digits, one meaning."""
    for file in ("measures.toml", "exercises.toml"):
        taken: dict[tuple[str, str | None, str], str] = {}
        for name, row in files.rows(file).items():
            for index, coding in enumerate(row["codes"]):
                key = f"{name}.codes[{index}]"
                system, code = coding["system"], coding["code"]
                uri = system_uri(system, canonical)
                if uri is None:
                    yield Problem(file, f"{key}.system", "Unknown code system: use a short name or an address")
                yield from _fault(file, f"{key}.code", system, code)
                space = namespace(name) if file == "measures.toml" else ""
                other = taken.setdefault((space, uri, code), name)
                if other != name:
                    yield Problem(file, f"{key}.code", f"This code already means {other}: one code has one meaning")


def _fault(file: str, key: str, system: str, code: str) -> Iterator[Problem]:
    message = code_problem(system, code)
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
            if system_uri(system, canonical) is None:
                yield Problem(file, f"{part}.{system}", "Unknown code system: use a short name or an address")
            for code in codes:
                yield from _fault(file, f"{part}.{system}.{code}", system, code)


def _programme(file: str, programme: Mapping[str, Any], files: ParsedFiles) -> Iterator[Problem]:
    exercises, measures = files.rows("exercises.toml"), files.rows("measures.toml")
    for index, item in enumerate(programme["exercises"]):
        if exercises and item["exercise"] not in exercises:
            message = f"There is no exercise {item['exercise']} in exercises.toml: add it or correct the name"
            yield Problem(file, f"exercises[{index}].exercise", message)
    for index, name in enumerate(programme["outcomes"]):
        if measures and name not in measures:
            message = f"There is no measure {name} in measures.toml: add it or correct the name"
            yield Problem(file, f"outcomes[{index}]", message)


def intake_problems(files: ParsedFiles) -> Iterator[Problem]:
    """A prompt that is missing or that nothing shows, and an exercise with a name that no answer has."""
    measures = files.rows("measures.toml")
    yield from _prompts(files.rows("prompts.toml"), measures)
    for name, row in files.rows("exercises.toml").items():
        for key, measure in _ANSWERED.items():
            known = _options(measures, measure)
            for one in row.get(key, ()) if known else ():
                if one not in known:
                    yield Problem("exercises.toml", f"{name}.{key}", f"{measure} of measures.toml has no {one}")


def _prompts(prompts: Mapping[str, Any], measures: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    answers = {f"{measure}.{one}" for measure in PROMPTED for one in _options(measures, measure) if one != "none"}
    if not prompts or not answers:
        return
    proposal = {*FINDINGS, *answers}
    for name in sorted(proposal - prompts.keys()):
        yield Problem("prompts.toml", name, "This finding has no question: add one")
    for name in sorted(prompts.keys() - proposal):
        yield Problem("prompts.toml", name, "No answer leads to this question: remove it or correct the name")


def _options(measures: Mapping[str, Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(measures.get(name, {}).get("options", ()))


def guidance_checks(files: ParsedFiles) -> Iterator[Problem]:
    """Every problem between the tables of guidance, programmes and measures."""
    for file, name, proposal in _reported(files):
        if proposal not in files.rows("measures.toml"):
            yield Problem(file, name, f"There is no measure {proposal} in measures.toml: add it")
    for name, row in files.rows("ladders.toml").items():
        if row["watched"] > len(row["steps"]):
            yield Problem("ladders.toml", f"{name}.watched", "There are not so many steps")
        for index, exercise in enumerate(row["exercises"]):
            if exercise not in files.rows("exercises.toml"):
                yield Problem("ladders.toml", f"{name}.exercises[{index}]", f"There is no {exercise} in exercises.toml")
    yield from _places(files)
    for file, programme in files.programmes.items():
        yield from _listed(file, programme, files)
        yield from _gates(file, programme, files)


def _reported(files: ParsedFiles) -> Iterator[tuple[str, str, str]]:
    """The measures by which modules, ladders and tasks are recorded."""
    for name in files.rows("education.toml"):
        yield "education.toml", name, f"understood-{name}"
    for name, row in files.rows("ladders.toml").items():
        yield "ladders.toml", name, f"ladder-step-{name}"
        if row["kind"] is LadderKind.TASK:
            yield "ladders.toml", name, f"fear-{name}"
    for name in files.rows("tasks.toml"):
        yield "tasks.toml", name, f"tolerated-{name}"
        yield "tasks.toml", name, f"wanted-{name}"


def _places(files: ParsedFiles) -> Iterator[Problem]:
    for key, said in texts(files.rows("card.toml")):
        for place in _PLACE.findall(said):
            if place not in PLACES:
                yield Problem("card.toml", key, f"Nothing is known to stand for {{{place}}}")


def _listed(file: str, programme: Mapping[str, Any], files: ParsedFiles) -> Iterator[Problem]:
    named_in = {
        "modules": "education.toml", "ladders": "ladders.toml", "conditions": "conditions.toml",
        "stop_flags": "red-flags.toml",
    }  # fmt: skip
    for key, other in named_in.items():
        for index, name in enumerate(programme[key]):
            if files.rows(other) and name not in files.rows(other):
                yield Problem(file, f"{key}[{index}]", f"There is no {name} in {other}: add it or correct the name")


def _gates(file: str, programme: Mapping[str, Any], files: ParsedFiles) -> Iterator[Problem]:
    for number, stage in enumerate(programme["stages"]):
        for index, gate in enumerate(stage["exit"]):
            key = f"stages[{number}].exit[{index}]"
            if "measure" in gate and gate["measure"] not in files.rows("measures.toml"):
                yield Problem(file, f"{key}.measure", f"There is no measure {gate['measure']} in measures.toml")
            if "module" in gate and gate["module"] not in files.rows("education.toml"):
                yield Problem(file, f"{key}.module", f"There is no {gate['module']} in education.toml")
            ladder = files.rows("ladders.toml").get(gate.get("ladder", ""))
            if "ladder" in gate and (ladder is None or gate["step"] > len(ladder["steps"])):
                yield Problem(file, f"{key}.ladder", "There is no such ladder with so many steps")
