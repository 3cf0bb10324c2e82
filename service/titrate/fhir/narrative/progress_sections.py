"""What a reader is shown beside the decision: what changed, the timeline, the week. Works nothing out."""

from __future__ import annotations

from titrate.clinical.insights.goal_timeline import GoalTimeline
from titrate.clinical.insights.outcome_measures import OutcomeChange, outcome_summary
from titrate.clinical.insights.week_template import WeekPlan
from titrate.fhir.doses import dose_words
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.labels import Name, measure_label, names_of, short, unit_label
from titrate.fhir.narrative.phrases import FRAMES, TIMELINE, WEEKDAYS
from titrate.fhir.narrative.section import Section, Table
from titrate.fhir.plan_proposal import PlanProposal


def progress_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """What changed, function before pain, and what follows from fear, sleep and mood."""
    found = proposal.overview
    if found is None:
        return ()
    sentence = outcome_summary(found.changes)
    rows = tuple(_change(proposal, c) for c in found.changes)
    effects = tuple(
        f"{'' if e.score is None else f'{e.what.upper()} {plain_number(e.score)}: '}{e.finding}; {e.follows}"
        for e in found.effects
    )
    return (
        Section(
            "What has changed",
            (f"{sentence[:1].upper()}{sentence[1:]}.",) if sentence else (),
            Table(("What", "First", "Latest", "Important from", "Meaning"), rows),
        ),
        Section("Fear, sleep and mood", items=effects),
    )


def _change(proposal: PlanProposal, change: OutcomeChange) -> tuple[str, ...]:
    large = ", a large change" if change.substantial else ""
    due = "; ask again" if change.due else ""
    return (
        measure_label(proposal, change.measure),
        f"{short(change.first)} on {change.first_day}",
        f"{short(change.latest)} on {change.latest_day}",
        f"{short(change.important)}{unit_label(change.unit)}",
        f"{change.verdict.value}{large}{due}",
    )


def outlook_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """The timeline and the week."""
    found = proposal.overview
    if found is None:
        return ()
    name = names_of(proposal)
    lines = tuple(line for one in found.timelines for line in _outlook(one, name))
    timeline = Section("Timeline", (TIMELINE,) if lines else (), items=lines)
    return (timeline, *(_week(found.week, name) if found.week else ()))


def _outlook(one: GoalTimeline, name: Name) -> tuple[str, ...]:
    """The goal's lines: when, or that it is not realistic and what can be offered."""
    who, unit = name(one.exercise), unit_label(one.unit)
    then = f"{who}: {dose_words(one.by_then)} by {one.checked} at the earliest"
    if one.target is None:
        return (f"{then}; no goal with a number is known",)
    goal = f"{who}: from {dose_words(one.start)} to {short(one.target)}{unit}"
    if one.earliest is None:
        return (f"{goal}: {one.ends}", then)
    weeks = "" if one.likely is None else f", likely between weeks {one.likely[0]} and {one.likely[1]}"
    when = f"{goal} takes {one.steps} steps, in week {one.earliest} ({one.earliest_day}) at the earliest{weeks}"
    if one.realistic is not False:
        return (when,)
    return (when, f"The goal by {one.due} is unrealistic: offer {'; or '.join(one.offers)}", then)


def _week(week: WeekPlan, name: Name) -> tuple[Section, ...]:
    rows = tuple((_named(week, day), ", ".join(map(name, codes)) or "rest") for day, codes in week.days.items())
    missing = ", ".join(domain.value for domain in week.missing)
    gaps = (f"No exercise of: {missing}.",) if missing else ("All four domains have an exercise.",)
    options = tuple(
        (name(o.exercise), dose_words(o.full), dose_words(o.reduced), dose_words(o.minimum)) for o in week.options
    )
    return (
        Section("A week as an example", (FRAMES, week.warm_up, week.cool_down, *gaps),
                Table(("Day", "In this order"), rows), week.doubts),
        Section("On a less good day", table=Table(("Exercise", "Full", "Reduced", "Least"), options)),
    )  # fmt: skip


def _named(week: WeekPlan, day: int) -> str:
    """The weekday where free days are known, and whether it is one; else a number."""
    if not week.free:
        return f"Day {day}"
    return f"{WEEKDAYS[day - 1]} (free)" if day in week.free else WEEKDAYS[day - 1]
