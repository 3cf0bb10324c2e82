"""A run as lines for a terminal: counts, failures, the changes of a dry run, and the worklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from titrate.app.draft_lifecycle import Transition
from titrate.app.population.patient_result import PatientDone, ResourceChange
from titrate.app.population.run_context import StopReason
from titrate.app.population.run_report import RunReport, frequencies, total_counts
from titrate.app.report.summary import TRANSITION_SUMMARIES
from titrate.app.report.worklist import WorkKind
from titrate.messages import Message
from titrate.messages.population_runs import (
    CountOf,
    DecisionCounts,
    DeliveryCounts,
    DryRunDose,
    DryRunHeading,
    DryRunPatient,
    FailureCount,
    MembersLeftOut,
    MissingCounts,
    PatientFailure,
    PatientsInOtherRun,
    RefusalCounts,
    RunHeading,
    RunStoppedByLedger,
    RunStoppedBySignal,
    RunStoppedByTime,
    RunStoppedUnauthorised,
    RunStoppedUnreachable,
    StatusChange,
    UnmappedCounts,
    WorklistEdited,
    WorklistEmpty,
    WorklistExpired,
    WorklistFlagged,
    WorklistIncomplete,
    WorklistPatient,
    WorklistPlan,
    WorklistRejected,
    WorklistText,
    WorklistUndeliverable,
    WorklistWaiting,
    WorklistZone,
)

WORKLIST_HEADINGS = {
    WorkKind.FLAGGED: WorklistFlagged,
    WorkKind.TEXT: WorklistText,
    WorkKind.UNDELIVERABLE: WorklistUndeliverable,
    WorkKind.INCOMPLETE: WorklistIncomplete,
    WorkKind.WAITING: WorklistWaiting,
    WorkKind.EDITED: WorklistEdited,
    WorkKind.EXPIRED: WorklistExpired,
    WorkKind.REJECTED: WorklistRejected,
    WorkKind.ZONE: WorklistZone,
}
STOPPED = {
    StopReason.TIME: RunStoppedByTime,
    StopReason.SIGNAL: RunStoppedBySignal,
    StopReason.UNREACHABLE: RunStoppedUnreachable,
    StopReason.UNAUTHORISED: RunStoppedUnauthorised,
    StopReason.LEDGER: RunStoppedByLedger,
}


def run_lines(report: RunReport) -> Iterator[str]:
    """The lines of the report."""
    yield " ".join(map(str, _heading(report)))
    yield from map(str, _body(report))


def _heading(report: RunReport) -> Iterator[Message]:
    """The sentences of the first line."""
    done = len(report.done)
    if report.run is None:
        yield DryRunHeading(done=done, patients=report.patients)
    else:
        created = sum(one.created for one in report.done)
        yield RunHeading(run=report.run, done=done, patients=report.patients, created=created)
    if report.left_out:
        yield MembersLeftOut(count=report.left_out)
    if report.busy:
        yield PatientsInOtherRun(count=report.busy)
    if report.stopped:
        yield STOPPED[report.stopped](count=report.not_started)


def _body(report: RunReport) -> Iterator[Message]:
    counts = (
        (DecisionCounts, frequencies(one.outcome for one in report.done)),
        (DeliveryCounts, frequencies(one.delivery for one in report.done)),
        (UnmappedCounts, total_counts(one.unmapped for one in report.done)),
        (RefusalCounts, total_counts(one.refusals for one in report.done)),
        (MissingCounts, frequencies(fault for one in report.done for fault in one.missing)),
    )
    yield from (sentence(counts=_counts(found)) for sentence, found in counts if found)
    if report.failures:
        yield FailureCount(count=len(report.failures))
    for failure in report.failures:
        yield PatientFailure(patient=failure.patient, step=failure.step, problem=str(failure.message))
    for one in report.done:
        if one.changes:
            yield from _difference(one)
    yield from _worklist(report)


def _counts(found: Mapping[str, int]) -> tuple[CountOf, ...]:
    return tuple(CountOf(count=count, name=name) for name, count in found.items())


def _difference(one: PatientDone) -> Iterator[Message]:
    delivery = str(TRANSITION_SUMMARIES[Transition(one.transition)])
    yield DryRunPatient(patient=one.patient, delivery=delivery, changes=_changes(one.changes))
    yield from (DryRunDose(dose=str(dose)) for dose in one.doses)


def _changes(changes: tuple[ResourceChange, ...]) -> tuple[Message, ...]:
    created = _counts(frequencies(change.resource for change in changes if change.action == "create"))
    updated = (change for change in changes if change.action == "update")
    return (*created, *(StatusChange(resource=one.resource, status=str(one.status)) for one in updated))


def _worklist(report: RunReport) -> Iterator[Message]:
    if not report.worklist:
        yield WorklistEmpty()
    for work, group in groupby(report.worklist, key=lambda item: item.work):
        items = list(group)
        yield WORKLIST_HEADINGS[work](count=len(items))
        for item in items:
            about = item.plan or item.source
            yield WorklistPlan(patient=item.patient, plan=about) if about else WorklistPatient(patient=item.patient)
