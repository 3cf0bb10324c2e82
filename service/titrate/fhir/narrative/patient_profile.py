"""Who the plan is for, as readers are shown it: intensity, capability, pain, what limits, how steadily, own words."""

from __future__ import annotations

from titrate.clinical.insights.clinician_overview import ClinicianOverview
from titrate.clinical.insights.goal_priorities import GoalPriority
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.insights.pain import PainProfile
from titrate.clinical.insights.session_observations import Technique
from titrate.clinical.values.rulebook import Domain
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.labels import (
    Name,
    display_name,
    measure_label,
    names_of,
    often,
    quoted,
    short,
    span,
    unit_label,
)
from titrate.fhir.narrative.phrases import PATTERNS, TALK_TEST
from titrate.fhir.narrative.section import Section, Table
from titrate.fhir.plan_proposal import PlanProposal


def profile_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """Heart rate, capability, pain, what limits, and how steadily things are done."""
    found = proposal.overview
    if found is None:
        return ()
    name = names_of(proposal)
    rows = tuple(
        (c.domain.value, measure_label(proposal, c.what), f"{short(c.value)}{unit_label(c.unit)}", c.day.isoformat())
        for c in found.capabilities
    )
    factors = tuple(f"{name(f.exercise)}: {f.factor}, {often(f.times)}, last on {f.last}" for f in found.factors)
    words = tuple(f"{day}: {text}" for day, text, _ in found.cues.comments)
    return (
        _heart(found),
        Section("Capability", _unknown_domains(found), Table(("Domain", "What", "Result", "Date"), rows)),
        Section("How the pain behaves", items=(*_pain(found.pain), *_told(found.intake))),
        Section("What limits or provokes", items=factors),
        Section("Technique", items=tuple(_technique(one, name) for one in found.techniques)),
        Section("What matters to the patient", items=tuple(_wish(wish) for wish in found.goal_priorities)),
        Section("How steadily", items=_steady(found, name)),
        Section("In the patient's words", items=words),
    )


def _heart(found: ClinicianOverview) -> Section:
    heart = found.heart_rate
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


def _unknown_domains(found: ClinicianOverview) -> tuple[str, ...]:
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
    listed = tuple(f"{what}: {short(score)}" for what, score in scores if score is not None)
    settled = f"settled by the next morning after {pain.settled} of {pain.followed} sessions"
    return (*listed, settled) if pain.followed else listed


def _told(found: IntakeSummary | None) -> tuple[str, ...]:
    """How it behaves in the patient's answers, and what to ask about it."""
    if found is None:
        return ()
    told = found.behaviour
    late = ", so late that a session alone does not show it" if told.late else ""
    said = (
        (told.least, f"least of a week: {short(told.least)}"),
        (told.pattern, f"over the day: {PATTERNS.get(told.pattern or '', told.pattern)}"),
        (told.provocation, f"brought on by {told.provocation} activity"),
        (told.latency, f"rises {span(told.latency)} after activity{late}"),
        (told.settling, f"settles within {span(told.settling)}"),
    )
    irritable = f"irritability: {told.irritability or 'not known, too little was answered'}"
    asks = (f"{prompt.display}: {prompt.ask}" for prompt in told.prompts)
    return (*(line for value, line in said if value is not None), irritable, *asks)


def _technique(one: Technique, name: Name) -> str:
    return f"{name(one.exercise)}: {display_name(one.what)}, {often(one.times)}, last on {one.last}"


def _wish(wish: GoalPriority) -> str:
    """The goal with its importance, and by when."""
    rank = f"importance {short(wish.importance)} of 10" if wish.importance is not None else f"priority {wish.priority}"
    return f"{quoted(wish.text)}: {rank}{f', by {wish.due}' if wish.due else ''}"


def _steady(found: ClinicianOverview, name: Name) -> tuple[str, ...]:
    done = tuple(f"{name(a.exercise)}: {round(a.part * 100)} % of the week's sessions" for a in found.adherence)
    diary = found.diary
    alert = ": fewer than is needed to see a trend, ask why" if diary.alert else ""
    entries = f"diary on {diary.entries} of the last {diary.days} days{alert}"
    pace = found.pacing
    uneven = ", uneven: talk about pacing" if pace.uneven else ""
    index = (f"pacing by {pace.measure}: busiest day {short(pace.index)} times the middle day{uneven}",)
    over = (f"{pace.overshoots} sessions of well above what was planned",) if pace.overshoots else ()
    cues = tuple(f"{what.upper()} {short(score)}" for what, score in sorted(found.cues.scores.items()))
    mood = () if found.cues.mood is None else (f"mean mood of the week {short(found.cues.mood)} of 10",)
    return (*done, entries, *(index if pace.index is not None else ()), *over, *cues, *mood)
