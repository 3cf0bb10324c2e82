"""The course of one simulated patient, day by day: sessions, reports, runs and the clinician's answers.

Every run reads the chart as it would read an EHR; the rules keep nothing from one week to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from titrate.app.pipeline import PlanningRules
from titrate.clinical.values.plan import Phase
from titrate.simulation import clinician
from titrate.simulation.body_state import BodyState
from titrate.simulation.course_state import NEVER, CourseState, CourseStep, doses_of
from titrate.simulation.daily_reports import arriving_reports, reports
from titrate.simulation.diary import Day
from titrate.simulation.fhir_reports import ReportWriter, patient_resource
from titrate.simulation.in_memory_ehr import InMemoryEhr
from titrate.simulation.planning_run import run
from titrate.simulation.simulated_day import SimulatedDay, simulate_day
from titrate.simulation.simulated_patient import SimulatedPatient, away_days, flag_days, silent_days

FIRST = date(2025, 1, 6)  # a Monday; intake is the week before
INTAKE = 7
EXERTION = "rf16"
RUN_DAY = 0
# No rule reads further back; more days would only be slower.
LOOKBACK = 60


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a simulated patient: every day, every run, and the chart at the end."""

    patient: SimulatedPatient
    days: tuple[Day, ...]
    steps: tuple[CourseStep, ...]
    chart: InMemoryEhr


def simulate_course(patient: SimulatedPatient, rules: PlanningRules, weeks: int) -> Course:
    """Simulate `weeks` weeks after the intake week."""
    rules = replace(rules, lookback=min(rules.lookback, LOOKBACK))
    writer, length = ReportWriter(patient, rules.site), weeks * 7
    away, silent = away_days(patient, length), silent_days(patient, length)
    state = CourseState(
        writer, InMemoryEhr(rules), BodyState(dict(patient.tolerance)), away, silent, flag_days(patient)
    )
    state.chart.post([patient_resource(patient), *clinician.intake_resources(writer, FIRST - timedelta(days=2))])
    for number in range(-INTAKE, length):
        _day(state, FIRST + timedelta(days=number), number)
    return Course(patient, tuple(state.days), tuple(state.steps), state.chart)


def _day(state: CourseState, date_: date, number: int) -> None:
    state.chart.post(clinician.surgical_limits(state.writer, date_, number))
    state.chart.post(clinician.review_entries(state.writer, date_, number, state.plan.approved))
    cleared = _clear(state, date_, number)
    state.body, day = simulate_day(state.writer.patient, state.body, _today(state, date_, number))
    day = replace(day, cleared=cleared, reported_flags=_reported_flags(state, day))
    arrived = arriving_reports(state.writer, day, reports(state.writer, day))
    if arrived.fault:
        day = replace(day, faults=(arrived.fault,))
        state.wrong.append(arrived)
    state.chart.post(arrived.arrived)
    state.days.append(day)
    if _is_run_day(state, day):
        run(state, day)


def _today(state: CourseState, date_: date, number: int) -> SimulatedDay:
    """The setting of the day: orders, and trials of exercises without a dose."""
    dosed = doses_of(state.plan)
    return SimulatedDay(
        date_,
        number,
        states=state.plan.exercises,
        trials=tuple(code for code in state.writer.patient.tolerance if code not in dosed),
        stopped=bool(state.open_until) or state.plan.phase is Phase.STOPPED,
        away=number in state.away,
        paused=number in state.silent,
    )


def _clear(state: CourseState, date_: date, number: int) -> tuple[str, ...]:
    """Clear the flags that are due today."""
    due = tuple(flag for flag, until in state.open_until.items() if until == number)
    state.chart.post(clinician.clearance(state.writer, date_, flag) for flag in due)
    for flag in due:
        del state.open_until[flag]
    return due


def _reported_flags(state: CourseState, day: Day) -> tuple[str, ...]:
    """The flags that the patient reports today."""
    if day.away:
        return ()
    found = []
    if day.number in state.flags:
        flag, after = state.flags[day.number]
        state.open_until[flag] = day.number + after if after else NEVER
        found.append(flag)
    crash = state.writer.patient.archetype.crash
    reports_crash = (
        crash is not None and state.writer.patient.number % 2 == 0 and state.body.crashes >= crash.reported_after
    )
    if reports_crash and EXERTION not in state.open_until:
        state.open_until[EXERTION] = NEVER
        found.append(EXERTION)
    return tuple(found)


def _is_run_day(state: CourseState, day: Day) -> bool:
    """Once a week, and on the day of a flare, a return or a flag."""
    if day.number < -1:
        return False
    before = state.days[-4:-1]
    flared = day.flare_reported and not any(one.flare_reported for one in before)
    returned = bool(before) and before[-1].away and not day.away
    weekly = day.date.weekday() == RUN_DAY and day.number > 0
    return day.number == -1 or weekly or flared or returned or bool(day.reported_flags or day.cleared)
