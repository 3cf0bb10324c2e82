"""The results of `titrate mappings diff` and `shadow`, as text and as JSON: two rulebooks, and patients under both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Any

from titrate.app.compare_rulebooks import Concern, Difference, DoseDifference, by_concern, difference
from titrate.app.pipeline import PlanningRules
from titrate.cli.errors import UnusableFile
from titrate.cli.patient_source import bundle_files, comparison_case
from titrate.clinical.values.plan import Dose
from titrate.fhir.doses import dose_words
from titrate.fhir.errors import PatientError
from titrate.messages import Message
from titrate.messages.cli import (
    PopulationFileUnusable,
)
from titrate.messages.rulebook_comparison import (
    DifferenceCount,
    DiffHeading,
    FilesEqual,
    RulesEqual,
    SameVersion,
    ShadowCount,
    ShadowDecisions,
    ShadowDose,
    ShadowFlagLost,
    ShadowHeading,
    ShadowHigher,
    ShadowHigherDespiteSymptoms,
    ShadowLower,
    ShadowMark,
    ShadowMoreSymptoms,
    ShadowOther,
    ShadowRise,
    ShadowRiseDespiteSymptoms,
    ShadowSameDecision,
    ShadowSymptoms,
)
from titrate.rulebook import MappingFiles
from titrate.rulebook.diff import Change

DIGEST_LENGTH = 12
HEADINGS = {
    Concern.RISE_DESPITE_SYMPTOMS: ShadowRiseDespiteSymptoms,
    Concern.FLAG_LOST: ShadowFlagLost,
    Concern.HIGHER_DESPITE_SYMPTOMS: ShadowHigherDespiteSymptoms,
    Concern.RISE: ShadowRise,
    Concern.HIGHER: ShadowHigher,
    Concern.OTHER: ShadowOther,
    Concern.LOWER: ShadowLower,
}
# How many worse symptoms the text lists for a patient; the JSON lists all.
SYMPTOMS_SHOWN = 4


def diff_text(first: MappingFiles, second: MappingFiles, changes: Sequence[Change]) -> str:
    """The differences as lines, file by file."""
    heading = DiffHeading(
        version_a=first.version,
        digest_a=first.digest[:DIGEST_LENGTH],
        version_b=second.version,
        digest_b=second.digest[:DIGEST_LENGTH],
    )
    if not changes:
        return f"{heading}\n{FilesEqual() if first.digest == second.digest else RulesEqual()}"
    lines = [heading, *same_version(first.version, second.version, first.digest != second.digest)]
    text = [str(line) for line in lines]
    for file, group in groupby(changes, key=lambda change: change.file):
        text += [file, *(f"  {change}" for change in group)]
    return "\n".join([*text, str(DifferenceCount(count=len(changes)))])


def same_version(first: str, second: str, differ: bool) -> list[Message]:
    """A warning if two different rulebooks have the same version: outputs could not be told apart by it."""
    return [SameVersion(version=first)] if differ and first == second else []


def diff_json(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The differences as JSON."""
    return [
        {
            "file": change.file,
            "name": change.name,
            "key": change.key,
            "before": _json_value(change.before),
            "after": _json_value(change.after),
            "effect": change.effect.value if change.effect else None,
            "words": str(change),
        }
        for change in changes
    ]


def _json_value(value: Any) -> Any:
    """A value that JSON can hold."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _json_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(inner) for inner in value]
    return value


@dataclass(frozen=True, slots=True)
class ShadowComparison:
    """A population under two rulebooks: the number of decisions, the differences, and the unusable files."""

    first: PlanningRules
    second: PlanningRules
    decided: int
    differences: tuple[Difference, ...]
    unusable: tuple[str, ...]

    def text(self) -> str:
        """Which patients are decided differently and how, by concern."""
        return "\n".join(map(str, self._lines()))

    def _lines(self) -> Iterator[Message | str]:
        first, second = self.first.rulebook, self.second.rulebook
        yield ShadowHeading(
            version_a=first.version,
            digest_a=first.digest[:DIGEST_LENGTH],
            version_b=second.version,
            digest_b=second.digest[:DIGEST_LENGTH],
        )
        yield from same_version(first.version, second.version, first.digest != second.digest)
        yield ShadowCount(count=len(self.differences), decided=self.decided)
        for concern, group in groupby(self.differences, key=lambda one: one.concern):
            found = list(group)
            yield ""
            yield HEADINGS[concern](count=len(found))
            for one in found:
                yield from _patient_lines(one)

    def as_json(self) -> dict[str, Any]:
        """The comparison as JSON."""
        return {
            "a": _rulebook_json(self.first),
            "b": _rulebook_json(self.second),
            "decided": self.decided,
            "differences": [_difference_json(one) for one in self.differences],
            "unusable": list(self.unusable),
        }


def shadow_comparison(
    paths: Iterable[Path], rules: tuple[PlanningRules, PlanningRules], at: datetime | None, now: datetime
) -> ShadowComparison:
    """Decide for the patient of every file under both rulebooks. Unusable files are listed and skipped."""
    found: list[Difference] = []
    unusable: list[str] = []
    decided = 0
    for path in bundle_files(paths):
        try:
            one = difference(comparison_case(path, at, now), *rules)
        except UnusableFile as error:
            unusable.append(str(error))
            continue
        except PatientError as error:
            unusable.append(str(PopulationFileUnusable(path=str(path), problem=str(error))))
            continue
        decided += 1
        found += [one] if one else []
    return ShadowComparison(*rules, decided, by_concern(found), tuple(unusable))


def _patient_lines(one: Difference) -> Iterator[Message]:
    if one.before == one.after:
        yield ShadowSameDecision(name=one.name, decision=one.after)
    else:
        yield ShadowDecisions(name=one.name, before=one.before, after=one.after)
    yield from map(_dose_line, one.doses)
    yield from (ShadowMark(mark=str(mark)) for mark in one.marks)
    if one.symptoms and one.concern in (Concern.RISE_DESPITE_SYMPTOMS, Concern.HIGHER_DESPITE_SYMPTOMS):
        shown, more = "; ".join(map(str, one.symptoms[:SYMPTOMS_SHOWN])), len(one.symptoms) - SYMPTOMS_SHOWN
        yield ShadowMoreSymptoms(symptoms=shown, more=more) if more > 0 else ShadowSymptoms(symptoms=shown)


def _dose_line(dose: DoseDifference) -> ShadowDose:
    current, before, after = (str(dose_words(one)) for one in (dose.current, dose.before, dose.after))
    return ShadowDose(exercise=dose.exercise, current=current, before=before, after=after)


def _rulebook_json(rules: PlanningRules) -> dict[str, str]:
    return {"version": rules.rulebook.version, "digest": rules.rulebook.digest}


def _difference_json(one: Difference) -> dict[str, Any]:
    return {
        "name": one.name,
        "concern": one.concern.name.lower().replace("_", "-"),
        "before": str(one.before),
        "after": str(one.after),
        "doses": [
            {
                "exercise": dose.exercise,
                "current": _dose_json(dose.current),
                "before": _dose_json(dose.before),
                "after": _dose_json(dose.after),
            }
            for dose in one.doses
        ],
        "symptoms": [str(symptom) for symptom in one.symptoms],
        "flagsLost": list(one.flags_lost),
        "marks": [str(mark) for mark in one.marks],
    }


def _dose_json(dose: Dose | None) -> dict[str, Any] | None:
    if dose is None:
        return None
    return {"amount": dose.amount, "unit": dose.unit, "sets": dose.sets, "load": dose.load}
