"""What goes on from day to day while a course is lived: body, plan, chart, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from titrate.clinical.values.plan import NO_PLAN, PlanInForce
from titrate.simulation.course_step import Step
from titrate.simulation.diary import Day
from titrate.simulation.faults import Sent
from titrate.simulation.fhir_reports import ReportWriter
from titrate.simulation.in_memory_ehr import InMemoryEhr
from titrate.simulation.patient_model import PatientModel

# The day on which a flag is cleared that never is.
NEVER = 10**6


@dataclass
class CourseState:
    """One life. `flags` are to come; `open_until`: open ones with the day of their clearance; `wrong`: came wrong."""

    pen: ReportWriter
    chart: InMemoryEhr
    body: PatientModel
    away: frozenset[int]
    silent: frozenset[int]
    flags: Mapping[int, tuple[str, int]]
    plan: PlanInForce = NO_PLAN
    open_until: dict[str, int] = field(default_factory=dict)
    days: list[Day] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    wrong: list[Sent] = field(default_factory=list)
