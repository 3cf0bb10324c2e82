"""What goes on from day to day while a course is lived: body, plan, chart, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.clinical.plan import NO_PLAN, PlanInForce
from service.cohort.body import Body
from service.cohort.chart import Chart
from service.cohort.diary import Day
from service.cohort.faults import Sent
from service.cohort.shapes import Pen
from service.cohort.step import Step

# The day on which a flag is cleared that never is.
NEVER = 10**6


@dataclass
class Life:
    """One life. `flags` are to come; `open_until`: open ones with the day of their clearance; `wrong`: came wrong."""

    pen: Pen
    chart: Chart
    body: Body
    away: frozenset[int]
    silent: frozenset[int]
    flags: Mapping[int, tuple[str, int]]
    plan: PlanInForce = NO_PLAN
    open_until: dict[str, int] = field(default_factory=dict)
    days: list[Day] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    wrong: list[Sent] = field(default_factory=list)
