"""What one version of a plan changes against another, as a short list that a clinician reads in a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from titrate.clinical.values.decision import LimitUsed, Prescription
from titrate.clinical.values.plan import Dose, Phase, PlanInForce
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.doses import dose_words
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.phrases import LIMITS, PHASES


@dataclass(frozen=True, slots=True)
class Version:
    """What two versions are compared by: phase, dose and sessions a week by exercise, limits by name."""

    phase: Phase
    doses: Mapping[str, tuple[Dose, int]]
    limits: Mapping[str, Decimal]


def version_in_force(plan: PlanInForce, limits: Iterable[LimitUsed] = ()) -> Version:
    """The plan that stands, with the limits that it shows."""
    doses = {item.exercise: (item.dose, item.weekly_frequency) for item in plan.exercises if item.dose}
    return Version(plan.phase, doses, {limit.name: limit.value for limit in limits})


def proposed_version(prescription: Prescription) -> Version:
    """The plan that is proposed."""
    doses = {item.exercise: (item.dose, item.weekly_frequency) for item in prescription.exercises if item.dose}
    return Version(prescription.phase, doses, {limit.name: limit.value for limit in prescription.limits})


def differences(before: Version, after: Version, rulebook: Rulebook) -> tuple[str, ...]:
    """One sentence a change, in the order of the new version; what is equal is not told."""
    return (*_doses(before, after, rulebook), *_limits(before, after), *_phase(before, after))


def _doses(before: Version, after: Version, rulebook: Rulebook) -> Iterator[str]:
    for exercise in dict.fromkeys((*after.doses, *before.doses)):
        known = rulebook.exercises.get(exercise)
        name = known.display if known else exercise
        then, now = before.doses.get(exercise), after.doses.get(exercise)
        if then is None and now is not None:
            yield f"{name} begins: {dose_words(now[0])}, {now[1]} a week"
        elif now is None and then is not None:
            yield f"{name} ends: it was {dose_words(then[0])}, {then[1]} a week"
        elif then is not None and now is not None:
            yield from _moved(name, then, now)


def _moved(name: str, then: tuple[Dose, int], now: tuple[Dose, int]) -> Iterator[str]:
    if then[0] != now[0]:
        yield f"{name}: {dose_words(then[0])} becomes {dose_words(now[0])}"
    if then[1] != now[1]:
        yield f"{name}: {then[1]} sessions a week become {now[1]}"


def _limits(before: Version, after: Version) -> Iterator[str]:
    for name, value in after.limits.items():
        if name in before.limits and before.limits[name] != value:
            yield f"{LIMITS.get(name, name)}: {plain_number(before.limits[name])} becomes {plain_number(value)}"


def _phase(before: Version, after: Version) -> Iterator[str]:
    if before.phase is not after.phase:
        yield f"Phase: {PHASES[before.phase]} becomes {PHASES[after.phase]}"
