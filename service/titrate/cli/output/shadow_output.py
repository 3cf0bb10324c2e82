"""The result of `titrate mappings shadow`: a population under two rulebooks, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from titrate.app.compare_rulebooks import Concern, Difference, DoseDifference, by_concern, difference
from titrate.app.pipeline import PlanningRules
from titrate.cli.bundle_files import bundle_files, comparison_case
from titrate.cli.errors import UnusableFile
from titrate.cli.output.diff_output import DIGEST_LENGTH, same_version
from titrate.clinical.values.plan import Dose
from titrate.fhir.doses import dose_words
from titrate.fhir.read import PatientError
from titrate.messages import Message
from titrate.messages.cli import (
    PopulationFileUnusable,
)
from titrate.messages.rulebook_comparison import (
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
