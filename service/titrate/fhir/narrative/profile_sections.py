"""The patient's profile on the clinician's page: intensity, capability, pain, limits, goals, adherence, own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from titrate.clinical.insights.adherence import Diary, ExerciseAdherence, Pacing
from titrate.clinical.insights.clinician_overview import ClinicianOverview
from titrate.clinical.insights.goals import GoalPriority
from titrate.clinical.insights.heart_rate_zone import HeartRateZone
from titrate.clinical.insights.performance import Technique
from titrate.clinical.insights.symptom_behaviour import PainBehaviour, PainProfile
from titrate.clinical.values.rulebook import Domain
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.labels import (
    Name,
    display_name,
    duration,
    measure_label,
    names_of,
    quoted,
    short_number,
    times_words,
    unit_label,
)
from titrate.fhir.narrative.section import Section, Table
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message, columns, headings
from titrate.messages import patient_profile as texts

_PATTERNS: Mapping[str, Message] = {
    "worst-morning": texts.WorstInMorning(),
    "worst-midday": texts.WorstAtMidday(),
    "worst-evening": texts.WorstInEvening(),
    "worst-night": texts.WorstAtNight(),
    "even": texts.MuchTheSame(),
}


def profile_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """Intensity, capability, pain, limiting factors, technique, goals, adherence and comments."""
    overview = proposal.overview
    if overview is None:
        return ()
    name = names_of(proposal)
    behaviour = overview.intake.behaviour if overview.intake else None
    factors = tuple(
        texts.LimitingFactor(exercise=name(f.exercise), factor=f.factor, times=times_words(f.times), last=f.last)
        for f in overview.factors
    )
    comments = tuple(texts.CommentOn(day=day, comment=comment) for day, comment, _ in overview.cues.comments)
    return (
        _intensity(overview.heart_rate),
        _capability(proposal, overview),
        Section(headings.PainHeading(), items=(*_pain(overview.pain), *(_behaviour(behaviour) if behaviour else ()))),
        Section(headings.LimitingFactorsHeading(), items=factors),
        Section(headings.TechniqueHeading(), items=tuple(_technique(one, name) for one in overview.techniques)),
        Section(headings.GoalsHeading(), items=tuple(map(_goal, overview.goal_priorities))),
        Section(headings.AdherenceHeading(), items=tuple(_adherence(overview, name))),
        Section(headings.CommentsHeading(), items=comments),
    )


def _intensity(heart: HeartRateZone) -> Section:
    sentences = (
        _zone(heart),
        *((texts.MaximumWithMedicine(maximum=heart.information),) if heart.information is not None else ()),
        texts.ExertionAndTalkTest(cap=plain_number(heart.rpe_cap)),
    )
    return Section(headings.IntensityHeading(), sentences, items=heart.breaches)


def _zone(heart: HeartRateZone) -> Message:
    if heart.high is None or heart.maximum is None:
        return texts.HeartRateZoneSuppressed(reasons=heart.suppressed)
    if heart.low is None:
        return texts.HeartRateZoneUpTo(high=heart.high, maximum=heart.maximum)
    return texts.HeartRateZoneBetween(low=heart.low, high=heart.high, maximum=heart.maximum)


def _capability(proposal: PlanProposal, overview: ClinicianOverview) -> Section:
    tested = {c.domain for c in overview.capabilities}
    missing = tuple(domain.value for domain in Domain if domain not in tested)
    heading = (
        columns.DomainColumn(), columns.MeasureColumn(), columns.GateResultColumn(), columns.DateColumn(),
    )  # fmt: skip
    rows = tuple(
        (c.domain.value, measure_label(proposal, c.what), short_number(c.value) + unit_label(c.unit), c.day.isoformat())
        for c in overview.capabilities
    )
    sentences = (texts.DomainsNotTested(domains=missing),) if missing else ()
    return Section(headings.CapabilityHeading(), sentences, Table(heading, rows))


def _pain(pain: PainProfile) -> Iterator[Message]:
    scores = (
        (pain.usual, texts.PainUsual), (pain.now, texts.PainNow), (pain.average, texts.PainAverage),
        (pain.worst, texts.PainWorst), (pain.lowest, texts.PainLowestMorning),
        (pain.highest, texts.PainHighestMorning), (pain.spread, texts.PainSpread),
        (pain.other_times, texts.PainOtherTimes), (pain.rise, texts.PainRiseInSession),
        (pain.sensitisation, texts.SensitisationScore),
    )  # fmt: skip
    for score, text in scores:
        if score is not None:
            yield text(score=short_number(score))
    if pain.followed:
        yield texts.PainSettledNextMorning(settled=pain.settled, followed=pain.followed)


def _behaviour(behaviour: PainBehaviour) -> Iterator[Message]:
    """How pain behaves by the patient's answers, and what the clinician can ask about it."""
    if behaviour.least is not None:
        yield texts.PainLeast(score=short_number(behaviour.least))
    if behaviour.pattern is not None:
        yield texts.PainOverDay(pattern=_PATTERNS.get(behaviour.pattern, behaviour.pattern))
    if behaviour.provocation is not None:
        yield texts.PainProvokedBy(provocation=behaviour.provocation)
    if behaviour.latency is not None:
        latency = duration(behaviour.latency)
        yield texts.PainLatencyLate(latency=latency) if behaviour.late else texts.PainLatency(latency=latency)
    if behaviour.settling is not None:
        yield texts.PainSettlesWithin(settling=duration(behaviour.settling))
    if behaviour.irritability is None:
        yield texts.IrritabilityUnknown()
    else:
        yield texts.IrritabilityKnown(irritability=behaviour.irritability.value)
    for prompt in behaviour.prompts:
        yield texts.PromptToAsk(finding=prompt.display, question=prompt.ask)


def _technique(technique: Technique, name: Name) -> Message:
    return texts.TechniqueObservation(
        exercise=name(technique.exercise),
        observation=display_name(str(technique.what)),
        times=times_words(technique.times),
        last=technique.last,
    )


def _goal(priority: GoalPriority) -> Message:
    """The goal with its importance, and by when."""
    goal, due = quoted(priority.text), priority.due
    if priority.importance is not None:
        importance = short_number(priority.importance)
        if due is None:
            return texts.GoalByImportance(goal=goal, importance=importance)
        return texts.GoalByImportanceDue(goal=goal, importance=importance, due=due)
    rank = str(priority.priority)
    if due is None:
        return texts.GoalByPriority(goal=goal, priority=rank)
    return texts.GoalByPriorityDue(goal=goal, priority=rank, due=due)


def _adherence(overview: ClinicianOverview, name: Name) -> Iterator[Message]:
    yield from (_share(adherence, name) for adherence in overview.adherence)
    yield _diary(overview.diary)
    yield from _pacing(overview.pacing)
    for measure, score in sorted(overview.cues.scores.items()):
        yield texts.CueScore(measure=measure.upper(), score=short_number(score))
    if overview.cues.mood is not None:
        yield texts.WeeklyMood(mood=short_number(overview.cues.mood))


def _share(adherence: ExerciseAdherence, name: Name) -> Message:
    return texts.AdherenceShare(exercise=name(adherence.exercise), percent=round(adherence.part * 100))


def _diary(diary: Diary) -> Message:
    text = texts.DiaryEntriesTooFew if diary.alert else texts.DiaryEntries
    return text(entries=diary.entries, days=diary.days)


def _pacing(pacing: Pacing) -> Iterator[Message]:
    if pacing.index is not None and pacing.measure is not None:
        text = texts.PacingUneven if pacing.uneven else texts.PacingIndex
        yield text(measure=pacing.measure, index=short_number(pacing.index))
    if pacing.overshoots:
        yield texts.Overshoots(count=pacing.overshoots)
