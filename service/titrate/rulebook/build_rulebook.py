"""Builds the Rulebook and the CodeLookup from tables without problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from titrate.clinical.values.alarming_phrases import AlarmingPhrases, Negations
from titrate.clinical.values.code_lookup import CodeLookup, ConceptGroup, Key, normalised_text, plain_words
from titrate.clinical.values.education_content import (
    CardRow,
    EducationModule,
    ExitGate,
    Guidance,
    Ladder,
    PacedTask,
    Pathway,
    Stage,
)
from titrate.clinical.values.quantity import UnitSpellings
from titrate.clinical.values.questionnaire_scores import ScoringRule
from titrate.clinical.values.rulebook import (
    Coding,
    Constant,
    Exercise,
    Measure,
    Programme,
    ProgrammeExercise,
    Prompt,
    RedFlag,
    Rulebook,
)
from titrate.rulebook.checks import namespace
from titrate.rulebook.code_systems import ATC, ICD10, RXNORM, SNOMED, local_system, system_uri
from titrate.rulebook.parse import ParsedFiles, Rows

_PATHWAY_LISTS = ("entry", "conditions", "hard_precautions", "stop_flags", "evidence", "modules", "ladders")


def build_rulebook(files: ParsedFiles, canonical: str, digest: str, names: Mapping[str, str]) -> Rulebook:
    """The rulebook. `digest` identifies the bytes of the files, `names` are the short names by id."""
    words = files.wholes["words.toml"]
    return Rulebook(
        version=files.wholes["rulebook.toml"]["version"],
        digest=digest,
        constants={
            name: _constant(name, row)
            for file in ("constants.toml", "outcomes.toml")
            for name, row in files.rows(file).items()
        },
        measures={name: _measure(name, row, canonical) for name, row in files.rows("measures.toml").items()},
        exercises={name: _exercise(name, row, canonical) for name, row in files.rows("exercises.toml").items()},
        programmes={row["name"]: _programme(row) for row in files.programmes.values()},
        flags={name: RedFlag(name=name, **row) for name, row in files.rows("red-flags.toml").items()},
        alarm_words=tuple(words["alarm"]),
        conflict_words=tuple(words["conflict"]),
        bed_words=tuple(words["bed"]),
        yes_words=tuple(map(plain_words, words.get("yes", ()))),
        screen_phrases=_screen_phrases(words),
        prompts={name: Prompt(name=name, **row) for name, row in files.rows("prompts.toml").items()},
        guidance=build_guidance(files),
        names=names,
        units=UnitSpellings({one: unit for unit, row in files.rows("units.toml").items() for one in row["spellings"]}),
    )


def _screen_phrases(words: Mapping[str, Any]) -> AlarmingPhrases:
    """The phrases of all languages together: a text does not say in which one it is."""
    by_flag = {
        flag: tuple(phrase for phrases in languages.values() for phrase in phrases)
        for flag, languages in words["screen"].items()
    }
    kinds = {one.name for one in fields(Negations)}
    merged = {kind: tuple(word for row in words["negations"].values() for word in row[kind]) for kind in kinds}
    return AlarmingPhrases(by_flag, Negations(**merged))


def build_lookup(files: ParsedFiles, canonical: str, names: Mapping[str, str]) -> CodeLookup:
    """The codes and words by which incoming data is recognised. `names` are the short names by id."""
    measures, answers = files.rows("measures.toml"), files.wholes["answers.toml"]
    exercises = files.rows("exercises.toml")
    return CodeLookup(
        codes=_codes(measures, files.rows("red-flags.toml"), canonical),
        forms=_forms(files),
        outside={name: row["outside"] for name, row in measures.items() if "outside" in row},
        clinic={name: row["clinic"] for name, row in measures.items() if "clinic" in row},
        during={name: row["during"] for name, row in measures.items() if "during" in row},
        practitioner=frozenset(name for name, row in measures.items() if row["practitioner"]),
        lasting=frozenset(
            one for name, row in measures.items() if row["lasting"] for one in (name, *row.get("items", ()))
        ),
        panels=_panels(measures, canonical),
        numbers=_values_by_code(answers["numbers"], canonical),
        answers=_values_by_code(answers["words"], canonical),
        exercises=_exercise_codes(exercises, canonical),
        exercise_names={text.lower(): name for name, row in exercises.items() for text in (row["display"], name)},
        medicines=tuple(_medicine(name, row) for name, row in files.rows("medicines.toml").items()),
        conditions=tuple(_condition(name, row) for name, row in files.rows("conditions.toml").items()),
        rpe=answers["rpe"],
        texts={name: _texts(answers, row["texts"]) for name, row in measures.items() if "texts" in row},
        scores=tuple(_scoring_rule(name, row, measures) for name, row in measures.items() if row.get("items")),
        flag_texts=_flag_texts(files.rows("red-flags.toml"), names),
        questions=tuple(
            (plain_words(text), name) for name, row in measures.items() for text in row.get("questions", ())
        ),
        screened=frozenset(files.rows("red-flags.toml"))
        | {one for row in measures.values() for one in row.get("items", ())},
    )


def _texts(answers: Mapping[str, Any], name: str) -> dict[str, Decimal]:
    return {normalised_text(words): number for words, number in answers["texts"][name].items()}


def _scoring_rule(name: str, row: Mapping[str, Any], measures: Rows) -> ScoringRule:
    items = tuple(row["items"])
    highest: Decimal = max(measures[item]["high"] for item in items)
    return ScoringRule(total=name, items=items, missing=row["items_missing"], highest=highest)


def _flag_texts(flags: Rows, names: Mapping[str, str]) -> dict[str, str]:
    """The id, the short name and the question of each flag."""
    texts = ((name, text) for name, row in flags.items() for text in (name, names.get(name.upper()), row["question"]))
    return {plain_words(text): name for name, text in texts if text}


def _codings(codes: Iterable[Mapping[str, Any]], canonical: str) -> tuple[Coding, ...]:
    return tuple(
        Coding(system_uri(item["system"], canonical) or item["system"], item["code"], item["display"]) for item in codes
    )


def _panels(measures: Rows, canonical: str) -> dict[Key, frozenset[str]]:
    held: dict[Key, set[str]] = {}
    for name, row in measures.items():
        for coding in _codings(row["panels"], canonical):
            held.setdefault((coding.system, coding.code), set()).add(name)
    return {key: frozenset(names) for key, names in held.items()}


def _constant(name: str, row: Mapping[str, Any]) -> Constant:
    plain = {key: value for key, value in row.items() if key != "careful"}
    return Constant(name=name, **{"low": None, "high": None, **plain})


def _measure(name: str, row: Mapping[str, Any], canonical: str) -> Measure:
    return Measure(
        name=name,
        kind=row["kind"],
        display=row["display"],
        codings=_codings(row["codes"], canonical),
        unit=row.get("unit", ""),
        units=tuple(row["units"]),
        low=row.get("low"),
        high=row.get("high"),
        grid=row.get("grid"),
        decides=row["decides"],
        missing=row["missing"],
        options=tuple(row.get("options", ())),
        source=row["source"],
    )


def _exercise(name: str, row: Mapping[str, Any], canonical: str) -> Exercise:
    own = Coding(local_system(canonical), name, row["display"])
    optional: dict[str, Any] = {key: row.get(key) for key in ("increment", "range_low", "range_high", "target")}
    plain = {key: row[key] for key in ("display", "domain", "amount_unit", "loaded", "tissue", "instruction")}
    optional |= {key: tuple(row.get(key, ())) for key in ("needs", "like")}
    return Exercise(code=name, codings=(own, *_codings(row["codes"], canonical)), **plain, **optional)


def _programme(row: Mapping[str, Any]) -> Programme:
    lists: dict[str, Any] = {key: tuple(row[key]) for key in ("adjuncts", "education", "flare", "stop", "outcomes")}
    plain = {key: row[key] for key in ("name", "display", "week", "warm_up", "cool_down", "source")}
    exercises = tuple(ProgrammeExercise(**item) for item in row["exercises"])
    return Programme(exercises=exercises, **plain, **lists)


def _codes(measures: Rows, flags: Rows, canonical: str) -> dict[str, dict[Key, str]]:
    spaces: dict[str, dict[Key, str]] = {"": {(local_system(canonical), name): name for name in flags}}
    for name, row in measures.items():
        space = spaces.setdefault(namespace(name), {})
        space.update({(coding.system, coding.code): name for coding in _codings(row["codes"], canonical)})
    return spaces


def _forms(files: ParsedFiles) -> dict[str, dict[str, str]]:
    forms: dict[str, dict[str, str]] = {"safety-screen-full": {}, "safety-screen-short": {}}
    for name, row in files.rows("red-flags.toml").items():
        forms["safety-screen-full"][name] = name
        if row["short"]:
            forms["safety-screen-short"][name] = name
    for name, row in files.rows("measures.toml").items():
        for form, item in row["form"].items():
            forms.setdefault(form, {})[item] = name
        part_of = {"session": "session-check-in", "trial": "tolerance-trial"}.get(namespace(name))
        if part_of is not None:
            forms.setdefault(part_of, {})[name.partition(".")[2]] = name
    return forms


def _values_by_code(by_system: Mapping[str, Mapping[str, Any]], canonical: str) -> dict[Key, Any]:
    return {
        (system_uri(system, canonical) or system, code): value
        for system, codes in by_system.items()
        for code, value in codes.items()
    }


def _exercise_codes(exercises: Rows, canonical: str) -> dict[Key, str]:
    return {
        (coding.system, coding.code): name
        for name, row in exercises.items()
        for coding in _exercise(name, row, canonical).codings
    }


def _medicine(name: str, row: Mapping[str, Any]) -> ConceptGroup:
    prefixes = tuple((ATC, start) for start in row.get("atc", ()))
    return _group(name, row, frozenset(), prefixes)


def _condition(name: str, row: Mapping[str, Any]) -> ConceptGroup:
    codes = frozenset((SNOMED, code) for code in row.get("snomed", ()))
    prefixes = tuple((system, start) for system in ICD10 for start in row.get("icd10", ()))
    return _group(name, row, codes, prefixes)


def _group(name: str, row: Mapping[str, Any], codes: frozenset[Key], prefixes: tuple[Key, ...]) -> ConceptGroup:
    words, unless = tuple(row.get("words", ())), tuple(row.get("unless", ()))
    severity = tuple(row.get("unless_severity", ()))
    ingredients = frozenset((RXNORM, code) for code in row.get("rxnorm", ()))
    out = [(system, start) for system in ICD10 for start in row.get("unless_icd10", ())]
    out += [(SNOMED, code) for code in row.get("unless_snomed", ())]
    fixed = (name, row["display"], codes, prefixes, words, unless, row["source"])
    return ConceptGroup(*fixed, unless_severity=severity, unless_codes=tuple(out), ingredients=ingredients)


def build_guidance(files: ParsedFiles) -> Guidance:
    """The education, ladders, card, tasks and pathways."""
    return Guidance(
        modules={row["name"]: EducationModule(**row) for row in _named(files, "education.toml")},
        ladders={row["name"]: Ladder(**row) for row in _named(files, "ladders.toml")},
        card={row["name"]: CardRow(**row) for row in _named(files, "card.toml")},
        tasks={row["name"]: PacedTask(**row) for row in _named(files, "tasks.toml")},
        pathways={row["name"]: _pathway(row) for row in files.programmes.values()},
    )


def _named(files: ParsedFiles, file: str) -> Iterator[dict[str, Any]]:
    """Each table of a file with its name as a key; lists become tuples."""
    for name, row in files.rows(file).items():
        yield {"name": name, **{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}}


def _pathway(row: Mapping[str, Any]) -> Pathway:
    lists: dict[str, Any] = {key: tuple(row[key]) for key in _PATHWAY_LISTS}
    return Pathway(stages=tuple(_stage(one) for one in row["stages"]), **lists)


def _stage(row: Mapping[str, Any]) -> Stage:
    return Stage(row["name"], row["aim"], row["dose"], tuple(ExitGate(**gate) for gate in row["exit"]))
