"""Patients in every phase, and two weeks of walks with a changed newest one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.clinical.thresholds.probe import WALK, Case, ago, walks
from tests.courses.build import minutes, state
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import SessionReported

LIGHT, LOW = minutes(12), minutes(16)


def two_weeks(**last: object) -> tuple[SessionReported, ...]:
    """Walks over two weeks; `last` has the changed fields of the newest."""
    return (*walks((14, 12, 10, 7, 5)), replace(walks((3,))[0], **last))  # type: ignore[arg-type]


def bad_on(*days: int) -> tuple[SessionReported, ...]:
    """Walks over two weeks, with a peak above the ceiling a number of days ago."""
    bad = {ago(d) for d in days}
    return tuple(replace(w, pain_peak=Decimal(6)) if w.stamp.day in bad else w for w in two_weeks())


def in_phase(phase: Phase, since: int = 10, **plan: object) -> Case:
    """A patient in this phase, with its dose and the dose recorded before it."""
    dose = {Phase.LIGHTER_WEEK: LIGHT, Phase.FLARE: minutes(14), Phase.RETURN: LOW, Phase.DELOAD: LOW}.get(phase, WALK)
    role = {Phase.LIGHTER_WEEK: "reference", Phase.FLARE: "before_flare", Phase.RETURN: "before_flare"}
    kept = {role[phase]: WALK} if phase in role else {}
    given = None if phase in (Phase.BASELINE, Phase.INTAKE) else dose
    states = (state("walking", given, 3, ago(since), **kept),)
    sessions = tuple(walks((9, 7, 5, 3), dose))
    return Case(states=states, sessions=sessions, phase=phase, since=since, plan=plan)
