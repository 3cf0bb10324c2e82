"""One run of a course: the corridor on the chart, the clinician's answer, and what it makes the clinician do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from titrate.app.compare_rulebooks import is_higher
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, plan_patient
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import Phase, PlanInForce
from titrate.fhir.elements import name
from titrate.fhir.plan_state import PlanResources, current_plan
from titrate.simulation import clinician
from titrate.simulation.course_state import NEVER, CourseState
from titrate.simulation.course_step import Step, doses_of
from titrate.simulation.diary import Day
from titrate.simulation.in_memory_ehr import InMemoryEhr

RUNS, ANSWERS, RESTARTS = 20, 21, 22
# Days until a flag that nobody reported, and the run found, is assessed and closed.
ASSESSED = 4
LONG_FLARE = range(14, 21)
APPROVED = "approved"


def run(life: CourseState, day: Day) -> None:
    """The evening's run, the clinician's answer to its draft, and what it makes the clinician do."""
    person, chart = life.pen.person, life.chart
    before = doses_of(life.plan)
    walked = plan_patient(FetchResult(chart.found(day.date)), chart.rules, person.clock(day.date, RUNS))
    _found(life, walked, day)
    helped = _helped(life, walked, day)
    chart.carry_out(walked.bundle.get("entry", ()))
    answer = _answer(life, walked, day)
    life.plan = _in_force(life, walked, person.clock(day.date, ANSWERS, 30)) if answer.did == APPROVED else life.plan
    decision = walked.evaluation.decision
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


def _found(life: CourseState, walked: PipelineResult, day: Day) -> None:
    """Flags that the run found in the reports: the clinician assesses them too, and closes all but crashes."""
    new = tuple(
        one.flag for one in walked.evaluation.flags if one.urgency.stops_exercise and one.flag not in life.open_until
    )
    for flag in new:
        life.open_until[flag] = NEVER if life.pen.person.archetype.crash else day.number + ASSESSED
    if new:
        life.days[-1] = replace(day, yes=(*day.yes, *new))


def _in_force(life: CourseState, walked: PipelineResult, at: datetime) -> PlanInForce:
    """The plan in force as the chart shows it after an answer. Only reads: deciding again would plan twice a day."""
    rules = life.chart.rules
    resources, person = life.chart.found(at.date()), walked.readings.person
    return current_plan(PlanResources.sort(resources, person, rules.rulebook, rules.site, at))


def _moves(life: CourseState, walked: PipelineResult, day: Day) -> str:
    """A stopped plan begins anew once its flags are cleared; a return that goes nowhere ends when review is asked.

    A flare from before the first plan, which has no usual pain to settle to, gets one after two weeks.
    """
    phase, review = walked.plan.phase, walked.evaluation.decision.review
    if phase is Phase.FLARE and walked.plan.usual_pain is None and day.number in LONG_FLARE:
        life.chart.post(clinician.usual_known(life.pen, day.date))
    if phase is Phase.STOPPED and not life.open_until:
        return _move(life, walked, day, (Phase.BASELINE,), "the flag is cleared")
    if phase is Phase.RETURN and review and walked.evaluation.decision.phase is Phase.RETURN:
        return _move(life, walked, day, (Phase.MAINTENANCE, Phase.LOADING), "reviewed: the ladder goes nowhere")
    return ""


def _move(life: CourseState, walked: PipelineResult, day: Day, phases: tuple[Phase, ...], why: str) -> str:
    for minute, phase in enumerate(phases):
        at = life.pen.person.clock(day.date, RESTARTS, minute)
        if not clinician.moved(life.chart, _in_force(life, walked, at), phase, at, why):
            return ""
        life.plan = _in_force(life, walked, at + timedelta(seconds=1))
    return phases[-1].value


def _answer(life: CourseState, walked: PipelineResult, day: Day) -> clinician.Answer:
    """Half of the clinicians stop a plan by approving the draft without exercise, half leave it open meanwhile."""
    stops = walked.evaluation.decision.outcome is Outcome.STOP_ESCALATE
    if stops and life.pen.person.number % 2 == 0:
        return clinician.Answer("left", ("a flag is open",))
    return clinician.answered(life.chart, walked, life.pen.person.clock(day.date, ANSWERS))


def _helped(life: CourseState, walked: PipelineResult, day: Day) -> tuple[str, ...]:
    """Exercises that rise now and would not have earned it, chosen or deferred, without what devices sent wrong."""
    rises = {
        c.exercise: c for c in walked.evaluation.decision.doses if c.next and c.current and is_higher(c.next, c.current)
    }
    if not rises or not life.wrong:
        return ()
    wrong = {name(one) for sent_ in life.wrong for one in sent_.arrived}
    held = {place: one for place, one in life.chart.held.items() if place not in wrong}
    other = InMemoryEhr(life.chart.rules, held)
    other.post(one for sent_ in life.wrong for one in sent_.truly)
    truly = plan_patient(FetchResult(other.found(day.date)), other.rules, walked.at)
    earned = {c.exercise: c.next for c in truly.evaluation.decision.doses}
    earned |= {c.exercise: c.step for c in truly.evaluation.decision.candidates if c.eligible}
    return tuple(code for code, change in rises.items() if is_higher(change.next, earned.get(code)))
