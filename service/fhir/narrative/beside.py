"""What a reader is shown beside the decision: progress, timeline, week, heart rate, profile. Works nothing out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from service.clinical.intake import PainProfile
from service.clinical.outcomes import Change, told
from service.clinical.outlook import Outlook
from service.clinical.overview import Overview
from service.clinical.rulebook import Domain
from service.clinical.week import WeekPlan
from service.fhir.doses import UNIT_WORDS, dose_words
from service.fhir.identity import plain_number
from service.fhir.narrative.section import Section, Table
from service.fhir.narrative.words import FRAMES, TALK_TEST, TIMELINE
from service.fhir.wanted import Wanted

Name = Callable[[str], str]


def progress(wanted: Wanted) -> tuple[Section, ...]:
    """What changed, function before pain, and what follows from fear, sleep and mood."""
    found = wanted.overview
    if found is None:
        return ()
    sentence = told(found.changes)
    rows = tuple(_change(wanted, c) for c in found.changes)
    effects = tuple(
        f"{e.what.upper()}{'' if e.score is None else f' {plain_number(e.score)}'}: {e.finding}; {e.follows}"
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


def _change(wanted: Wanted, change: Change) -> tuple[str, ...]:
    large = ", a large change" if change.substantial else ""
    due = "; ask again" if change.due else ""
    return (
        _measure(wanted, change.measure),
        f"{_number(change.first)} on {change.first_day}",
        f"{_number(change.latest)} on {change.latest_day}",
        f"{_number(change.important)}{_unit(change.unit)}",
        f"{change.verdict.value}{large}{due}",
    )


def ahead(wanted: Wanted) -> tuple[Section, ...]:
    """The timeline and the week."""
    found = wanted.overview
    if found is None:
        return ()
    name = _names(wanted)
    lines = tuple(line for one in found.outlooks for line in _outlook(one, name))
    timeline = Section("Timeline", (TIMELINE,) if lines else (), items=lines)
    return (timeline, *(_week(found.week, name) if found.week else ()))


def _outlook(one: Outlook, name: Name) -> tuple[str, ...]:
    """The goal's lines: when, or that it is not realistic and what can be offered."""
    who, unit = name(one.exercise), _unit(one.unit)
    then = f"{who}: {dose_words(one.by_then)} by {one.checked} at the earliest"
    if one.target is None:
        return (f"{then}; no goal with a number is known",)
    goal = f"{who}: from {dose_words(one.start)} to {_number(one.target)}{unit}"
    if one.earliest is None:
        return (f"{goal}: {one.ends}", then)
    weeks = "" if one.likely is None else f", likely between weeks {one.likely[0]} and {one.likely[1]}"
    when = f"{goal} takes {one.steps} steps, in week {one.earliest} ({one.earliest_day}) at the earliest{weeks}"
    if one.realistic is not False:
        return (when,)
    return (when, f"The goal by {one.due} is unrealistic: offer {'; or '.join(one.offers)}", then)


def _week(week: WeekPlan, name: Name) -> tuple[Section, ...]:
    rows = tuple((f"Day {day}", ", ".join(map(name, codes)) or "rest") for day, codes in week.days.items())
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


def profile(wanted: Wanted) -> tuple[Section, ...]:
    """Heart rate, capability, pain, what limits, and how steadily things are done."""
    found = wanted.overview
    if found is None:
        return ()
    name = _names(wanted)
    rows = tuple(
        (c.domain.value, _measure(wanted, c.what), f"{_number(c.value)}{_unit(c.unit)}", c.day.isoformat())
        for c in found.capabilities
    )
    factors = tuple(f"{name(f.exercise)}: {f.factor}, {f.times} times, last on {f.last}" for f in found.factors)
    words = tuple(f"{day}: {text}" for day, text, _ in found.cues.comments)
    return (
        _heart(found),
        Section("Capability", _unknown_domains(found), Table(("Domain", "What", "Result", "Date"), rows)),
        Section("How the pain behaves", items=_pain(found.pain)),
        Section("What limits or provokes", items=factors),
        Section("How steadily", items=_steady(found, name)),
        Section("In the patient's words", items=words),
    )


def _heart(found: Overview) -> Section:
    heart = found.heart
    if heart.suppressed:
        zone = f"No heart-rate zone is shown: {'; '.join(heart.suppressed)}."
    else:
        bounds = f"{heart.low} to {heart.high}" if heart.low is not None else f"up to {heart.high}"
        zone = f"Heart rate {bounds} a minute, as a guide (predicted maximum {heart.maximum}, error 7 to 12)."
    known = (
        ()
        if heart.information is None
        else (f"For information only: predicted maximum under such a medicine {heart.information}.",)
    )
    asked = f"Exertion up to {plain_number(heart.rpe_cap)} of 10 (CR10). {TALK_TEST}"
    return Section("Intensity", (zone, *known, asked), items=heart.breaches)


def _unknown_domains(found: Overview) -> tuple[str, ...]:
    known = {c.domain for c in found.capabilities}
    missing = [domain.value for domain in Domain if domain not in known]
    return (f"Not tested: {', '.join(missing)}.",) if missing else ()


def _pain(pain: PainProfile) -> tuple[str, ...]:
    scores = (
        ("usual", pain.usual), ("now", pain.now), ("average of a week", pain.average), ("worst of a week", pain.worst),
        ("lowest morning of two weeks", pain.lowest), ("highest morning", pain.highest), ("spread", pain.spread),
        ("at other times of the day", pain.other_times), ("mean rise in a session", pain.rise),
        ("CSI", pain.sensitisation),
    )  # fmt: skip
    listed = tuple(f"{what}: {_number(score)}" for what, score in scores if score is not None)
    settled = f"settled by the next morning after {pain.settled} of {pain.followed} sessions"
    return (*listed, settled) if pain.followed else listed


def _steady(found: Overview, name: Name) -> tuple[str, ...]:
    done = tuple(f"{name(a.exercise)}: {round(a.part * 100)} % of the week's sessions" for a in found.adherence)
    diary = found.diary
    alert = ": fewer than is needed to see a trend, ask why" if diary.alert else ""
    entries = f"diary on {diary.entries} of the last {diary.days} days{alert}"
    pace = found.pacing
    uneven = ", uneven: talk about pacing" if pace.uneven else ""
    index = (f"pacing by {pace.measure}: busiest day {_number(pace.index)} times the middle day{uneven}",)
    over = (f"{pace.overshoots} sessions of well above what was planned",) if pace.overshoots else ()
    cues = tuple(f"{what.upper()} {_number(score)}" for what, score in sorted(found.cues.scores.items()))
    mood = () if found.cues.mood is None else (f"mean mood of the week {_number(found.cues.mood)} of 10",)
    return (*done, entries, *(index if pace.index is not None else ()), *over, *cues, *mood)


def _names(wanted: Wanted) -> Name:
    exercises = wanted.rulebook.exercises
    return lambda code: exercises[code].display if code in exercises else code


def _measure(wanted: Wanted, what: str) -> str:
    """The measure as people call it; a tolerance trial by its exercise."""
    if what.startswith("trial."):
        return f"{_names(wanted)(what.removeprefix('trial.'))}, tolerance trial"
    return wanted.rulebook.measures[what].display


def _number(value: Decimal | None) -> str:
    """To hundredths at most: a mean has no end."""
    if value is None:
        return "-"
    short = round(value, 2)
    return plain_number(short if short != value else value)


def _unit(unit: str) -> str:
    words = UNIT_WORDS.get(unit, unit)
    return f" {words}" if words else ""
