"""Half a year of one person: lives, reports, is decided on, is answered, and lives on with the plan that stands then.

Every run reads the chart as an EHR would give it; nothing is handed from one week to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from titrate.app.pipeline import PlanningRules
from titrate.clinical.values.plan import Phase
from titrate.simulation import clinician
from titrate.simulation.absences import away_days, flag_days, silent_days
from titrate.simulation.course_state import NEVER, CourseState
from titrate.simulation.course_step import Step, doses_of
from titrate.simulation.day import SimulatedDay, simulate_day
from titrate.simulation.diary import Day
from titrate.simulation.faults import sent
from titrate.simulation.fhir_reports import ReportWriter, patient
from titrate.simulation.in_memory_ehr import InMemoryEhr
from titrate.simulation.patient_model import PatientModel
from titrate.simulation.planning_run import run
from titrate.simulation.reports import reports
from titrate.simulation.simulated_patient import SimulatedPatient

FIRST = date(2025, 1, 6)  # a Monday; intake is the week before
INTAKE = 7
EXERTION = "rf16"
RUN_DAY = 0
# Days as far back as any rule reads; more would only be slower.
LOOKBACK = 60


@dataclass(frozen=True, slots=True)
class Course:
    """A person's half year: every day, every run, and the chart at the end."""

    person: SimulatedPatient
    days: tuple[Day, ...]
    steps: tuple[Step, ...]
    chart: InMemoryEhr


def course(person: SimulatedPatient, rules: PlanningRules, weeks: int) -> Course:
    """Live through it."""
    rules = replace(rules, lookback=min(rules.lookback, LOOKBACK))
    pen, length = ReportWriter(person, rules.site), weeks * 7
    away, silent = away_days(person, length), silent_days(person, length)
    life = CourseState(pen, InMemoryEhr(rules), PatientModel(dict(person.tolerance)), away, silent, flag_days(person))
    life.chart.post([patient(person), *clinician.admitted(pen, FIRST - timedelta(days=2))])
    for number in range(-INTAKE, length):
        _day(life, FIRST + timedelta(days=number), number)
    return Course(person, tuple(life.days), tuple(life.steps), life.chart)


def _day(life: CourseState, date_: date, number: int) -> None:
    life.chart.post(clinician.limits_set(life.pen, date_, number))
    life.chart.post(clinician.reviewed(life.pen, date_, number, life.plan.approved))
    cleared = _clear(life, date_, number)
    life.body, day = simulate_day(life.pen.person, life.body, _today(life, date_, number))
    day = replace(day, cleared=cleared, yes=_alarms(life, day))
    arrived = sent(life.pen, day, reports(life.pen, day))
    if arrived.fault:
        day = replace(day, faults=(arrived.fault,))
        life.wrong.append(arrived)
    life.chart.post(arrived.arrived)
    life.days.append(day)
    if _is_run_day(life, day):
        run(life, day)


def _today(life: CourseState, date_: date, number: int) -> SimulatedDay:
    """What the person finds on waking: orders, and trials asked for where there is no dose."""
    dosed = doses_of(life.plan)
    return SimulatedDay(
        date_,
        number,
        states=life.plan.exercises,
        trials=tuple(code for code in life.pen.person.tolerance if code not in dosed),
        stopped=bool(life.open_until) or life.plan.phase is Phase.STOPPED,
        away=number in life.away,
        paused=number in life.silent,
    )


def _clear(life: CourseState, date_: date, number: int) -> tuple[str, ...]:
    """Flags that the clinician closes today."""
    due = tuple(flag for flag, until in life.open_until.items() if until == number)
    life.chart.post(clinician.clearance(life.pen, date_, flag) for flag in due)
    for flag in due:
        del life.open_until[flag]
    return due


def _alarms(life: CourseState, day: Day) -> tuple[str, ...]:
    """Flags that the person reports today."""
    if day.away:
        return ()
    found = []
    if day.number in life.flags:
        flag, after = life.flags[day.number]
        life.open_until[flag] = day.number + after if after else NEVER
        found.append(flag)
    crash = life.pen.person.archetype.crash
    says = crash is not None and life.pen.person.number % 2 == 0 and life.body.crashes >= crash.said_after
    if says and EXERTION not in life.open_until:
        life.open_until[EXERTION] = NEVER
        found.append(EXERTION)
    return tuple(found)


def _is_run_day(life: CourseState, day: Day) -> bool:
    """Once a week, and on the day of something that cannot wait for it."""
    if day.number < -1:
        return False
    before = life.days[-4:-1]
    flared = day.ticked and not any(one.ticked for one in before)
    returned = bool(before) and before[-1].away and not day.away
    weekly = day.date.weekday() == RUN_DAY and day.number > 0
    return day.number == -1 or weekly or flared or returned or bool(day.yes or day.cleared)
