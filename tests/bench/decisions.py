"""Decisions a second on one core: `python -m tests.bench.decisions [SECONDS]`. A measurement, not a test.

A decision is one run of `service/titrate/clinical` with its whole trace, from readings and the plan in force. The cases
are the synthetic patients, and random courses of 35 days with more sessions, which are the same each time.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from statistics import mean, median, quantiles
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.bench.steps import patients
from tests.contract.people import rules
from tests.courses.examples import Course
from tests.courses.strategies import courses
from titrate.app.pipeline import PlanningRules
from titrate.clinical.evaluate import evaluate
from titrate.clinical.picture.clinical_picture import clinical_picture
from titrate.clinical.picture.data_sufficiency import missing_data
from titrate.clinical.prescription.exercise_prescription import prescribe
from titrate.clinical.prescription.tolerance_assessment import assess
from titrate.clinical.record.patient_record import patient_record
from titrate.clinical.rules.decision_table import decide
from titrate.clinical.values.plan import PlanInForce
from titrate.clinical.values.readings import PatientReadings
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.plan_state import PlanResources, current_plan
from titrate.fhir.read import read_patient
from titrate.json_codec import loads

COURSES = 300
STAGES = ("gather", "situation", "assess", "decide", "prescribe")


@dataclass(frozen=True, slots=True)
class Case:
    """The input of one decision."""

    readings: PatientReadings
    plan: PlanInForce
    rulebook: Rulebook
    at: datetime


def of_patients(shared: PlanningRules) -> list[Case]:
    """The synthetic patients as the service reads them."""
    return [_read(shared, content, at) for content, at in patients().values()]


def _read(shared: PlanningRules, content: bytes, at: datetime) -> Case:
    book, site = shared.rulebook, shared.site
    resources, _ = resources_of(loads(content))
    readings = read_patient(resources, book, shared.lookup, site, at)
    return Case(readings, current_plan(PlanResources.sort(resources, readings.person, book, site, at)), book, at)


def of_courses(number: int, rulebook: Rulebook) -> list[Case]:
    """A number of random courses, always the same ones."""
    found: list[Case] = []

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(courses())
    def keep(course: Course) -> None:
        readings, plan, at = course
        found.append(Case(readings, plan, rulebook, at))

    keep()
    return found


def make_decision(case: Case) -> None:
    """Make one decision, as the service does."""
    evaluate(case.readings, case.plan, case.rulebook, case.at)


def microseconds(work: Callable[[], Any]) -> float:
    """CPU time of this thread."""
    before = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - before) / 1000


def measurements(cases: Sequence[Case], seconds: float) -> list[list[float]]:
    """CPU microseconds of each decision in rounds over all cases, for `seconds` CPU seconds, after a warm-up round."""
    for case in cases:
        make_decision(case)
    rounds: list[list[float]] = []
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        rounds.append([microseconds(partial(make_decision, case)) for case in cases])
    return rounds


def stage_times(case: Case) -> tuple[float, ...]:
    """CPU microseconds of each stage of one decision."""
    spent: list[float] = []

    def timed(work: Callable[[], Any]) -> Any:
        before = time.thread_time_ns()
        result = work()
        spent.append((time.thread_time_ns() - before) / 1000)
        return result

    programme = case.rulebook.programmes["general"]
    record = timed(lambda: patient_record(case.readings, case.plan, case.rulebook, case.at))
    picture = timed(lambda: clinical_picture(record))
    lacking = missing_data(picture)
    timed(lambda: assess(picture, lacking))
    decision = timed(lambda: decide(picture, programme, lacking))
    timed(lambda: prescribe(picture, decision, programme))
    return tuple(spent)


def report(name: str, cases: Sequence[Case], seconds: float) -> Iterable[str]:
    """Rate, median, 95th percentile and stages of these cases. Other running programs affect the result."""
    rounds = measurements(cases, seconds)
    spent = [one for found in rounds for one in found]
    rate, best = 1_000_000 / mean(spent), 1_000_000 / min(mean(found) for found in rounds)
    yield f"{name}: {len(cases)} cases, {mean(len(c.readings.readings) for c in cases):.0f} readings each on average"
    yield f"  {rate:.0f} decisions a second, {best:.0f} in the fastest round"
    yield f"  CPU microseconds of a decision: median {median(spent):.0f}, p95 {quantiles(spent, n=20)[-1]:.0f}"
    stages = zip(*(stage_times(case) for _ in range(5) for case in cases), strict=True)
    shares = (f"{stage} {mean(one):.0f}" for stage, one in zip(STAGES, stages, strict=True))
    yield f"  by stage, mean: {', '.join(shares)}"


def main() -> None:
    """Print the cost of a decision."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    shared = rules()
    sets = {"synthetic patients": of_patients(shared), "random courses": of_courses(COURSES, shared.rulebook)}
    gc.collect()
    gc.freeze()  # what the measurement itself keeps alive is no cost of a decision
    for name, cases in sets.items():
        sys.stdout.write("\n".join(report(name, cases, seconds)) + "\n")


if __name__ == "__main__":
    main()
