"""What one version of a plan changes against another, as a short list that a clinician reads in a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.values.decision import LimitUsed, Prescription
from titrate.clinical.values.plan import Dose, Phase, PlanInForce
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.doses import dose_words
from titrate.fhir.narrative.labels import LIMITS, PHASES
from titrate.messages import Message
from titrate.messages.narrative import (
    DoseChanges,
    ExerciseBegins,
    ExerciseEnds,
    FrequencyChanges,
    LimitChanges,
    PhaseChanges,
)


@dataclass(frozen=True, slots=True)
class Version:
    """What a comparison of two versions covers: phase, dose and sessions a week by exercise, limits by name."""

    phase: Phase
    doses: Mapping[str, tuple[Dose, int]]
    limits: Mapping[str, Decimal]


def version_in_force(plan: PlanInForce, limits: Iterable[LimitUsed] = ()) -> Version:
    """The plan in force, with the limits that it shows."""
    doses = {item.exercise: (item.dose, item.weekly_frequency) for item in plan.exercises if item.dose}
    return Version(plan.phase, doses, {limit.name: limit.value for limit in limits})


def proposed_version(prescription: Prescription) -> Version:
    """The proposed plan."""
    doses = {item.exercise: (item.dose, item.weekly_frequency) for item in prescription.exercises if item.dose}
    return Version(prescription.phase, doses, {limit.name: limit.value for limit in prescription.limits})


def differences(before: Version, after: Version, rulebook: Rulebook) -> tuple[Message, ...]:
    """One sentence per change, in the order of the new version. Equal values do not appear."""
    return (*_doses(before, after, rulebook), *_limits(before, after), *_phase(before, after))


def _doses(before: Version, after: Version, rulebook: Rulebook) -> Iterator[Message]:
    for code in dict.fromkeys((*after.doses, *before.doses)):
        known = rulebook.exercises.get(code)
        name = known.display if known else code
        old, new = before.doses.get(code), after.doses.get(code)
        if old is None and new is not None:
            yield ExerciseBegins(exercise=name, dose=dose_words(new[0]), weekly=new[1])
        elif new is None and old is not None:
            yield ExerciseEnds(exercise=name, dose=dose_words(old[0]), weekly=old[1])
        elif old is not None and new is not None:
            yield from _changes(name, old, new)


def _changes(name: str, old: tuple[Dose, int], new: tuple[Dose, int]) -> Iterator[Message]:
    if old[0] != new[0]:
        yield DoseChanges(exercise=name, before=dose_words(old[0]), after=dose_words(new[0]))
    if old[1] != new[1]:
        yield FrequencyChanges(exercise=name, before=old[1], after=new[1])


def _limits(before: Version, after: Version) -> Iterator[Message]:
    for name, value in after.limits.items():
        if name in before.limits and before.limits[name] != value:
            old, new = before.limits[name].normalize(), value.normalize()
            yield LimitChanges(limit=LIMITS.get(name, name), before=old, after=new)


def _phase(before: Version, after: Version) -> Iterator[Message]:
    if before.phase is not after.phase:
        yield PhaseChanges(before=PHASES[before.phase], after=PHASES[after.phase])
