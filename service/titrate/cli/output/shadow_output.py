"""`titrate mappings shadow`: the population through both rulebooks, and how the result is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from titrate.app.compare_rulebooks import Concern, Difference, DoseDifference, by_concern, difference
from titrate.app.pipeline import PlanningRules
from titrate.cli.bundle_files import UnusableFile, bundle_files, comparison_case
from titrate.cli.output.diff_output import same_name
from titrate.clinical.values.plan import Dose
from titrate.fhir.doses import dose_words
from titrate.fhir.read import NoPatient, SeveralPatients

TITLES = {
    Concern.RISE_DESPITE_SYMPTOMS: "LOOK AT THESE FIRST: a dose goes up although symptoms are worse",
    Concern.FLAG_LOST: "A red flag is no longer opened",
    Concern.HIGHER_DESPITE_SYMPTOMS: "A dose is lowered less although symptoms are worse",
    Concern.RISE: "A dose goes up",
    Concern.HIGHER: "A dose is higher, and not above the one in force",
    Concern.OTHER: "Another decision with the same doses",
    Concern.LOWER: "A lower dose",
}
# Signs of worsening that are shown for a patient; the JSON holds all.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class ShadowComparison:
    """A population under two rulebooks: how many were decided, who differs, and which files could not be used."""

    first: PlanningRules
    second: PlanningRules
    decided: int
    differences: tuple[Difference, ...]
    unusable: tuple[str, ...]

    def in_words(self) -> str:
        """Who changes and how, the most worrying first."""
        first, second = self.first.rulebook, self.second.rulebook
        lines = [
            f"A is {first.version} (digest {first.digest[:12]}), B is {second.version} (digest {second.digest[:12]}).",
            *same_name(first.version, second.version, first.digest != second.digest),
            f"{len(self.differences)} of {self.decided} patients would be decided differently under B.",
        ]
        for concern, group in groupby(self.differences, key=lambda one: one.concern):
            found = list(group)
            lines += ["", f"{TITLES[concern]} ({len(found)})", *(line for one in found for line in _lines(one))]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The same for a program."""
        return {
            "a": _book(self.first),
            "b": _book(self.second),
            "decided": self.decided,
            "differences": [_difference(one) for one in self.differences],
            "unusable": list(self.unusable),
        }


def shadow_comparison(
    places: Iterable[Path], both: tuple[PlanningRules, PlanningRules], at: datetime | None, now: datetime
) -> ShadowComparison:
    """Every file under both rulebooks, one at a time; what cannot be used is named and the rest goes on."""
    found: list[Difference] = []
    unusable: list[str] = []
    decided = 0
    for path in bundle_files(places):
        try:
            one = difference(comparison_case(path, at, now), *both)
        except UnusableFile as fault:
            unusable.append(str(fault))
            continue
        except (NoPatient, SeveralPatients) as fault:
            unusable.append(f"{path}: {fault}")
            continue
        decided += 1
        found += [one] if one else []
    return ShadowComparison(*both, decided, by_concern(found), tuple(unusable))


def _lines(one: Difference) -> list[str]:
    same = one.before == one.after
    lines = [f"  {one.name}: {one.after}, under both" if same else f"  {one.name}: A {one.before}, B {one.after}"]
    lines += [f"    {_moved(dose)}" for dose in one.doses]
    lines += [f"    {mark}" for mark in one.marks]
    if one.symptoms and one.concern in (Concern.RISE_DESPITE_SYMPTOMS, Concern.HIGHER_DESPITE_SYMPTOMS):
        more = len(one.symptoms) - SHOWN
        lines.append(
            f"    worse: {'; '.join(map(str, one.symptoms[:SHOWN]))}{f'; and {more} more' if more > 0 else ''}"
        )
    return lines


def _moved(dose: DoseDifference) -> str:
    before, after = dose_words(dose.before), dose_words(dose.after)
    return f"{dose.exercise}: in force {dose_words(dose.current)}, A {before}, B {after}"


def _book(rules: PlanningRules) -> dict[str, str]:
    return {"version": rules.rulebook.version, "digest": rules.rulebook.digest}


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "name": one.name,
        "concern": one.concern.name.lower().replace("_", "-"),
        "before": str(one.before),
        "after": str(one.after),
        "doses": [
            {
                "exercise": dose.exercise,
                "current": _dose(dose.current),
                "before": _dose(dose.before),
                "after": _dose(dose.after),
            }
            for dose in one.doses
        ],
        "symptoms": [str(line) for line in one.symptoms],
        "flagsLost": list(one.flags_lost),
        "marks": [str(mark) for mark in one.marks],
    }


def _dose(dose: Dose | None) -> dict[str, Any] | None:
    if dose is None:
        return None
    return {"amount": dose.amount, "unit": dose.unit, "sets": dose.sets, "load": dose.load}
