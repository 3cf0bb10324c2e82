"""Talking points on the clinician's page: follow-up, restart, stage, ladders, pacing, the card and education."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from titrate.clinical.insights.adherence import RestartOffer
from titrate.clinical.insights.clinician_overview import TalkingPoints
from titrate.clinical.insights.daily_activities import TaskPacing
from titrate.clinical.insights.exposure_ladders import LadderProgress
from titrate.clinical.insights.follow_up import ContactMode, FollowUp
from titrate.clinical.insights.pathway_progress import EducationTopic, ExitGateStatus, StageStatus
from titrate.clinical.values.education_content import LadderKind
from titrate.clinical.values.rulebook import Rulebook
from titrate.fhir.doses import dose_words
from titrate.fhir.identifiers import plain_number
from titrate.fhir.narrative.labels import Name, names_of
from titrate.fhir.narrative.patient_sheet_sections import COLOURS, RESTART_ROW, CardNumbers, card_rows, with_numbers
from titrate.fhir.narrative.section import Section, Table, Text
from titrate.fhir.plan_proposal import PlanProposal
from titrate.messages import Message, columns, headings
from titrate.messages import talking_points as texts

_CONTACT_MODES: Mapping[ContactMode, Message] = {
    ContactMode.IN_PERSON: texts.InPersonContact(),
    ContactMode.TELEHEALTH: texts.TelehealthContact(),
}


def talking_point_sections(proposal: PlanProposal) -> tuple[Section, ...]:
    """The sections for the next talk with the patient; none without an overview."""
    if proposal.overview is None:
        return ()
    points, book, name = proposal.overview.talking_points, proposal.rulebook, names_of(proposal)
    contact = (_contact(points.follow_up), texts.Agenda(points=tuple(_agenda(proposal)))) if points.follow_up else ()
    topics = tuple(_topic(topic, first=topic is points.topics[0]) for topic in points.topics)
    return (
        Section(headings.FollowUpHeading(), contact),
        Section(headings.RestartHeading(), tuple(_restart(points.restart, name, book)) if points.restart else ()),
        _stage(points.stage, points, book),
        *_ladders(points, book),
        Section(headings.PacingHeading(), items=tuple(map(_pacing, points.task_pacing))),
        *_card(proposal),
        Section(headings.TopicsHeading(), items=topics),
    )


def _contact(contact: FollowUp) -> Message:
    mode, due, reason, last = _CONTACT_MODES[contact.mode], contact.due, contact.reason, contact.last
    if last is None:
        first = texts.FirstContactOverdue if contact.overdue else texts.FirstContactDue
        return first(mode=mode, due=due, reason=reason)
    next_contact = texts.ContactOverdue if contact.overdue else texts.ContactDue
    return next_contact(mode=mode, due=due, reason=reason, last=last)


def _agenda(proposal: PlanProposal) -> Iterator[Message]:
    """What the next contact is about."""
    decision, points = proposal.decision, proposal.overview.talking_points if proposal.overview else None
    questions = len(decision.asks) - len(decision.reviews)
    if questions > 0:
        yield texts.AgendaQuestions(count=questions, heading=headings.MissingHeading())
    if decision.reviews:
        yield texts.AgendaReviews(count=len(decision.reviews), heading=headings.ReviewHeading())
    if points is not None:
        yield from _agenda_of(points)
    yield texts.AgendaAlways()


def _agenda_of(points: TalkingPoints) -> Iterator[Message]:
    if points.restart is not None:
        yield texts.AgendaRestart()
    for progress in points.ladders:
        if progress.ready and progress.next is not None:
            yield texts.AgendaLadder(ladder=progress.ladder.title)
    if points.topics and not points.topics[0].understood:
        yield texts.AgendaTopic(topic=points.topics[0].module.title)
    if points.stage is not None and any(gate.met is None for gate in points.stage.gates):
        yield texts.AgendaStage()


def _restart(offer: RestartOffer, name: Name, book: Rulebook) -> Iterator[Text]:
    yield texts.RestartOffered(
        reasons=offer.reasons,
        exercise=name(offer.exercise),
        dose=dose_words(offer.dose),
        times=offer.times,
        entries=offer.entries,
    )
    row = book.guidance.card.get(RESTART_ROW)
    if row is not None:
        yield " ".join((*row.signs, *row.act))


def _stage(status: StageStatus | None, points: TalkingPoints, book: Rulebook) -> Section:
    if status is None:
        return Section(headings.StageHeading())
    stage, others = status.stage, (book.programmes[name].display for name in points.other_programmes)
    sentences = (
        texts.StageCurrent(number=status.number, stages=status.stages, name=stage.name, aim=stage.aim, dose=stage.dose),
        *(texts.StageEntry(criterion=criterion) for criterion in status.entry),
        *((texts.ProgrammeFitsDiagnosis(diagnoses=status.fits),) if status.fits else ()),
        *(texts.OtherProgrammeFits(programme=programme) for programme in others),
    )
    precautions = (texts.PrecautionAlways(precaution=precaution) for precaution in status.precautions)
    return Section(headings.StageHeading(), sentences, items=(*map(_exit_gate, status.gates), *precautions))


def _exit_gate(gate: ExitGateStatus) -> Message:
    text = {True: texts.ExitGateMet, False: texts.ExitGateNotMet, None: texts.ExitGateUnknown}[gate.met]
    return text(gate=gate.text)


def _ladders(points: TalkingPoints, book: Rulebook) -> tuple[Section, ...]:
    tasks = [progress for progress in points.ladders if progress.ladder.kind is LadderKind.TASK]
    balance = [progress for progress in points.ladders if progress.ladder.kind is LadderKind.BALANCE]
    exposure = texts.ExposureStarted if points.ladder_started else texts.ExposureNotStarted
    graded = any(progress.feared or progress.step for progress in tasks)
    heading = (
        columns.TaskColumn(),
        columns.FearColumn(),
        columns.CurrentStepColumn(),
        columns.NextStepColumn(),
    )
    table = Table(heading, tuple(map(_task, tasks)))
    steps = tuple(line for progress in balance for line in _balance(progress))
    return (
        Section(headings.LaddersHeading(), (exposure(gate=book.named("G8")),) if graded else (), table, _blocks(tasks)),
        Section(headings.BalanceHeading(), steps, items=_blocks(balance)),
    )


def _task(progress: LadderProgress) -> tuple[Text, ...]:
    fear = "-" if progress.fear is None else plain_number(progress.fear)
    return _ladder_title(progress), fear, _current_step(progress), _next_step(progress)


def _ladder_title(progress: LadderProgress) -> Text:
    title = progress.ladder.title
    if progress.for_goal and progress.chosen:
        return texts.LadderForGoalChosen(ladder=title)
    if progress.for_goal:
        return texts.LadderForGoal(ladder=title)
    return texts.LadderChosen(ladder=title) if progress.chosen else title


def _balance(progress: LadderProgress) -> Iterator[Message]:
    yield texts.BalanceSteps(current=_current_step(progress), proposed=_next_step(progress))
    if progress.supported:
        yield texts.BalanceSupported()


def _current_step(progress: LadderProgress) -> Message:
    if progress.now is None:
        return texts.LadderNotStarted()
    return texts.LadderStep(number=progress.step, step=progress.now)


def _next_step(progress: LadderProgress) -> Message:
    """The proposed step, or what to do instead."""
    if progress.blocked_by:
        return texts.LadderWaits()
    if progress.next is None:
        return texts.LadderTopReached() if progress.ready else texts.LadderGoOn()
    task = progress.ladder.kind is LadderKind.TASK
    if task and not (progress.step or progress.feared or progress.for_goal):
        return texts.LadderNotNeeded()
    if progress.step and not progress.ready:
        return texts.LadderGoOnWithStep()
    return texts.LadderStep(number=progress.step + 1, step=progress.next)


def _blocks(ladders: list[LadderProgress]) -> tuple[Message, ...]:
    return tuple(
        texts.LadderBlocked(ladder=progress.ladder.title, block=block)
        for progress in ladders
        for block in progress.blocked_by
    )


def _pacing(pacing: TaskPacing) -> Message:
    task, tolerated, goal = pacing.task.title, pacing.tolerated.normalize(), pacing.proposal or pacing.chunk
    if pacing.parts == 1:
        return texts.TaskInOneGo(task=task, tolerated=tolerated, day=pacing.day, goal=goal.normalize())
    chunks = texts.TaskInChunks(
        task=task,
        tolerated=tolerated,
        day=pacing.day,
        chunk=pacing.chunk.normalize(),
        rest=pacing.rest.normalize(),
        activity=pacing.task.rest,
    )
    if pacing.parts is None:
        return chunks
    return texts.TaskInCountedChunks(chunks=chunks, goal=goal.normalize(), parts=pacing.parts)


def _card(proposal: PlanProposal) -> tuple[Section, ...]:
    """The three colours and the toolkit for the phase after approval."""
    prescription, book = proposal.prescription, proposal.rulebook
    if not any(exercise.dose for exercise in prescription.exercises):
        return ()
    limits = {limit.name: limit.value for limit in prescription.limits}
    numbers = CardNumbers(limits["pain-ceiling"], limits["rpe-cap"], prescription.usual_pain)
    rows = card_rows(book, prescription.phase)
    lines = {
        row.name: texts.CardLine(
            title=row.title,
            lines=" ".join(with_numbers((*row.signs, *row.act), book, prescription.phase, numbers)),
        )
        for row in rows
    }
    return (
        Section(headings.CardHeading(), items=tuple(lines[row.name] for row in rows if row.name in COLOURS)),
        Section(
            headings.ToolkitHeading(),
            items=tuple(lines[row.name] for row in rows if row.act and row.name not in COLOURS),
        ),
    )


def _topic(topic: EducationTopic, *, first: bool) -> Message:
    """Whether the topic is due; of the first one also what a good answer contains."""
    title, day, module = topic.module.title, topic.teach_back, topic.module
    if topic.understood and day is not None:
        return texts.TopicUnderstood(topic=title, day=day)
    due = (
        texts.TopicDue(topic=title, question=module.ask_back)
        if day is None
        else texts.TopicDueAgain(topic=title, day=day, question=module.ask_back)
    )
    return texts.TopicWithAnswer(topic=due, answer=module.answer) if first else due
