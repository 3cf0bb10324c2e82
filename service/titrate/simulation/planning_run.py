"""One run of a course: the pipeline on the chart, the clinician's answer, and the actions that follow."""

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
from titrate.simulation.course_state import NEVER, CourseState, CourseStep, doses_of
from titrate.simulation.diary import Day
from titrate.simulation.in_memory_ehr import InMemoryEhr

RUN_HOUR, ANSWER_HOUR, PHASE_HOUR = 20, 21, 22
# Days until the clinician assesses and closes a flag that the run found.
DAYS_TO_CLEARANCE = 4
LONG_FLARE = range(14, 21)
APPROVED = "approved"


def run(state: CourseState, day: Day) -> None:
    """The run of the evening, the clinician's answer to its draft, and the actions that follow."""
    patient, chart = state.writer.patient, state.chart
    before = doses_of(state.plan)
    result = plan_patient(FetchResult(chart.found(day.date)), chart.rules, patient.clock(day.date, RUN_HOUR))
    _assess_found_flags(state, result, day)
    unearned = _unearned_rises(state, result, day)
    chart.apply(result.bundle.get("entry", ()))
    answer = _answer(state, result, day)
    state.plan = (
        _in_force(state, result, patient.clock(day.date, ANSWER_HOUR, 30)) if answer.did == APPROVED else state.plan
    )
    decision = result.evaluation.decision
    step = CourseStep(
        day=day.date,
        number=day.number,
        at=result.at,
        rule=decision.rule,
        outcome=decision.outcome.value,
        notes=decision.notes,
        reasons=tuple(map(str, decision.reasons)),
        review=decision.review,
        phase_before=result.plan.phase.value,
        phase=decision.phase.value,
        before=before,
        after=doses_of(state.plan),
        answer=answer.did,
        why=answer.why,
        phase_set=_phase_change(state, result, day),
        unearned=unearned,
    )
    state.steps.append(step)


def _assess_found_flags(state: CourseState, result: PipelineResult, day: Day) -> None:
    """Open the flags that the run found in the reports; the clinician closes all of them except crashes."""
    new = tuple(
        one.flag for one in result.evaluation.flags if one.urgency.stops_exercise and one.flag not in state.open_until
    )
    for flag in new:
        state.open_until[flag] = NEVER if state.writer.patient.archetype.crash else day.number + DAYS_TO_CLEARANCE
    if new:
        state.days[-1] = replace(day, reported_flags=(*day.reported_flags, *new))


def _in_force(state: CourseState, result: PipelineResult, at: datetime) -> PlanInForce:
    """The plan in force as the chart shows it after an answer. Only reads: deciding again would plan twice a day."""
    rules = state.chart.rules
    resources, patient = state.chart.found(at.date()), result.readings.person
    return current_plan(PlanResources.sort(resources, patient, rules.rulebook, rules.site, at))


def _phase_change(state: CourseState, result: PipelineResult, day: Day) -> str:
    """Restart a stopped plan once its flags are cleared; end a return without progress when a review is due.

    A flare from before the first plan has no usual pain to return to; the clinician sets one after two weeks.
    """
    phase, review = result.plan.phase, result.evaluation.decision.review
    if phase is Phase.FLARE and result.plan.usual_pain is None and day.number in LONG_FLARE:
        state.chart.post(clinician.usual_symptoms(state.writer, day.date))
    if phase is Phase.STOPPED and not state.open_until:
        return _set_phases(state, result, day, (Phase.BASELINE,), "the flag is cleared")
    if phase is Phase.RETURN and review and result.evaluation.decision.phase is Phase.RETURN:
        return _set_phases(state, result, day, (Phase.MAINTENANCE, Phase.LOADING), "reviewed: the ladder goes nowhere")
    return ""


def _set_phases(state: CourseState, result: PipelineResult, day: Day, phases: tuple[Phase, ...], why: str) -> str:
    for minute, phase in enumerate(phases):
        at = state.writer.patient.clock(day.date, PHASE_HOUR, minute)
        if not clinician.phase_set(state.chart, _in_force(state, result, at), phase, at, why):
            return ""
        state.plan = _in_force(state, result, at + timedelta(seconds=1))
    return phases[-1].value


def _answer(state: CourseState, result: PipelineResult, day: Day) -> clinician.DraftAnswer:
    """Half of the clinicians approve a draft without exercise, the others leave it open."""
    stops = result.evaluation.decision.outcome is Outcome.STOP_ESCALATE
    if stops and state.writer.patient.number % 2 == 0:
        return clinician.DraftAnswer("left", ("a flag is open",))
    return clinician.answer_draft(state.chart, result, state.writer.patient.clock(day.date, ANSWER_HOUR))


def _unearned_rises(state: CourseState, result: PipelineResult, day: Day) -> tuple[str, ...]:
    """Exercises that rise now and would not have qualified, chosen or deferred, without faulty device reports."""
    rises = {
        c.exercise: c for c in result.evaluation.decision.doses if c.next and c.current and is_higher(c.next, c.current)
    }
    if not rises or not state.wrong:
        return ()
    wrong = {name(one) for day_reports in state.wrong for one in day_reports.arrived}
    held = {place: one for place, one in state.chart.held.items() if place not in wrong}
    other = InMemoryEhr(state.chart.rules, held)
    other.post(one for day_reports in state.wrong for one in day_reports.without_fault)
    without_fault = plan_patient(FetchResult(other.found(day.date)), other.rules, result.at)
    earned = {c.exercise: c.next for c in without_fault.evaluation.decision.doses}
    earned |= {c.exercise: c.step for c in without_fault.evaluation.decision.candidates if c.eligible}
    return tuple(code for code, change in rises.items() if is_higher(change.next, earned.get(code)))
