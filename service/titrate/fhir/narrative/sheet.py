"""The patient's sheet: the plan in force in plain words. Short sentences, and nothing that waits for an approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from titrate.clinical.insights.activity_pacing import TaskPacing
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import FollowUp
from titrate.clinical.insights.talking_points import TalkingPoints
from titrate.clinical.insights.week_template import DoseOptions
from titrate.clinical.values.education_content import CardRow
from titrate.clinical.values.plan import Dose, ExerciseState, PlanInForce
from titrate.clinical.values.rulebook import Programme, Rulebook
from titrate.fhir.doses import each_set
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.card import COLOURS, CardNumbers, card_rows, filled
from titrate.fhir.narrative.section import Section, Table

TITLE = "My exercise plan"
UNITS = {"min": "minutes", "s": "seconds", "m": "metres", "{repetitions}": "times"}
DAILY = 7
NOT_FOR_EMERGENCIES = "This sheet is no help in an emergency. Call the emergency number."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet is made of. All of it is of the plan in force: `options` are parts of its doses.

    `heart_rate` is a clinician's limit a minute; `goals` are the patient's own words; `instructions` those of a person,
    by exercise.
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
    """The sheet from top to bottom. Empty sections are kept out when shown."""
    programme = sheet.programme
    return (
        Section(TITLE, tuple(_head(sheet))),
        Section("What I want to be able to do", items=sheet.goals),
        Section("What to do", (programme.warm_up,), _doses(sheet), (*_how(sheet), programme.cool_down)),
        Section("Your limits", tuple(_limits(sheet))),
        *_card(sheet),
        _less(sheet),
        Section("If it flares up", items=programme.flare),
        Section("Stop and get help", items=programme.stop, loud=True),
        Section("Step by step", tuple(_steps(sheet))),
        Section("Big tasks in parts", items=tuple(map(_chunks, sheet.talking_points.task_pacing))),
        *_talk(sheet),
        Section(
            "The next time we speak",
            tuple(_contact(sheet.talking_points.follow_up)) if sheet.talking_points.follow_up else (),
        ),
        Section("Please note", (NOT_FOR_EMERGENCIES,)),
    )


def _head(sheet: Sheet) -> Iterator[str]:
    if sheet.plan.approved is not None:
        yield f"Agreed with your clinician. It holds from {_day(sheet.plan.approved)}."
    yield "Do what is on this sheet. Do not add more by yourself, also on a good day."


def _doses(sheet: Sheet) -> Table:
    rows = (
        (_display(sheet, state), _dose(state.dose), _often(state.weekly_frequency))
        for state in sheet.plan.exercises if state.dose is not None
    )  # fmt: skip
    return Table(("Exercise", "How much", "How often"), tuple(rows))


def _how(sheet: Sheet) -> Iterator[str]:
    """How each exercise is done; a clinician's own words come before ours."""
    for state in sheet.plan.exercises:
        if state.dose is not None:
            ours = sheet.rulebook.exercises[state.exercise].instruction
            yield f"{_display(sheet, state)}: {sheet.instructions.get(state.exercise, ours)}"


def _display(sheet: Sheet, state: ExerciseState) -> str:
    return sheet.rulebook.exercises[state.exercise].display


def _dose(dose: Dose | None) -> str:
    """`15 minutes`, `3 sets of 10 with 40 kg`."""
    if dose is None:
        return "rest"
    load = f" with {plain_number(dose.load)} kg" if dose.load is not None else ""
    each = each_set(dose)
    if each is not None and dose.sets is not None:
        return f"{dose.sets} {'set' if dose.sets == 1 else 'sets'} of {each}{load}"
    return f"{plain_number(dose.amount)} {UNITS.get(dose.unit, dose.unit)}{load}"


def _often(times: int) -> str:
    if times == DAILY:
        return "every day"
    return "once a week" if times == 1 else f"{times} times a week"


def _limits(sheet: Sheet) -> Iterator[str]:
    cap = filled(("{cap}",), sheet.rulebook, sheet.plan.phase, sheet.numbers)[0]
    yield f"Keep pain at {plain_number(sheet.numbers.ceiling)} of 10 or less."
    yield f"Keep the effort at {cap} of 10 or less."
    if sheet.heart_rate is not None:
        yield f"Keep your heart rate at {sheet.heart_rate} a minute or less."


def _card(sheet: Sheet) -> tuple[Section, ...]:
    """Why, how it may feel, the three colours, and what helps."""
    shown = card_rows(sheet.rulebook, sheet.plan.phase)
    words = (row for row in shown if row.name not in COLOURS and not row.act)
    colours = (row for row in shown if row.name in COLOURS)
    help_ = (row for row in shown if row.name not in COLOURS and row.act)
    again = sheet.rulebook.guidance.card.get("starting-again") if sheet.talking_points.restart else None
    return tuple(_row(sheet, row) for row in (*((again,) if again else ()), *words, *colours, *help_))


def _row(sheet: Sheet, row: CardRow) -> Section:
    def put(lines: tuple[str, ...]) -> tuple[str, ...]:
        return filled(lines, sheet.rulebook, sheet.plan.phase, sheet.numbers)

    offer = sheet.talking_points.restart
    mine = f"For you: {_dose(offer.dose)}, {_often(offer.times)}." if offer and row.name == "starting-again" else None
    return Section(row.title, put(row.signs), items=(*put(row.act), *((mine,) if mine else ())))


def _less(sheet: Sheet) -> Section:
    rows = tuple(
        (sheet.rulebook.exercises[o.exercise].display, _dose(o.full), _dose(o.reduced), _dose(o.minimum))
        for o in sheet.options
    )
    said = ("On such a day take the smaller or the smallest amount. Both are part of the plan.",) if rows else ()
    return Section("On a less good day", said, Table(("Exercise", "Planned", "Smaller", "Smallest"), rows))


def _steps(sheet: Sheet) -> Iterator[str]:
    """The step that a clinician has set on the ladder in hand; never one that is only proposed."""
    for climb in sheet.talking_points.ladders:
        if climb.now is not None and not climb.blocked_by and _in_hand(climb):
            near = " Have somebody near, or a support in reach." if climb.step <= climb.ladder.watched else ""
            yield f"{climb.ladder.title}: {climb.now}.{near}"


def _in_hand(climb: LadderProgress) -> bool:
    return climb.chosen or climb.fear is None


def _chunks(plan: TaskPacing) -> str:
    if plan.parts == 1:
        return f"{plan.task.title}: {plain_number(plan.proposal or plan.chunk)} minutes in one go."
    return (
        f"{plan.task.title}: {plain_number(plan.chunk)} minutes, then {plain_number(plan.rest)} minutes of rest. "
        f"In the rest, {plan.task.rest}."
    )


def _talk(sheet: Sheet) -> tuple[Section, ...]:
    """The talk that is due next."""
    due = [one for one in sheet.talking_points.topics if not one.understood]
    return (Section(f"To talk about: {due[0].module.title}", due[0].module.text),) if due else ()


def _contact(contact: FollowUp | None) -> Iterator[str]:
    if contact is None:
        return
    how = "We meet in person" if contact.how == "in person" else "We speak by phone or video"
    yield f"{how}. If you have no date, ask for one." if contact.overdue else f"{how} by {_day(contact.due)}."
    yield "Please bring your notes of pain and tiredness in the morning."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
