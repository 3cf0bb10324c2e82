"""Progress beside the decision: changed outcomes, psychosocial effects, timelines and the example week."""

from __future__ import annotations

from collections.abc import Iterator

from titrate.clinical.insights.goals import GoalTimeline
from titrate.clinical.insights.outcome_measures import OutcomeChange, outcome_summary
from titrate.clinical.insights.psychosocial import PsychosocialEffect
from titrate.clinical.insights.week_plan import WeekPlan
from titrate.fhir.doses import dose_words
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.labels import WEEKDAYS, Name, measure_label, names_of, short_number, unit_label
from titrate.fhir.narrative.section import Section, Table, Text
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message, columns, headings
from titrate.messages.progress import (
    AllDomainsCovered,
    DaysCanMove,
    DomainsWithoutExercise,
    DoseByDate,
    DoseByDateWithoutGoal,
    EffectOfFinding,
    EffectOfScore,
    FreeWeekday,
    GoalInWeek,
    GoalInWeekLikely,
    GoalOutOfReach,
    GoalUnrealistic,
    NumberedDay,
    RestDay,
    ScoreOn,
    TimelineExplained,
    VerdictDue,
    VerdictLarge,
    VerdictLargeDue,
)


def progress_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """Outcome changes, function before pain, and the effects of fear, sleep and mood."""
    overview = proposal.overview
    if overview is None:
        return ()
    summary = outcome_summary(overview.changes)
    heading = (
        columns.MeasureColumn(), columns.FirstScoreColumn(), columns.LatestScoreColumn(),
        columns.ImportantChangeColumn(), columns.VerdictColumn(),
    )  # fmt: skip
    rows = tuple(_change(proposal, change) for change in overview.changes)
    return (
        Section(headings.OutcomesHeading(), (summary,) if summary else (), Table(heading, rows)),
        Section(headings.EffectsHeading(), items=tuple(map(_effect, overview.effects))),
    )


def _effect(effect: PsychosocialEffect) -> Message:
    if effect.score is None:
        return EffectOfFinding(finding=effect.finding, follows=effect.follows)
    measure, score = effect.what.upper(), plain_number(effect.score)
    return EffectOfScore(measure=measure, score=score, finding=effect.finding, follows=effect.follows)


def _change(proposal: PlanProposal, change: OutcomeChange) -> tuple[Text, ...]:
    return (
        measure_label(proposal, change.measure),
        ScoreOn(score=short_number(change.first), day=change.first_day),
        ScoreOn(score=short_number(change.latest), day=change.latest_day),
        f"{short_number(change.important)}{unit_label(change.unit)}",
        _verdict(change),
    )


def _verdict(change: OutcomeChange) -> Text:
    verdict = change.verdict.value
    if change.substantial:
        return VerdictLargeDue(verdict=verdict) if change.due else VerdictLarge(verdict=verdict)
    return VerdictDue(verdict=verdict) if change.due else verdict


def outlook_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """Goal timelines and the example week."""
    overview = proposal.overview
    if overview is None:
        return ()
    name = names_of(proposal)
    lines = tuple(line for timeline in overview.timelines for line in _timeline(timeline, name))
    section = Section(headings.TimelineHeading(), (TimelineExplained(),) if lines else (), items=lines)
    return (section, *(_week(proposal, overview.week, name) if overview.week else ()))


def _timeline(timeline: GoalTimeline, name: Name) -> Iterator[Message]:
    """When the goal is reached, or that it is not realistic and what the clinician can offer."""
    exercise, by_then = name(timeline.exercise), dose_words(timeline.by_then)
    if timeline.target is None:
        yield DoseByDateWithoutGoal(exercise=exercise, dose=by_then, day=timeline.checked)
        return
    start, target, unit = dose_words(timeline.start), short_number(timeline.target), unit_label(timeline.unit)
    then = DoseByDate(exercise=exercise, dose=by_then, day=timeline.checked)
    if timeline.ends is not None:
        yield GoalOutOfReach(exercise=exercise, start=start, target=target, unit=unit, reason=timeline.ends)
        yield then
    elif timeline.steps is not None and timeline.earliest is not None and timeline.earliest_day is not None:
        goal = GoalInWeek(
            exercise=exercise,
            start=start,
            target=target,
            unit=unit,
            steps=timeline.steps,
            week=timeline.earliest,
            day=timeline.earliest_day,
        )
        likely = timeline.likely
        yield goal if likely is None else GoalInWeekLikely(goal=goal, first=likely[0], last=likely[1])
        if timeline.realistic is False and timeline.due is not None:
            yield GoalUnrealistic(due=timeline.due, offers=timeline.offers)
            yield then


def _week(proposal: PlanProposal, week: WeekPlan, name: Name) -> tuple[Section, ...]:
    rows = tuple(
        (_day(week, day), ", ".join(map(name, codes)) if codes else RestDay()) for day, codes in week.days.items()
    )
    missing = tuple(domain.value for domain in week.missing)
    sentences = (
        DaysCanMove(hours=proposal.rulebook.numbers.rest_same_tissue),
        week.warm_up,
        week.cool_down,
        DomainsWithoutExercise(domains=missing) if missing else AllDomainsCovered(),
    )
    options = tuple(
        (name(o.exercise), dose_words(o.full), dose_words(o.reduced), dose_words(o.minimum)) for o in week.options
    )
    heading = (
        columns.ExerciseColumn(), columns.FullDoseColumn(), columns.ReducedDoseColumn(),
        columns.SmallestDoseColumn(),
    )  # fmt: skip
    days = Table((columns.DayColumn(), columns.SessionOrderColumn()), rows)
    return (
        Section(headings.ExampleWeekHeading(), sentences, days, week.doubts),
        Section(headings.WorseDayHeading(), table=Table(heading, options)),
    )


def _day(week: WeekPlan, day: int) -> Message:
    """The weekday where free days are known, with a mark on free ones; else a number."""
    if not week.free:
        return NumberedDay(number=day)
    return FreeWeekday(weekday=WEEKDAYS[day - 1]) if day in week.free else WEEKDAYS[day - 1]
