"""Half a year of one person: lives, reports, is decided on, is answered, and lives on with the plan that stands then.

Every run reads the chart as an EHR would give it; nothing is handed from one week to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from service.clinical.decision import Outcome
from service.clinical.plan import NO_PLAN, Phase, PlanInForce
from service.cohort import clinician
from service.cohort.absences import away_days, flag_days, silent_days
from service.cohort.body import Body
from service.cohort.chart import Chart
from service.cohort.diary import Day
from service.cohort.faults import Sent, sent
from service.cohort.living import Today, lived
from service.cohort.person import Person
from service.cohort.reports import reports
from service.cohort.shapes import Pen, patient
from service.cohort.step import Step, doses_of
from service.fhir.elements import name
from service.fhir.standing import stand
from service.sync.corridor import Rules, Walked, walk
from service.sync.shadow import above

FIRST = date(2025, 1, 6)  # a Monday; intake is the week before
INTAKE = 7
RUNS, ANSWERS, RESTARTS = 20, 21, 22
EXERTION = "rf16"
RUN_DAY = 0
NEVER = 10**6
LONG_FLARE = range(14, 21)
# Days as far back as any rule reads; more would only be slower.
LOOKBACK = 60
APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Course:
    """A person's half year: every day, every run, and the chart at the end."""

    person: Person
    days: tuple[Day, ...]
    steps: tuple[Step, ...]
    chart: Chart


@dataclass
class _Life:
    """What goes on from day to day while a course is lived."""

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


def course(person: Person, rules: Rules, weeks: int) -> Course:
    """Live through it."""
    rules = replace(rules, lookback=min(rules.lookback, LOOKBACK))
    pen, length = Pen(person, rules.site), weeks * 7
    away, silent = away_days(person, length), silent_days(person, length)
    life = _Life(pen, Chart(rules), Body(dict(person.tolerance)), away, silent, flag_days(person))
    life.chart.post([patient(person), *clinician.admitted(pen, FIRST - timedelta(days=2))])
    for number in range(-INTAKE, length):
        _day(life, FIRST + timedelta(days=number), number)
    return Course(person, tuple(life.days), tuple(life.steps), life.chart)


def _day(life: _Life, date_: date, number: int) -> None:
    life.chart.post(clinician.limits_set(life.pen, date_, number))
    life.chart.post(clinician.reviewed(life.pen, date_, number, life.plan.approved))
    cleared = _clear(life, date_, number)
    life.body, day = lived(life.pen.person, life.body, _today(life, date_, number))
    day = replace(day, cleared=cleared, yes=_alarms(life, day))
    arrived = sent(life.pen, day, reports(life.pen, day))
    if arrived.fault:
        day = replace(day, faults=(arrived.fault,))
        life.wrong.append(arrived)
    life.chart.post(arrived.arrived)
    life.days.append(day)
    if _is_run_day(life, day):
        _run(life, day)


def _today(life: _Life, date_: date, number: int) -> Today:
    """What the person finds on waking: orders, and trials asked for where there is no dose."""
    dosed = doses_of(life.plan)
    return Today(
        date_,
        number,
        states=life.plan.exercises,
        trials=tuple(code for code in life.pen.person.tolerance if code not in dosed),
        stopped=bool(life.open_until) or life.plan.phase is Phase.STOPPED,
        away=number in life.away,
        paused=number in life.silent,
    )


def _clear(life: _Life, date_: date, number: int) -> tuple[str, ...]:
    """Flags that the clinician closes today."""
    due = tuple(flag for flag, until in life.open_until.items() if until == number)
    life.chart.post(clinician.clearance(life.pen, date_, flag) for flag in due)
    for flag in due:
        del life.open_until[flag]
    return due


def _alarms(life: _Life, day: Day) -> tuple[str, ...]:
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


def _is_run_day(life: _Life, day: Day) -> bool:
    """Once a week, and on the day of something that cannot wait for it."""
    if day.number < -1:
        return False
    before = life.days[-4:-1]
    flared = day.ticked and not any(one.ticked for one in before)
    returned = bool(before) and before[-1].away and not day.away
    weekly = day.date.weekday() == RUN_DAY and day.number > 0
    return day.number == -1 or weekly or flared or returned or bool(day.yes or day.cleared)


def _run(life: _Life, day: Day) -> None:
    """The evening's run, the clinician's answer to its draft, and what it makes the clinician do."""
    person, chart = life.pen.person, life.chart
    before = doses_of(life.plan)
    walked = walk(chart.found(day.date), chart.rules, person.clock(day.date, RUNS))
    helped = _helped(life, walked, day)
    chart.carry_out(walked.bundle.get("entry", ()))
    answer = _answer(life, walked, day)
    life.plan = _in_force(life, walked, person.clock(day.date, ANSWERS, 30)) if answer.did == APPROVED else life.plan
    decision = walked.result.decision
    step = Step(
        day=day.date,
        number=day.number,
        at=walked.at,
        rule=decision.rule,
        outcome=decision.outcome.value,
        notes=decision.notes,
        reasons=decision.reasons,
        review=decision.review,
        phase_before=walked.plan.phase.value,
        phase=decision.phase.value,
        before=before,
        after=doses_of(life.plan),
        answer=answer.did,
        why=answer.why,
        moved=_moves(life, walked, day),
        helped=helped,
    )
    life.steps.append(step)


def _in_force(life: _Life, walked: Walked, at: datetime) -> PlanInForce:
    """The plan in force as the chart shows it now."""
    rules = life.chart.rules
    return stand(life.chart.found(at.date()), walked.heard.person, rules.rulebook, rules.site, at)


def _moves(life: _Life, walked: Walked, day: Day) -> str:
    """A stopped plan begins anew once its flags are cleared; a return that goes nowhere ends when review is asked.

    A flare from before the first plan, which has no usual pain to settle to, gets one after two weeks.
    """
    phase, review = walked.plan.phase, walked.result.decision.review
    if phase is Phase.FLARE and walked.plan.usual_pain is None and day.number in LONG_FLARE:
        life.chart.post(clinician.usual_known(life.pen, day.date))
    if phase is Phase.STOPPED and not life.open_until:
        return _move(life, walked, day, (Phase.BASELINE,), "the flag is cleared")
    if phase is Phase.RETURN and review and walked.result.decision.phase is Phase.RETURN:
        return _move(life, walked, day, (Phase.MAINTENANCE, Phase.LOADING), "reviewed: the ladder goes nowhere")
    return ""


def _move(life: _Life, walked: Walked, day: Day, phases: tuple[Phase, ...], why: str) -> str:
    for minute, phase in enumerate(phases):
        at = life.pen.person.clock(day.date, RESTARTS, minute)
        if not clinician.moved(life.chart, _in_force(life, walked, at), phase, at, why):
            return ""
        life.plan = _in_force(life, walked, at + timedelta(seconds=1))
    return phases[-1].value


def _answer(life: _Life, walked: Walked, day: Day) -> clinician.Answer:
    """Half of the clinicians stop a plan by approving the draft without exercise, half leave it open meanwhile."""
    stops = walked.result.decision.outcome is Outcome.STOP_ESCALATE
    if stops and life.pen.person.number % 2 == 0:
        return clinician.Answer("left", ("a flag is open",))
    return clinician.answered(life.chart, walked, life.pen.person.clock(day.date, ANSWERS))


def _helped(life: _Life, walked: Walked, day: Day) -> tuple[str, ...]:
    """Exercises that rise now and would not have earned it, chosen or deferred, without what devices sent wrong."""
    rises = {c.exercise: c for c in walked.result.decision.doses if c.next and c.current and above(c.next, c.current)}
    if not rises or not life.wrong:
        return ()
    wrong = {name(one) for sent_ in life.wrong for one in sent_.arrived}
    held = {place: one for place, one in life.chart.held.items() if place not in wrong}
    other = Chart(life.chart.rules, held)
    other.post(one for sent_ in life.wrong for one in sent_.truly)
    truly = walk(other.found(day.date), other.rules, walked.at)
    earned = {c.exercise: c.next for c in truly.result.decision.doses}
    earned |= {c.exercise: c.step for c in truly.result.decision.candidates if c.eligible}
    return tuple(code for code, change in rises.items() if above(change.next, earned.get(code)))
