"""What holds between the intake profile and other files: a prompt for each finding, equipment and factors by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from titrate.clinical.values.intake_readings import FINDINGS, PROMPTED
from titrate.rulebook.parse import ParsedFiles
from titrate.rulebook.problems import Problem

_ANSWERED = {"needs": "equipment", "like": "factor.what"}


def intake_problems(drafts: ParsedFiles) -> Iterator[Problem]:
    """A prompt that is missing or that nothing shows, and an exercise with a name that no answer has."""
    measures = drafts.rows("measures.toml")
    yield from _prompts(drafts.rows("prompts.toml"), measures)
    for name, row in drafts.rows("exercises.toml").items():
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
