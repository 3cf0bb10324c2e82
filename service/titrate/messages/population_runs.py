"""Runs over a population: results, failures, enrolment, and the lists of worklist and ledger."""

from __future__ import annotations

from titrate.messages.message import Message


class CountOf(Message, text="{count} {name}"):
    count: int
    name: str


class RunHeading(
    Message, text="Run {run}. {done} of {patients} patients processed, {created} new {created:resource|resources}."
):
    run: int
    done: int
    patients: int
    created: int


class DryRunHeading(Message, text="Dry run: nothing was written. {done} of {patients} patients processed."):
    done: int
    patients: int


class MembersLeftOut(
    Message,
    text=(
        "{count} {count:member of the Group has|members of the Group have} no usable reference to a patient of the EHR."
        " Correct the Group."
    ),
):
    count: int


class PatientsInOtherRun(Message, text="{count} {count:patient is|patients are} being processed by another run."):
    count: int


class RunStoppedBySignal(Message, text="Stopped by a signal; {count} {count:patient was|patients were} not finished."):
    count: int


class RunStoppedByTime(
    Message, text="Stopped at the time limit; {count} {count:patient was|patients were} not finished."
):
    count: int


class RunStoppedUnreachable(
    Message, text="Stopped because the EHR cannot be reached; {count} {count:patient was|patients were} not finished."
):
    count: int


class RunStoppedUnauthorised(
    Message,
    text="Stopped because the EHR does not accept the token; {count} {count:patient was|patients were} not finished.",
):
    count: int


class RunStoppedByLedger(
    Message, text="Stopped because the ledger cannot be used; {count} {count:patient was|patients were} not finished."
):
    count: int


class DecisionCounts(Message, text="Decisions: {counts}"):
    counts: tuple[CountOf, ...]


class DeliveryCounts(Message, text="In the EHR: {counts}"):
    counts: tuple[CountOf, ...]


class UnmappedCounts(Message, text="Codes without a mapping: {counts}"):
    counts: tuple[CountOf, ...]


class RefusalCounts(Message, text="Records that could not be used: {counts}"):
    counts: tuple[CountOf, ...]


class MissingCounts(Message, text="Not received from the EHR: {counts}"):
    counts: tuple[CountOf, ...]


class FailureCount(Message, text="{count} {count:patient|patients} failed:"):
    count: int


class PatientFailure(Message, text="  Patient/{patient}: {step}: {problem}"):
    patient: str
    step: str
    problem: str


class StatusChange(Message, text="{resource} to {status}"):
    resource: str
    status: str


class DryRunPatient(Message, text="Patient/{patient} would get {delivery}: {changes}"):
    patient: str
    delivery: str
    changes: tuple[Message, ...]


class DryRunDose(Message, text="  {dose}"):
    dose: str


class WorklistFlagged(Message, text="An open red flag ({count}):"):
    count: int


class WorklistText(Message, text="A text that may describe a red flag: read it and ask the patient ({count}):"):
    count: int


class WorklistUndeliverable(Message, text="A decision that is not in the EHR ({count}):"):
    count: int


class WorklistIncomplete(Message, text="A record that is not complete, so that no dose rises ({count}):"):
    count: int


class WorklistWaiting(Message, text="A draft that is waiting for a clinician ({count}):"):
    count: int


class WorklistEdited(Message, text="A plan that was edited in the EHR; the edits are kept ({count}):"):
    count: int


class WorklistExpired(Message, text="A draft that was not reviewed in time and was replaced ({count}):"):
    count: int


class WorklistRejected(Message, text="A rejected draft, with no new data since ({count}):"):
    count: int


class WorklistZone(Message, text="Time zone assumed, because the patient's record names none ({count}):"):
    count: int


class WorklistEmpty(Message, text="No patient needs attention."):
    pass


class WorklistPatient(Message, text="  {patient}"):
    patient: str


class WorklistPlan(Message, text="  {patient}  {plan}"):
    patient: str
    plan: str


class NoEntries(Message, text="No entries."):
    pass


class UnknownFailure(Message, text="The ledger has no failure {number}: `titrate ledger failures` lists them."):
    number: int


class FailureOfAnotherPatient(
    Message, text="Failure {number} belongs to none of these patients: search among more patients."
):
    number: int


class LedgerRepaired(
    Message,
    text="Closed {runs} interrupted {runs:run|runs} and released {patients} {patients:patient|patients}.",
):
    runs: int
    patients: int


# Why a patient failed


class NotOneRecord(Message, text="What the EHR returned is not the record of one patient."):
    pass


class ProgramFault(Message, text="Internal error in Titrate at {place}: report it."):
    place: str


class DeliveryRefused(Message, text="The EHR rejected the plan and wrote no part of it."):
    pass


class DeliveryUnknown(
    Message, text="The response to the plan was lost, and the plan was not found afterwards. Look for it in the EHR."
):
    pass


# Which patients a run is for


class GroupIdInvalid(Message, text="A Group's id has 1 to 64 letters, digits, dots and hyphens."):
    pass


class GroupTooDeep(Message, text="The Group contains Groups more than {levels} levels deep, or contains itself."):
    levels: int


class PatientFileUnreadable(Message, text="The file of patients cannot be read: {file}"):
    file: str


class PatientFileLineInvalid(Message, text="Line {line} of {file} is not a FHIR id: write one id per line."):
    line: int
    file: str


class NotAPatientResource(Message, text="An entry of the response is not a Patient, or has no id."):
    pass


class NotAGroupResource(Message, text="The response is not a Group."):
    pass
