"""The patient's sheet: the plan in force in plain words, with the traffic-light card of the mappings.

Short sentences, and nothing that awaits approval. The card has three colours, what to expect, and what helps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.insights.clinician_overview import TalkingPoints
from titrate.clinical.insights.daily_activities import TaskPacing
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import ContactMode, FollowUp
from titrate.clinical.insights.week_plan import DoseOptions
from titrate.clinical.record.limits import exertion_cap
from titrate.clinical.values.education_content import CardRow
from titrate.clinical.values.plan import Dose, ExerciseState, Phase, PlanInForce
from titrate.clinical.values.quantity import REPETITIONS, shown_load
from titrate.clinical.values.rulebook import Programme, Rulebook
from titrate.fhir.doses import each_set
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.section import Section, Table, Text, Tone
from titrate.messages import Message
from titrate.messages import patient_sheet as texts

COLOURS = ("green", "amber", "red")
# A row for a restart, not for a phase: pages add it where a restart is offered.
RESTART_ROW = "starting-again"
# The words around a number of the mappings that go with it where it is unknown.
_USUAL_PAIN = ", about {settle} of 10"
# Sessions a week of an exercise for every day.
DAILY = 7
_AMOUNTS: Mapping[
    str, type[texts.SheetMinutes | texts.SheetSeconds | texts.SheetMetres | texts.SheetRepetitions]
] = {
    "min": texts.SheetMinutes,
    "s": texts.SheetSeconds,
    "m": texts.SheetMetres,
    REPETITIONS: texts.SheetRepetitions,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """The patient's own numbers: pain ceiling, exertion cap, and usual pain where it is known."""

    ceiling: Decimal
    cap: Decimal
    usual: Decimal | None


def card_rows(book: Rulebook, phase: Phase) -> tuple[CardRow, ...]:
    """The rows of the card for a phase, in the order of the mappings."""
    rows = (row for row in book.guidance.card.values() if row.name != RESTART_ROW)
    return tuple(row for row in rows if not row.phases or phase.value in row.phases)


def with_numbers(lines: Iterable[str], book: Rulebook, phase: Phase, numbers: CardNumbers) -> tuple[str, ...]:
    """Lines of the card with the numbers in place. In a flare the lower exertion cap applies."""
    places = {
        "ceiling": plain_number(numbers.ceiling),
        "cap": plain_number(exertion_cap(phase, numbers.cap, book)),
        "settle": "" if numbers.usual is None else plain_number(numbers.usual),
        "carry": plain_number(book.numbers.carry_x),
    }
    return tuple(
        _with_places(line if numbers.usual is not None else line.replace(_USUAL_PAIN, ""), places) for line in lines
    )


def _with_places(line: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        line = line.replace(f"{{{place}}}", value)
    return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The content of a sheet, all from the plan in force; `options` are smaller doses of it.

    `heart_rate` is a clinician's limit a minute; `goals` are the patient's own words; `instructions` are a clinician's
    own, by exercise.
    """

    plan: PlanInForce
    rulebook: Rulebook
    programme: Programme
    numbers: CardNumbers
    heart_rate: str | None
    options: tuple[DoseOptions, ...]
    talking_points: TalkingPoints
    goals: tuple[str, ...]
    instructions: Mapping[str, str]


def sheet_sections(sheet: Sheet) -> tuple[Section, ...]:
    """The sheet from top to bottom. Renderers leave out empty sections."""
    programme, points = sheet.programme, sheet.talking_points
    exercises: tuple[Text, ...] = (*_instructions(sheet), programme.cool_down)
    return (
        Section(texts.SheetTitle(), tuple(_opening(sheet))),
        Section(texts.SheetGoalsHeading(), items=sheet.goals),
        Section(texts.SheetExercisesHeading(), (programme.warm_up,), _doses(sheet), exercises),
        Section(texts.SheetLimitsHeading(), tuple(_limits(sheet))),
        *_card(sheet),
        _smaller_doses(sheet),
        Section(texts.SheetFlareHeading(), items=programme.flare),
        Section(texts.SheetStopHeading(), items=programme.stop, tone=Tone.LOUD),
        Section(texts.SheetLaddersHeading(), tuple(_steps(sheet))),
        Section(texts.SheetPacingHeading(), items=tuple(map(_pacing, points.task_pacing))),
        *_topic(sheet),
        Section(texts.SheetContactHeading(), tuple(_contact(points.follow_up)) if points.follow_up else ()),
        Section(texts.SheetNoteHeading(), (texts.SheetNotForEmergencies(),)),
    )


def _opening(sheet: Sheet) -> Iterator[Message]:
    if sheet.plan.approved is not None:
        yield texts.SheetAgreed(day=_day(sheet.plan.approved))
    yield texts.SheetDoNotAdd()


def _doses(sheet: Sheet) -> Table:
    rows = tuple(
        (_display(sheet, state), _dose(state.dose), _frequency(state.weekly_frequency))
        for state in sheet.plan.exercises
        if state.dose is not None
    )
    return Table((texts.SheetExerciseColumn(), texts.SheetDoseColumn(), texts.SheetFrequencyColumn()), rows)


def _instructions(sheet: Sheet) -> Iterator[Message]:
    """How to do each exercise. A clinician's own words replace those of the library."""
    for state in sheet.plan.exercises:
        if state.dose is not None:
            library = sheet.rulebook.exercises[state.exercise].instruction
            instruction = sheet.instructions.get(state.exercise, library)
            yield texts.SheetInstruction(exercise=_display(sheet, state), instruction=instruction)


def _display(sheet: Sheet, state: ExerciseState) -> str:
    return sheet.rulebook.exercises[state.exercise].display


def _dose(dose: Dose | None) -> Message:
    """`15 minutes`, `3 sets of 10 with 40 kg`."""
    if dose is None:
        return texts.SheetRest()
    repetitions = each_set(dose)
    words: Message
    if repetitions is not None and dose.sets is not None:
        words = texts.SheetSets(sets=dose.sets, repetitions=repetitions)
    else:
        words = _AMOUNTS[dose.unit](amount=dose.amount.normalize())
    return words if dose.load is None else texts.SheetWithLoad(dose=words, load=shown_load(dose.load).normalize())


def _frequency(times: int) -> Message:
    if times == DAILY:
        return texts.SheetEveryDay()
    return texts.SheetOnceAWeek() if times == 1 else texts.SheetTimesAWeek(times=times)


def _limits(sheet: Sheet) -> Iterator[Message]:
    yield texts.SheetPainLimit(limit=sheet.numbers.ceiling.normalize())
    cap = exertion_cap(sheet.plan.phase, sheet.numbers.cap, sheet.rulebook)
    yield texts.SheetEffortLimit(limit=cap.normalize())
    if sheet.heart_rate is not None:
        yield texts.SheetHeartRateLimit(limit=sheet.heart_rate)


def _card(sheet: Sheet) -> tuple[Section, ...]:
    """A restart, what to expect, the three colours, and what helps."""
    shown = card_rows(sheet.rulebook, sheet.plan.phase)
    expectations = (row for row in shown if row.name not in COLOURS and not row.act)
    colours = (row for row in shown if row.name in COLOURS)
    toolkit = (row for row in shown if row.name not in COLOURS and row.act)
    restart = sheet.rulebook.guidance.card.get(RESTART_ROW) if sheet.talking_points.restart else None
    rows = (*((restart,) if restart else ()), *expectations, *colours, *toolkit)
    return tuple(_row(sheet, row) for row in rows)


def _row(sheet: Sheet, row: CardRow) -> Section:
    def filled(lines: tuple[str, ...]) -> tuple[Text, ...]:
        return with_numbers(lines, sheet.rulebook, sheet.plan.phase, sheet.numbers)

    offer, items = sheet.talking_points.restart, filled(row.act)
    if offer and row.name == RESTART_ROW:
        items = (*items, texts.SheetRestart(dose=_dose(offer.dose), frequency=_frequency(offer.times)))
    tone = Tone(row.name) if row.name in COLOURS else Tone.PLAIN
    return Section(row.title, filled(row.signs), items=items, tone=tone)


def _smaller_doses(sheet: Sheet) -> Section:
    rows = tuple(
        (sheet.rulebook.exercises[o.exercise].display, _dose(o.full), _dose(o.reduced), _dose(o.minimum))
        for o in sheet.options
    )
    columns = (
        texts.SheetExerciseColumn(), texts.SheetPlannedColumn(), texts.SheetSmallerColumn(),
        texts.SheetSmallestColumn(),
    )  # fmt: skip
    return Section(texts.SheetWorseDayHeading(), (texts.SheetSmallerDoses(),) if rows else (), Table(columns, rows))


def _steps(sheet: Sheet) -> Iterator[Message]:
    """The step that a clinician has set on the current ladder, never one that is only proposed."""
    for progress in sheet.talking_points.ladders:
        if progress.now is not None and not progress.blocked_by and _is_current(progress):
            supported = progress.step <= progress.ladder.watched
            step = texts.SheetLadderStepSupported if supported else texts.SheetLadderStep
            yield step(ladder=progress.ladder.title, step=progress.now)


def _is_current(progress: LadderProgress) -> bool:
    return progress.chosen or progress.fear is None


def _pacing(pacing: TaskPacing) -> Message:
    task = pacing.task.title
    if pacing.parts == 1:
        return texts.SheetTaskInOneGo(task=task, minutes=(pacing.proposal or pacing.chunk).normalize())
    return texts.SheetTaskInParts(
        task=task, chunk=pacing.chunk.normalize(), rest=pacing.rest.normalize(), activity=pacing.task.rest
    )


def _topic(sheet: Sheet) -> tuple[Section, ...]:
    """The education topic that is due next."""
    due = [topic.module for topic in sheet.talking_points.topics if not topic.understood]
    return (Section(texts.SheetTopicHeading(topic=due[0].title), due[0].text),) if due else ()


def _contact(contact: FollowUp) -> Iterator[Message]:
    in_person = contact.mode is ContactMode.IN_PERSON
    if contact.overdue:
        yield texts.SheetMeetSoon() if in_person else texts.SheetSpeakSoon()
    else:
        day = _day(contact.due)
        yield texts.SheetMeetBy(day=day) if in_person else texts.SheetSpeakBy(day=day)
    yield texts.SheetBringNotes()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
