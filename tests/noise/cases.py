"""Patients for the measurement of needless holds: random days of simulated courses, with and without noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from tests.fuzz.cases import doses_of, patients, rules
from tests.noise.records import with_noise
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.clinical.values.plan import Dose
from titrate.json_codec import dumps, loads
from titrate.simulation.course import simulate_course
from titrate.simulation.in_memory_ehr import bundle_of
from titrate.simulation.simulated_patient import archetypes, simulated_patient

Json = dict[str, Any]
# Weeks of a simulated course, the hour of its weekly run, and the noisy records of each course.
WEEKS, HOUR = (1, 12), 20
NOISY_RECORDS = 4


@dataclass(frozen=True, slots=True)
class NoisyCase:
    """One patient at one moment: the record, and the same record with noise."""

    name: str
    at: datetime
    resources: tuple[Json, ...]
    noisy: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the record and the noisy record give: the rules, and the exercises with less in the noisy one."""

    case: str
    rule: str
    noisy_rule: str
    lower: tuple[str, ...]


def fixture_cases(seed: int, count: int) -> Iterator[NoisyCase]:
    """`count` cases on the fixture patients."""
    for number in range(count):
        random = Random(f"{seed}-{number}")  # noqa: S311
        one = random.choice(patients())
        yield NoisyCase(f"{one.name}-{number}", one.at, one.resources, with_noise(random, one.resources, one.at))


def course_cases(seed: int, count: int) -> Iterator[NoisyCase]:
    """`count` cases on simulated courses of random kinds and lengths, each course with several noisy records."""
    for first in range(0, count, NOISY_RECORDS):
        at, resources = _course(Random(f"{seed}-course-{first}"), first)  # noqa: S311
        for number in range(first, min(count, first + NOISY_RECORDS)):
            noisy = with_noise(Random(f"{seed}-{number}"), resources, at)  # noqa: S311
            yield NoisyCase(f"course-{number}", at, resources, noisy)


def _course(random: Random, number: int) -> tuple[datetime, tuple[Json, ...]]:
    archetype = random.choice(archetypes())
    patient = simulated_patient(archetype, number, random.randrange(10**6))
    course = simulate_course(patient, rules(), random.randint(*WEEKS))
    entries: Sequence[Json] = loads(dumps(bundle_of(course.chart)))["entry"]
    return patient.clock(course.days[-1].date, HOUR), tuple(entry["resource"] for entry in entries)


def outcome_of(case: NoisyCase) -> Outcome:
    """Plan both records."""
    plain, noisy = (_planned(resources, case.at) for resources in (case.resources, case.noisy))
    whole, left = doses_of(plain), doses_of(noisy)
    lower = tuple(name for name, dose in whole.items() if _is_lower(left.get(name), dose))
    return Outcome(case.name, _rule(plain), _rule(noisy), lower)


def _planned(resources: tuple[Json, ...], at: datetime) -> PipelineResult:
    return plan_patient(FetchResult(resources), rules(), at)


def _rule(result: PipelineResult) -> str:
    return result.evaluation.decision.rule


def _is_lower(dose: Dose | None, whole: Dose | None) -> bool:
    if whole is None:
        return False
    return dose is None or (dose.load or 0, dose.amount) < (whole.load or 0, whole.amount)
