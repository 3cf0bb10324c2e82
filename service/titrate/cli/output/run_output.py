"""A run in a few lines for a terminal: counts, failures, what would be written, and at its end the worklist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from titrate.app.draft_lifecycle import Transition
from titrate.app.population.cancellation import StopReason
from titrate.app.population.patient_result import PatientDone, ResourceChange
from titrate.app.population.run_report import RunReport, frequencies, total_counts
from titrate.app.report.summary import TRANSITION_SUMMARIES
from titrate.app.report.worklist import WorkKind

TITLES = {
    WorkKind.FLAGGED: "An open red flag",
    WorkKind.UNDELIVERABLE: "A decision that is not in the EHR",
    WorkKind.WAITING: "A draft that waits for a clinician",
    WorkKind.EDITED: "A person changed the plan; their word holds",
    WorkKind.EXPIRED: "A draft waited for too long and was renewed",
    WorkKind.REJECTED: "A clinician rejected the draft, and nothing new is known",
}
STOPPED = {
    StopReason.TIME: "its time was over",
    StopReason.SIGNAL: "it was asked to",
    StopReason.UNREACHABLE: "the EHR cannot be reached",
    StopReason.UNAUTHORISED: "the EHR does not accept our token",
    StopReason.LEDGER: "the ledger cannot be used",
}


def lines_of(tally: RunReport) -> Iterator[str]:
    """The report, a line at a time."""
    yield _heading(tally)
    yield from _counts("Decisions", frequencies(one.outcome for one in tally.done))
    yield from _counts("In the EHR", frequencies(one.delivery for one in tally.done))
    yield from _counts("Codes that no mapping knows", total_counts(one.unmapped for one in tally.done))
    yield from _counts("Records that could not be used", total_counts(one.refusals for one in tally.done))
    yield from _counts("Not had from the EHR", frequencies(fault for one in tally.done for fault in one.missing))
    if tally.failures:
        yield f"{len(tally.failures)} could not be done:"
        yield from (f"  Patient/{one.patient}: {one.step}: {one.message}" for one in tally.failures)
    yield from (line for one in tally.done if one.changes for line in _would(one))
    yield from _worklist(tally)


def _heading(tally: RunReport) -> str:
    name = "Dry run: nothing was written" if tally.run is None else f"Run {tally.run}"
    said = f"{name}. {len(tally.done)} of {tally.patients} patients went through"
    said += f", {sum(one.created for one in tally.done)} new resources." if tally.run is not None else "."
    if tally.busy:
        said += f" {tally.busy} are in the hands of another run."
    if tally.stopped:
        said += f" Stopped because {STOPPED[tally.stopped]}; {tally.not_started} were not begun or finished."
    return said


def _counts(title: str, found: Mapping[str, int]) -> Iterator[str]:
    if found:
        yield f"{title}: " + ", ".join(f"{count} {name}" for name, count in found.items())


def _would(one: PatientDone) -> Iterator[str]:
    yield f"Patient/{one.patient} would get {TRANSITION_SUMMARIES[Transition(one.transition)]}: {_changes(one.changes)}"
    yield from (f"  {dose}" for dose in one.doses)


def _changes(changes: tuple[ResourceChange, ...]) -> str:
    new = frequencies(change.resource for change in changes if change.action == "create")
    made = [f"{count} {kind}" for kind, count in new.items()]
    changed = [f"{change.resource} to {change.status}" for change in changes if change.action == "update"]
    return ", ".join((*made, *changed))


def _worklist(tally: RunReport) -> Iterator[str]:
    if not tally.worklist:
        yield "Nothing needs a person."
    for work, rows in groupby(tally.worklist, key=lambda row: row.work):
        listed = list(rows)
        yield f"{TITLES[work]} ({len(listed)}):"
        yield from (f"  {row.patient}" + (f"  {row.plan}" if row.plan else "") for row in listed)
