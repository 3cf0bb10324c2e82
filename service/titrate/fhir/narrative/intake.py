"""What the patient told at intake, as a clinician reads it: the day, what provokes, readiness with prompts, choices."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from titrate.clinical.insights.aggravating_factors import ReportedFactor
from titrate.clinical.insights.daily_routine import Block, DailyRoutine, PostureLoad
from titrate.clinical.insights.intake_summary import IntakeSummary
from titrate.clinical.insights.readiness import Readiness
from titrate.clinical.values.rulebook import Domain
from titrate.fhir.narrative.labels import Name, display_name, measure_label, names_of, quoted, short, span, unit_label
from titrate.fhir.narrative.phrases import WEEKDAYS
from titrate.fhir.narrative.section import Section, Table
from titrate.fhir.plan_proposal import PlanProposal

_GROUPS = {"blocks": "an ordinary day", "factors": "what brings symptoms on or eases them"}


def intake_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """The sections of the intake profile; none where nothing of it was answered."""
    found = proposal.overview.intake if proposal.overview else None
    if found is None:
        return ()
    name = names_of(proposal)
    missed = (_GROUPS.get(one) or measure_label(proposal, one) for one in found.unanswered)
    unknown = "; ".join(missed)
    return (
        _day(found.routine),
        _factors(found, name),
        _readiness(proposal, found.readiness),
        _own(proposal, found),
        _choices(found, name),
        Section("Not answered at intake", (f"Not known: {unknown}.",) if unknown else ()),
    )


def _day(routine: DailyRoutine) -> Section:
    """The map of the day, the load by posture, and how good and bad days differ."""
    rows = tuple(_block(one) for one in routine.blocks)
    over = [quoted(b.task) or display_name(b.posture) for b in routine.blocks if b.over]
    above = (f"pain above the limit of {short(routine.ceiling)} in: {', '.join(over)}",) if over else ()
    told = (f"As told on {routine.day}.",) if routine.day else ()
    heading = ("Part of the day", "What", "Posture", "In one go", "Pain")
    return Section(
        "An ordinary day", told, Table(heading, rows), (*map(_posture, routine.postures), *above, *_boom(routine))
    )


def _block(one: Block) -> tuple[str, ...]:
    return (
        display_name(one.part),
        quoted(one.task) or "-",
        display_name(one.posture),
        span(one.minutes),
        short(one.symptom),
    )


def _posture(load: PostureLoad) -> str:
    pain = "not rated" if load.symptom is None else f"up to {short(load.symptom)}"
    return (
        f"{display_name(load.posture)}: {span(load.minutes)} a day, {span(load.longest)} at most in one go, pain {pain}"
    )


def _boom(routine: DailyRoutine) -> tuple[str, ...]:
    if routine.good is None or routine.bad is None:
        return ()
    times = "" if routine.index is None else f", {short(routine.index)} times as much"
    uneven = ": uneven, talk about pacing" if routine.uneven else ""
    return (f"on the feet {span(routine.good)} on a good day, {span(routine.bad)} on a bad one{times}{uneven}",)


def _factors(found: IntakeSummary, name: Name) -> Section:
    swaps = tuple(
        f"{name(s.exercise)} resembles it ({_list(s.factors)}); instead a clinician may choose: "
        f"{', '.join(map(name, s.instead)) or 'nothing like it in the library'}"
        for s in found.alternatives
    )
    return Section("What brings symptoms on, and what eases them", items=(*map(_factor, found.factors), *swaps))


def _factor(told: ReportedFactor) -> str:
    """`brings on: stairs, pain from 10 repetitions on ("two flights")`."""
    head = "eases" if told.eases else "brings symptoms on"
    what = display_name(told.what) if told.what else "in own words"
    from_on = "" if told.threshold is None else f" from {short(told.threshold)}{unit_label(told.unit or '')} on"
    limits = f", {display_name(told.symptom)}{from_on}" if told.symptom else f",{from_on}" if from_on else ""
    return f"{head}: {what}{limits}{f' ({quoted(told.words)})' if told.words else ''}"


def _readiness(proposal: PlanProposal, found: Readiness) -> Section:
    """What was said, then each finding with the question to ask."""
    stage = proposal.rulebook.prompts.get(f"readiness.{found.stage}")
    doing = f"; {stage.display}" if stage else ""
    barriers = [_barrier(proposal, one) for one in found.barriers]
    said = (
        f"Importance {_of_ten(found.importance)}, confidence {_of_ten(found.confidence)}{doing}.",
        *((f"Barriers named: {', '.join(barriers)}.",) if barriers else ()),
        *((f"In the way, in own words: {quoted(found.barrier_words)}.",) if found.barrier_words else ()),
        *((f"Commitment: {quoted(found.commitment)}.",) if found.commitment else ()),
    )
    rows = tuple((prompt.display, prompt.ask) for prompt in found.prompts)
    return Section("Readiness and barriers", said, Table(("Finding", "You may ask"), rows))


def _barrier(proposal: PlanProposal, code: str) -> str:
    known = proposal.rulebook.prompts.get(f"barrier.{code}")
    return known.display if known else display_name(code)


def _of_ten(score: Decimal | None) -> str:
    return "not known" if score is None else f"{short(score)} of 10"


def _own(proposal: PlanProposal, found: IntakeSummary) -> Section:
    """Answers over time; one answer alone has no direction."""
    words = {True: ", better", False: ", worse", None: ""}
    items = tuple(
        f"{measure_label(proposal, v.what)}: {display_name(v.first)} on {v.first_day}"
        + (f", {display_name(v.latest)} on {v.latest_day}{words[v.better]}" if v.latest_day != v.first_day else "")
        for v in found.patient_views
    )
    return Section("Progress in the patient's own view", items=items)


def _choices(found: IntakeSummary, name: Name) -> Section:
    chosen, title = found.preferences, "To choose from together"
    if not chosen.choices and not chosen.without:
        return Section(title)
    days = f"Free: {', '.join(WEEKDAYS[day - 1] for day in chosen.days)}" if chosen.days else "Free days are not known"
    parts = f", {_list(chosen.parts)}" if chosen.parts else ""
    minutes = f", {span(chosen.minutes)} a day" if chosen.minutes is not None else ""
    equipment = f" Equipment: {_list(chosen.equipment)}." if chosen.equipment else " Equipment is not known."
    rows = tuple((domain.value, ", ".join(_marked(found, name, domain))) for domain in Domain)
    without = ", ".join(domain.value for domain in chosen.without)
    return Section(
        title,
        (f"{days}{parts}{minutes}.{equipment}", *((f"Nothing suits of: {without}.",) if without else ())),
        Table(("Domain", "Exercises that suit, the liked ones first"), tuple(row for row in rows if row[1])),
        chosen.doubts,
    )


def _marked(found: IntakeSummary, name: Name, domain: Domain) -> Iterable[str]:
    for one in found.preferences.choices:
        if one.domain is domain:
            marks = ", ".join((*(("liked",) if one.liked else ()), *(("in the plan",) if one.planned else ())))
            yield f"{name(one.exercise)}{f' ({marks})' if marks else ''}"


def _list(codes: Iterable[str]) -> str:
    return ", ".join(map(display_name, codes))
