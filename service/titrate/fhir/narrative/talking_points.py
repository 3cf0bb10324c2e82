"""What the talk with the patient is about, as the clinician reads it: stage, ladders, pacing, talks, card, contact."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from titrate.clinical.insights.activity_pacing import TaskPacing
from titrate.clinical.insights.education import EducationTopic
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import FollowUp
from titrate.clinical.insights.low_demand_restart import RestartOffer
from titrate.clinical.insights.programme_stages import StageStatus
from titrate.clinical.insights.talking_points import TalkingPoints
from titrate.clinical.values.education_content import LadderKind
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.doses import dose_words
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.card import COLOURS, CardNumbers, card_rows, filled
from titrate.fhir.narrative.labels import Name, names_of
from titrate.fhir.narrative.section import Section, Table
from titrate.fhir.plan_proposal import PlanProposal

MET = {True: "met", False: "not yet", None: "ask or test"}


def talking_point_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """Everything for the talk; nothing where there is no overview."""
    if proposal.overview is None:
        return ()
    guide, book, name = proposal.overview.talking_points, proposal.rulebook, names_of(proposal)
    return (
        Section("Next contact", tuple(_contact(proposal, guide, guide.follow_up)) if guide.follow_up else ()),
        Section("A way back", tuple(_offer(guide.restart, name, book)) if guide.restart else ()),
        _stage(guide.stage, guide, book),
        *_ladders(guide),
        Section("Tasks in chunks", items=tuple(map(_chunks, guide.task_pacing))),
        *_card(proposal),
        Section("Talks", items=tuple(_lesson(one, first=one is guide.topics[0]) for one in guide.topics)),
    )


def _contact(proposal: PlanProposal, guide: TalkingPoints, contact: FollowUp) -> Iterator[str]:
    overdue = ", overdue" if contact.overdue else ""
    last = "none is recorded" if contact.last is None else f"the last was on {contact.last}"
    yield f"{contact.how.capitalize()} by {contact.due}{overdue}: {contact.why}; {last}."
    yield f"To go through: {'; '.join(_content(proposal, guide))}."


def _content(proposal: PlanProposal, guide: TalkingPoints) -> Iterator[str]:
    """What to speak about, from what is open."""
    reviews = proposal.decision.reviews
    if len(proposal.decision.asks) > len(reviews):
        yield _counted(len(proposal.decision.asks) - len(reviews), "open question", "What is missing")
    if reviews:
        yield _counted(len(reviews), "point", "For review")
    if guide.restart is not None:
        yield "the way back"
    yield from (f"next step on the ladder: {c.ladder.title}" for c in guide.ladders if c.ready and c.next is not None)
    yield from (f"the talk: {one.module.title}" for one in guide.topics[:1] if not one.understood)
    if any(seen.met is None for seen in (guide.stage.gates if guide.stage else ())):
        yield "what the stage asks of you"
    yield "pain, tiredness, mood and what stands in the way"


def _counted(number: int, what: str, where: str) -> str:
    """`2 open questions (What is missing)`."""
    return f"{number} {what}{'' if number == 1 else 's'} ({where})"


def _offer(offer: RestartOffer, name: Name, book: Rulebook) -> Iterator[str]:
    because = " and ".join(offer.because)
    yield (
        f"Because of {because}: offer {name(offer.exercise)}, {dose_words(offer.dose)}, {offer.times} times in the "
        f"next seven days, and an entry on {offer.entries} mornings. Ask what stood in the way."
    )
    again = book.guidance.card.get("starting-again")
    if again is not None:
        yield " ".join((*again.signs, *again.act))


def _stage(seen: StageStatus | None, guide: TalkingPoints, book: Rulebook) -> Section:
    if seen is None:
        return Section("Stage of the programme")
    fits = "; ".join(seen.fits)
    for_whom = (f"The programme is made for a diagnosis on the list: {fits}.",) if fits else ()
    named = (book.programmes[one].display for one in guide.other_programmes)
    others = tuple(f"Another programme is made for a diagnosis on the list: {one}." for one in named)
    words = f"Stage {seen.number} of {seen.stages}, {seen.stage.name}: {seen.stage.aim}. {seen.stage.dose}."
    gates = tuple(f"before the next stage, {gate.text}: {MET[gate.met]}" for gate in seen.gates)
    never = tuple(f"always: {line}" for line in seen.precautions)
    entry = tuple(f"For: {line}." for line in seen.entry)
    return Section("Stage of the programme", (words, *entry, *for_whom, *others), items=(*gates, *never))


def _ladders(guide: TalkingPoints) -> tuple[Section, ...]:
    tasks = [c for c in guide.ladders if c.ladder.kind is LadderKind.TASK]
    balance = [c for c in guide.ladders if c.ladder.kind is LadderKind.BALANCE]
    begun = (
        "Graded exposure has begun; gate G8 does not hold for fear." if guide.ladder_started
        else "That graded exposure has begun is not recorded; with a high TSK-11 gate G8 holds until it is."
    )  # fmt: skip
    graded = (begun,) if any(c.feared or c.step for c in tasks) else ()
    table = Table(("Task", "Fear", "Step now", "Next"), tuple(map(_task, tasks)))
    return (
        Section("Exposure ladders", graded, table, _notes(tasks)),
        Section("Balance ladder", tuple(line for c in balance for line in _balance(c)), items=_notes(balance)),
    )


def _task(climb: LadderProgress) -> tuple[str, ...]:
    mark = (" (a goal)" if climb.for_goal else "") + (" (work on this)" if climb.chosen else "")
    fear = "-" if climb.fear is None else plain_number(climb.fear)
    return f"{climb.ladder.title}{mark}", fear, _now(climb), _next(climb)


def _balance(climb: LadderProgress) -> Iterator[str]:
    yield f"Step now: {_now(climb)}. Next: {_next(climb)}."
    if climb.supported:
        yield "With somebody near, or a support in reach."


def _now(climb: LadderProgress) -> str:
    return "not begun" if climb.now is None else f"{climb.step}, {climb.now}"


def _next(climb: LadderProgress) -> str:
    """The step that is proposed, or that the present one goes on."""
    if climb.blocked_by:
        return "waits"
    if climb.next is None:
        return "the top is reached" if climb.ready else "go on"
    task = climb.ladder.kind is LadderKind.TASK
    if task and not climb.step and not climb.feared and not climb.for_goal:
        return "not needed by its fear"
    if climb.step and not climb.ready:
        return "go on with this step"
    return f"{climb.step + 1}, {climb.next}"


def _notes(climbs: list[LadderProgress]) -> tuple[str, ...]:
    return tuple(f"{c.ladder.title}: {why}" for c in climbs for why in c.blocked_by)


def _chunks(plan: TaskPacing) -> str:
    told = f"{plan.task.title}: {_minutes(plan.tolerated)} tolerated in one go ({plan.day})"
    if plan.parts == 1:
        return f"{told}; {_minutes(plan.proposal or plan.chunk)} wanted: no split is needed"
    rest = f"then {_minutes(plan.rest)} of rest: {plan.task.rest}"
    parts = "" if plan.parts is None else f"; {_minutes(plan.proposal or plan.chunk)} wanted are {plan.parts} chunks"
    return f"{told}: {_minutes(plan.chunk)} at a time, {rest}{parts}"


def _minutes(minutes: Decimal) -> str:
    return f"{plain_number(minutes)} min"


def _card(proposal: PlanProposal) -> tuple[Section, ...]:
    """The three colours and the toolkit for the phase after approval."""
    prescription, book = proposal.prescription, proposal.rulebook
    if not any(exercise.dose for exercise in prescription.exercises):
        return ()
    limits = {limit.name: limit.value for limit in prescription.limits}
    numbers = CardNumbers(limits["pain-ceiling"], limits["rpe-cap"], prescription.usual_pain)
    shown = card_rows(book, prescription.phase)
    lines = {row.name: filled((*row.signs, *row.act), book, prescription.phase, numbers) for row in shown}
    colours = tuple(f"{row.title}. {' '.join(lines[row.name])}" for row in shown if row.name in COLOURS)
    others = tuple(f"{row.title}. {' '.join(lines[row.name])}" for row in shown if row.act and row.name not in COLOURS)
    return Section("Discomfort or harm: the card", items=colours), Section("Toolkit", items=others)


def _lesson(lesson: EducationTopic, *, first: bool) -> str:
    """Whether it is due; of the first one also what a good answer holds."""
    if lesson.understood:
        return f"{lesson.module.title}: understood on {lesson.asked}"
    asked = "due" if lesson.asked is None else f"due again, not understood on {lesson.asked}"
    answer = f" A good answer: {lesson.module.answer}" if first else ""
    return f"{lesson.module.title}: {asked}. Ask back: {lesson.module.ask_back}{answer}"
