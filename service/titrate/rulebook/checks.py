"""Checks across tables and files: each code has one meaning, and every name exists in the file that it refers to.

No text for patients or clinicians may hold a phrase that reassures, promises or pushes (hazard H18).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from titrate.clinical.values.alarming_phrases import is_valid_phrase
from titrate.clinical.values.code_lookup import contains_phrase
from titrate.clinical.values.education_content import LadderKind
from titrate.clinical.values.intake_readings import FINDINGS, PROMPTED
from titrate.clinical.values.quantity import convertible
from titrate.clinical.values.rulebook import Kind
from titrate.messages.rulebook_problems import (
    AnswerUnknown,
    BannedPhrase,
    CardPlaceholderUnknown,
    CodeAmbiguous,
    CodeSystemUnknown,
    EntryNotInFile,
    ExerciseNotInFile,
    FlagMissing,
    FlagNameInvalid,
    LadderStepUnknown,
    LadderTooShort,
    MeasureNotInFile,
    MeasureOptionsRequired,
    MeasureUnitRequired,
    MeasureUnknown,
    NumberNameTaken,
    PhraseNotSearchable,
    PromptMissing,
    PromptUnused,
    QuestionnaireUnknown,
    UnitNotConvertible,
)
from titrate.rulebook.code_systems import code_problem, system_uri
from titrate.rulebook.errors import MappingProblem
from titrate.rulebook.number_checks import ordering_problems, unit_problems
from titrate.rulebook.parse import ParsedFiles

_FLAGS = tuple(f"rf{number:02}" for number in range(1, 28))
_FORMS = (
    "daily-check-in", "session-check-in", "tolerance-trial", "intake-profile", "goals", "tasks", "teach-back",
)  # fmt: skip
# Amounts take the unit of their exercise.
_WITHOUT_UNIT = frozenset({"session.prescribed", "session.done", "trial.done", "dose-limit.amount", "factor.threshold"})
_PLACEHOLDER = re.compile(r"\{([^}]*)\}")
# The patient's own numbers that a card may show.
PLACEHOLDERS = ("cap", "carry", "ceiling", "settle")
# Keys of an exercise, and the measures whose answers they name.
_ANSWERS_OF = {"needs": "equipment", "like": "factor.what"}


def phrase_problems(files: ParsedFiles) -> Iterator[MappingProblem]:
    """A problem for each text with a banned phrase, except in `words.toml`, which lists them."""
    banned = banned_phrases(files)
    for file, table in (*files.tables.items(), *files.programmes.items()):
        yield from _problems_of_file(file, table, banned)


def banned_phrases(files: ParsedFiles) -> tuple[str, ...]:
    """The banned phrases of words.toml."""
    return tuple(files.wholes.get("words.toml", {}).get("banned", ()))


def banned_phrases_in(text: str, banned: Iterable[str]) -> tuple[str, ...]:
    """The banned phrases in a text: whole words, in any case, with any white space between them."""
    return tuple(one for one in banned if contains_phrase(text, (one,)))


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a table with the path of its key."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{key}[{index}]")


def _problems_of_file(file: str, table: Mapping[str, Any], banned: tuple[str, ...]) -> Iterator[MappingProblem]:
    for key, text in texts(table):
        for phrase in banned_phrases_in(text, banned) if contains_phrase(text, banned) else ():  # fast for most texts
            yield MappingProblem(file, key, BannedPhrase(phrase=phrase))


def cross_checks(files: ParsedFiles, canonical: str) -> Iterator[MappingProblem]:
    """Every problem between tables and files."""
    for name, message in ordering_problems(files.rows("constants.toml")):
        yield MappingProblem("constants.toml", name, message)
    yield from (MappingProblem("units.toml", *found) for found in unit_problems(files.rows("units.toml")))
    yield from _measure_problems(files.rows("measures.toml"))
    yield from _score_problems(files.rows("measures.toml"), files.wholes.get("answers.toml", {}).get("texts"))
    for name in sorted(files.rows("constants.toml").keys() & files.rows("outcomes.toml").keys()):
        yield MappingProblem("outcomes.toml", name, NumberNameTaken())
    yield from _coding_problems(files, canonical)
    yield from _flag_problems(files.rows("red-flags.toml"))
    yield from _answer_problems(files.wholes.get("answers.toml", {}), canonical)
    for row, table in files.rows("conditions.toml").items():
        for index, code in enumerate(table.get("snomed", [])):
            yield from _code_problems("conditions.toml", f"{row}.snomed[{index}]", "snomed", code)
    for file, programme in files.programmes.items():
        yield from _programme_problems(file, programme, files)
    yield from _intake_problems(files)
    yield from _guidance_problems(files)
    yield from _screen_word_problems(files)
    yield from phrase_problems(files)


def _screen_word_problems(files: ParsedFiles) -> Iterator[MappingProblem]:
    """Phrases of no known red flag, and phrases that would match any text."""
    flags, file = files.rows("red-flags.toml"), "words.toml"
    for flag, languages in files.wholes.get(file, {}).get("screen", {}).items():
        if flags and flag not in flags:
            yield MappingProblem(file, f"screen.{flag}", EntryNotInFile(name=flag, file="red-flags.toml"))
        for key, phrase in texts(languages, f"screen.{flag}"):
            if not is_valid_phrase(phrase):
                yield MappingProblem(file, key, PhraseNotSearchable())


def namespace(measure: str) -> str:
    """The name before the dot, within which a measure's codes are unique; empty without a dot."""
    return measure.partition(".")[0] if "." in measure else ""


def _measure_problems(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[MappingProblem]:
    file = "measures.toml"
    for name, row in rows.items():
        if row["kind"] is Kind.CODE and not row.get("options") and not name.endswith("exercise"):
            yield MappingProblem(file, f"{name}.options", MeasureOptionsRequired())
        if row["kind"] is Kind.NUMBER and "unit" not in row and name not in _WITHOUT_UNIT:
            yield MappingProblem(file, f"{name}.unit", MeasureUnitRequired())
        for index, unit in enumerate(row["units"]):
            if "unit" in row and not convertible(unit, row["unit"]):
                yield MappingProblem(file, f"{name}.units[{index}]", UnitNotConvertible(unit=unit, main=row["unit"]))
        for key in ("outside", "clinic", "during"):
            if key in row and row[key] not in rows:
                yield MappingProblem(file, f"{name}.{key}", MeasureUnknown(name=row[key]))
        for form in row["form"]:
            if form not in _FORMS:
                yield MappingProblem(file, f"{name}.form.{form}", QuestionnaireUnknown(known=_FORMS))


def _score_problems(rows: Mapping[str, Mapping[str, Any]], texts: Mapping[str, Any] | None) -> Iterator[MappingProblem]:
    """Items of a total that are no number with a highest value, and unknown lists of answers in words."""
    for name, row in rows.items():
        for index, item in enumerate(row.get("items", ())):
            if item not in rows or "high" not in rows[item]:
                yield MappingProblem("measures.toml", f"{name}.items[{index}]", MeasureUnknown(name=item))
        if texts is not None and "texts" in row and row["texts"] not in texts:
            yield MappingProblem(
                "measures.toml", f"{name}.texts", EntryNotInFile(name=row["texts"], file="answers.toml")
            )


def _coding_problems(files: ParsedFiles, canonical: str) -> Iterator[MappingProblem]:
    """Codes of measures and exercises with an unknown system, a wrong check digit or two meanings."""
    for file in ("measures.toml", "exercises.toml"):
        meanings: dict[tuple[str, str | None, str], str] = {}
        for name, row in files.rows(file).items():
            space = namespace(name) if file == "measures.toml" else ""
            for index, coding in enumerate(row["codes"]):
                key, uri = f"{name}.codes[{index}]", system_uri(coding["system"], canonical)
                if uri is None:
                    yield MappingProblem(file, f"{key}.system", CodeSystemUnknown())
                yield from _code_problems(file, f"{key}.code", coding["system"], coding["code"])
                other = meanings.setdefault((space, uri, coding["code"]), name)
                if other != name:
                    yield MappingProblem(file, f"{key}.code", CodeAmbiguous(other=other))


def _code_problems(file: str, key: str, system: str, code: str) -> Iterator[MappingProblem]:
    message = code_problem(system, code)
    if message is not None:
        yield MappingProblem(file, key, message)


def _flag_problems(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[MappingProblem]:
    file = "red-flags.toml"
    for name in rows:
        if name not in _FLAGS:
            yield MappingProblem(file, name, FlagNameInvalid(first=_FLAGS[0], last=_FLAGS[-1]))
    for name in _FLAGS if rows else ():
        if name not in rows:
            yield MappingProblem(file, name, FlagMissing(count=len(_FLAGS)))


def _answer_problems(answers: Mapping[str, Any], canonical: str) -> Iterator[MappingProblem]:
    file = "answers.toml"
    for part in ("numbers", "words"):
        for system, codes in answers.get(part, {}).items():
            if system_uri(system, canonical) is None:
                yield MappingProblem(file, f"{part}.{system}", CodeSystemUnknown())
            for code in codes:
                yield from _code_problems(file, f"{part}.{system}.{code}", system, code)


def _programme_problems(file: str, programme: Mapping[str, Any], files: ParsedFiles) -> Iterator[MappingProblem]:
    exercises, measures = files.rows("exercises.toml"), files.rows("measures.toml")
    for index, item in enumerate(programme["exercises"]):
        if exercises and item["exercise"] not in exercises:
            yield MappingProblem(file, f"exercises[{index}].exercise", ExerciseNotInFile(name=item["exercise"]))
    for index, name in enumerate(programme["outcomes"]):
        if measures and name not in measures:
            yield MappingProblem(file, f"outcomes[{index}]", MeasureNotInFile(name=name))


def _intake_problems(files: ParsedFiles) -> Iterator[MappingProblem]:
    """Findings without a prompt, prompts without a finding, and exercises that name an unknown answer."""
    measures = files.rows("measures.toml")
    yield from _prompt_problems(files.rows("prompts.toml"), measures)
    for name, row in files.rows("exercises.toml").items():
        for key, measure in _ANSWERS_OF.items():
            known = _options(measures, measure)
            for one in row.get(key, ()) if known else ():
                if one not in known:
                    yield MappingProblem("exercises.toml", f"{name}.{key}", AnswerUnknown(measure=measure, answer=one))


def _prompt_problems(prompts: Mapping[str, Any], measures: Mapping[str, Mapping[str, Any]]) -> Iterator[MappingProblem]:
    answers = {f"{measure}.{one}" for measure in PROMPTED for one in _options(measures, measure) if one != "none"}
    if not prompts or not answers:
        return
    needed = {*FINDINGS, *answers}
    yield from (MappingProblem("prompts.toml", name, PromptMissing()) for name in sorted(needed - prompts.keys()))
    yield from (MappingProblem("prompts.toml", name, PromptUnused()) for name in sorted(prompts.keys() - needed))


def _options(measures: Mapping[str, Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(measures.get(name, {}).get("options", ()))


def _guidance_problems(files: ParsedFiles) -> Iterator[MappingProblem]:
    """Every problem between education, ladders, card, tasks, programmes and measures."""
    for file, name, measure in _guidance_measures(files):
        if measure not in files.rows("measures.toml"):
            yield MappingProblem(file, name, MeasureNotInFile(name=measure))
    for name, row in files.rows("ladders.toml").items():
        if row["watched"] > len(row["steps"]):
            yield MappingProblem("ladders.toml", f"{name}.watched", LadderTooShort(count=len(row["steps"])))
        for index, exercise in enumerate(row["exercises"]):
            if exercise not in files.rows("exercises.toml"):
                yield MappingProblem("ladders.toml", f"{name}.exercises[{index}]", ExerciseNotInFile(name=exercise))
    yield from _card_problems(files.rows("card.toml"))
    for file, programme in files.programmes.items():
        yield from _reference_problems(file, programme, files)
        yield from _exit_gate_problems(file, programme, files)


def _card_problems(rows: Mapping[str, Any]) -> Iterator[MappingProblem]:
    for key, text in texts(rows):
        for placeholder in _PLACEHOLDER.findall(text):
            if placeholder not in PLACEHOLDERS:
                message = CardPlaceholderUnknown(placeholder=placeholder, known=PLACEHOLDERS)
                yield MappingProblem("card.toml", key, message)


def _guidance_measures(files: ParsedFiles) -> Iterator[tuple[str, str, str]]:
    """(file, name, measure): the measures that record education modules, ladders and tasks."""
    for name in files.rows("education.toml"):
        yield "education.toml", name, f"understood-{name}"
    for name, row in files.rows("ladders.toml").items():
        yield "ladders.toml", name, f"ladder-step-{name}"
        if row["kind"] is LadderKind.TASK:
            yield "ladders.toml", name, f"fear-{name}"
    for name in files.rows("tasks.toml"):
        yield "tasks.toml", name, f"tolerated-{name}"
        yield "tasks.toml", name, f"wanted-{name}"


def _reference_problems(file: str, programme: Mapping[str, Any], files: ParsedFiles) -> Iterator[MappingProblem]:
    referenced = {
        "modules": "education.toml", "ladders": "ladders.toml", "conditions": "conditions.toml",
        "stop_flags": "red-flags.toml",
    }  # fmt: skip
    for key, other in referenced.items():
        for index, name in enumerate(programme[key]):
            if files.rows(other) and name not in files.rows(other):
                yield MappingProblem(file, f"{key}[{index}]", EntryNotInFile(name=name, file=other))


def _exit_gate_problems(file: str, programme: Mapping[str, Any], files: ParsedFiles) -> Iterator[MappingProblem]:
    for number, stage in enumerate(programme["stages"]):
        for index, gate in enumerate(stage["exit"]):
            key = f"stages[{number}].exit[{index}]"
            if "measure" in gate and gate["measure"] not in files.rows("measures.toml"):
                yield MappingProblem(file, f"{key}.measure", MeasureNotInFile(name=gate["measure"]))
            if "module" in gate and gate["module"] not in files.rows("education.toml"):
                yield MappingProblem(file, f"{key}.module", EntryNotInFile(name=gate["module"], file="education.toml"))
            ladder = files.rows("ladders.toml").get(gate.get("ladder", ""))
            if "ladder" in gate and (ladder is None or gate["step"] > len(ladder["steps"])):
                yield MappingProblem(file, f"{key}.ladder", LadderStepUnknown())
