"""The intake profile on the clinician's page: the day, factors, readiness with prompts, own view, preferences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from titrate.clinical.insights.daily_activities import Block, DailyRoutine, PostureLoad
from titrate.clinical.insights.exercise_preferences import ExerciseOption, ExercisePreferences
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.insights.outcome_measures import PatientView
from titrate.clinical.insights.psychosocial import Readiness
from titrate.clinical.insights.symptom_behaviour import Alternative, ReportedFactor
from titrate.clinical.values.rulebook import Domain
from titrate.fhir.narrative.labels import (
    WEEKDAYS,
    Name,
    display_name,
    display_names,
    duration,
    duration_or_dash,
    measure_label,
    names_of,
    quoted,
    short_number,
    unit_label,
)
from titrate.fhir.narrative.section import Section, Table, Text
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message, columns, headings
from titrate.messages import intake_profile as texts

_GROUPS: Mapping[str, Message] = {"blocks": texts.OrdinaryDayGroup(), "factors": texts.FactorsGroup()}


def intake_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """The sections of the intake profile; none where the patient never answered any of it."""
    intake = proposal.overview.intake if proposal.overview else None
    if intake is None:
        return ()
    name = names_of(proposal)
    unanswered = tuple(_GROUPS.get(one) or measure_label(proposal, one) for one in intake.unanswered)
    return (
        _day(intake.routine),
        _factors(intake, name),
        _readiness(proposal, intake.readiness),
        Section(headings.PatientViewHeading(), items=tuple(_view(proposal, view) for view in intake.patient_views)),
        _preferences(intake.preferences, name),
        Section(headings.UnansweredHeading(), (texts.NotKnown(questions=unanswered),) if unanswered else ()),
    )


def _day(routine: DailyRoutine) -> Section:
    """The map of the day, the load by posture, and how good and bad days differ."""
    heading = (
        columns.DayPartColumn(), columns.TaskColumn(), columns.PostureColumn(),
        columns.LongestStretchColumn(), columns.PainColumn(),
    )  # fmt: skip
    tasks = tuple(quoted(block.task) or display_name(block.posture) for block in routine.blocks if block.over)
    items = (
        *map(_posture, routine.postures),
        *((texts.PainAboveLimitIn(limit=short_number(routine.ceiling), tasks=tasks),) if tasks else ()),
        *_active_time(routine),
    )
    sentences = (texts.ReportedOn(day=routine.day),) if routine.day else ()
    return Section(headings.OrdinaryDayHeading(), sentences, Table(heading, tuple(map(_block, routine.blocks))), items)


def _block(block: Block) -> tuple[Text, ...]:
    return (
        display_name(block.part),
        quoted(block.task) or "-",
        display_name(block.posture),
        duration_or_dash(block.minutes),
        short_number(block.symptom),
    )


def _posture(load: PostureLoad) -> Message:
    posture, total, longest = display_name(load.posture), duration_or_dash(load.minutes), duration_or_dash(load.longest)
    if load.symptom is None:
        return texts.PostureWithoutRating(posture=posture, total=total, longest=longest)
    return texts.PostureOverDay(posture=posture, total=total, longest=longest, pain=short_number(load.symptom))


def _active_time(routine: DailyRoutine) -> tuple[Message, ...]:
    if routine.good is None or routine.bad is None:
        return ()
    times: Message = texts.ActiveTime(good=duration(routine.good), bad=duration(routine.bad))
    if routine.index is not None:
        times = texts.ActiveTimeRatio(times=times, index=short_number(routine.index))
    return (texts.ActiveTimeUneven(times=times) if routine.uneven else times,)


def _factors(intake: IntakeSummary, name: Name) -> Section:
    items = (*map(_factor, intake.factors), *(_alternatives(one, name) for one in intake.alternatives))
    return Section(headings.FactorsHeading(), items=items)


def _factor(reported: ReportedFactor) -> Message:
    """`brings symptoms on: stairs, pain from 10 repetitions on ("two flights")`."""
    factor: Text = display_name(reported.what) if reported.what else texts.FactorInOwnWords()
    if reported.threshold is not None:
        threshold, unit = short_number(reported.threshold), unit_label(reported.unit)
        if reported.symptom:
            symptom = display_name(reported.symptom)
            factor = texts.FactorWithSymptomFrom(factor=factor, symptom=symptom, threshold=threshold, unit=unit)
        else:
            factor = texts.FactorFrom(factor=factor, threshold=threshold, unit=unit)
    elif reported.symptom:
        factor = texts.FactorWithSymptom(factor=factor, symptom=display_name(reported.symptom))
    if reported.words:
        factor = texts.FactorQuoted(factor=factor, words=quoted(reported.words))
    return texts.FactorEases(factor=factor) if reported.eases else texts.FactorBringsOn(factor=factor)


def _alternatives(found: Alternative, name: Name) -> Message:
    exercise, factors = name(found.exercise), display_names(found.factors)
    if not found.instead:
        return texts.NoAlternative(exercise=exercise, factors=factors)
    alternatives = tuple(map(name, found.instead))
    return texts.AlternativesToChoose(exercise=exercise, factors=factors, alternatives=alternatives)


def _readiness(proposal: PlanProposal, readiness: Readiness) -> Section:
    """The answers, then each finding with a question for the clinician to ask."""
    prompts = proposal.rulebook.prompts
    barriers = tuple(
        prompts[f"barrier.{code}"].display if f"barrier.{code}" in prompts else display_name(code)
        for code in readiness.barriers
    )
    sentences = (
        _importance(proposal, readiness),
        *((texts.BarriersNamed(barriers=barriers),) if barriers else ()),
        *((texts.BarrierInOwnWords(words=quoted(readiness.barrier_words)),) if readiness.barrier_words else ()),
        *((texts.CommitmentQuoted(words=quoted(readiness.commitment)),) if readiness.commitment else ()),
    )
    rows = tuple((prompt.display, prompt.ask) for prompt in readiness.prompts)
    return Section(
        headings.ReadinessHeading(),
        sentences,
        Table((columns.FindingColumn(), columns.PromptColumn()), rows),
    )


def _importance(proposal: PlanProposal, readiness: Readiness) -> Message:
    importance, confidence = _of_ten(readiness.importance), _of_ten(readiness.confidence)
    stage = proposal.rulebook.prompts.get(f"readiness.{readiness.stage}")
    if stage is None:
        return texts.ImportanceAndConfidence(importance=importance, confidence=confidence)
    return texts.ImportanceConfidenceStage(importance=importance, confidence=confidence, stage=stage.display)


def _of_ten(score: Decimal | None) -> Message:
    return texts.ScoreNotKnown() if score is None else texts.ScoreOfTen(score=short_number(score))


def _view(proposal: PlanProposal, view: PatientView) -> Message:
    """First and latest answer; one answer alone has no direction."""
    first = texts.ViewOnce(
        question=measure_label(proposal, view.what), answer=display_name(view.first), day=view.first_day
    )
    if view.latest_day == view.first_day:
        return first
    text = {True: texts.ViewBetter, False: texts.ViewWorse, None: texts.ViewUnchanged}[view.better]
    return text(first=first, answer=display_name(view.latest), day=view.latest_day)


def _preferences(preferences: ExercisePreferences, name: Name) -> Section:
    if not preferences.choices and not preferences.without:
        return Section(headings.PreferencesHeading())
    without = tuple(domain.value for domain in preferences.without)
    sentences = (
        _free_time(preferences),
        *((texts.DomainsWithoutChoice(domains=without),) if without else ()),
    )
    choices = {domain: [_option(o, name) for o in preferences.choices if o.domain is domain] for domain in Domain}
    rows = tuple((domain.value, ", ".join(options)) for domain, options in choices.items() if options)
    heading = (columns.DomainColumn(), columns.SuitableExercisesColumn())
    return Section(headings.PreferencesHeading(), sentences, Table(heading, rows), preferences.doubts)


def _free_time(preferences: ExercisePreferences) -> Message:
    times = tuple(_free_times(preferences))
    free: Message
    if preferences.days:
        free = texts.FreeDays(times=times)
    else:
        free = texts.FreeDaysNotKnownBut(times=times) if times else texts.FreeDaysNotKnown()
    if preferences.equipment:
        return texts.FreeTimeAndEquipment(free=free, equipment=display_names(preferences.equipment))
    return texts.FreeTimeWithoutEquipment(free=free)


def _free_times(preferences: ExercisePreferences) -> Iterator[Text]:
    """Free days, parts of the day, and minutes a day."""
    yield from (WEEKDAYS[day - 1] for day in preferences.days)
    yield from display_names(preferences.parts)
    if preferences.minutes is not None:
        yield texts.FreeMinutesADay(minutes=duration(preferences.minutes))


def _option(option: ExerciseOption, name: Name) -> str:
    exercise = name(option.exercise)
    if option.liked and option.planned:
        return str(texts.ExerciseLikedAndPlanned(exercise=exercise))
    if option.liked:
        return str(texts.ExerciseLiked(exercise=exercise))
    return str(texts.ExercisePlanned(exercise=exercise)) if option.planned else exercise
