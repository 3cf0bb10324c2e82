"""What the commands print to a terminal, apart from their help."""

from __future__ import annotations

from titrate.messages.message import Message

# Wrong use and settings


class GiveBundleOrPatient(Message, text="Give either --bundle FILE or --patient ID."):
    pass


class GiveJsonOrExplain(Message, text="Give either --json or --explain."):
    pass


class WriteNeedsPatient(Message, text="--write needs --patient: a file is not an EHR."):
    pass


class DoseOptionFormat(Message, text="--dose needs EXERCISE=AMOUNT, as in --dose walking=14."):
    pass


class ReasonRequired(Message, text="--reason must say why."):
    pass


class GiveOneEnrolment(Message, text="Give one of --group ID, --patients FILE and --all."):
    pass


class EnrolmentRequired(
    Message, text="Name the patients: give --group ID, --patients FILE or --all, or set TITRATE_ENROLLED."
):
    pass


class FhirUrlNotSet(
    Message, text="TITRATE_FHIR_URL is not set: write the base address of the EHR's FHIR server into it."
):
    pass


class UnknownProgramme(
    Message, text="TITRATE_PROGRAMME: there is no programme of this name in the mappings; there are {known}."
):
    known: tuple[str, ...]


class InstantFormat(Message, text="write an instant like 2025-01-13T09:00:00+00:00"):
    pass


class InstantWithoutOffset(Message, text="the instant needs an offset, as in 2025-01-13T09:00:00+00:00 or ...Z"):
    pass


class InstantOutOfRange(Message, text="the instant must be between {first} and {last}"):
    first: int
    last: int


class OpenToNetwork(
    Message,
    text=(
        "Anyone on the network could use the service: set TITRATE_API_TOKENS or TITRATE_API_KEYS first "
        "(docs/api.md), or listen on 127.0.0.1."
    ),
):
    pass


class UnknownDemoPatient(Message, text="fixtures/patients has no patient of this name. It has: {names}"):
    names: tuple[str, ...]


class SandboxNotInstalled(Message, text="The sandbox server is not installed. Install the extra: titrate[sandbox]."):
    pass


# Files


class FileUnreadable(Message, text="{file} cannot be read."):
    file: str


class FileUnwritable(Message, text="{file} cannot be written."):
    file: str


class ReportUnwritable(Message, text="{folder}: cannot be written: {reason}"):
    folder: str
    reason: str


class UnusableBundle(Message, text="{code}: {file}: {problem}"):
    code: str
    file: str
    problem: str


class PopulationFileUnreadable(Message, text="{path}: cannot be read"):
    path: str


class PopulationFileUnusable(Message, text="{path}: {problem}"):
    path: str
    problem: str


# The EHR


class EhrFailure(Message, text="{code}: {problem}"):
    code: str
    problem: str


class FetchFault(Message, text="{resource_type}: {problem}"):
    resource_type: str
    problem: str


class ChangesUnknown(
    Message, text="The EHR cannot report what changed since then: all enrolled patients are processed."
):
    pass


# titrate plan and sheet


class NoSheet(Message, text="No sheet: {reason}."):
    reason: str


# titrate approve, reject and phase


class DecisionDone(Message, text="{plan}: done"):
    plan: str


class DecisionAlreadyDone(Message, text="{plan}: nothing to do"):
    plan: str


class DecisionRefused(Message, text="{plan}: not possible"):
    plan: str


class DecisionOvertaken(Message, text="{plan}: stopped: another user changed the plan at the same time"):
    plan: str


class DecisionUnknown(
    Message, text="{plan}: unknown: the reply was lost; check the plan in the EHR before you try again"
):
    plan: str


class DecisionReason(Message, text="  because {reason}"):
    reason: str


class DecisionRemark(Message, text="  although {reason}"):
    reason: str


class DecisionChange(Message, text="  {change}"):
    change: str


# titrate sync


class CountOf(Message, text="{count} {name}"):
    count: int
    name: str


class RunHeading(Message, text="Run {run}. {done} of {patients} patients processed, {created} new resources."):
    run: int
    done: int
    patients: int
    created: int


class DryRunHeading(Message, text="Dry run: nothing was written. {done} of {patients} patients processed."):
    done: int
    patients: int


class PatientsInOtherRun(Message, text="{count} {count:patient is|patients are} in another run."):
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


class WorklistUndeliverable(Message, text="A decision that is not in the EHR ({count}):"):
    count: int


class WorklistWaiting(Message, text="A draft that waits for a clinician ({count}):"):
    count: int


class WorklistEdited(Message, text="A plan that was edited in the EHR; the edits are kept ({count}):"):
    count: int


class WorklistExpired(Message, text="A draft that was not reviewed in time and was renewed ({count}):"):
    count: int


class WorklistRejected(Message, text="A rejected draft, with no new data since ({count}):"):
    count: int


class WorklistEmpty(Message, text="No patient needs attention."):
    pass


class WorklistPatient(Message, text="  {patient}"):
    patient: str


class WorklistPlan(Message, text="  {patient}  {plan}"):
    patient: str
    plan: str


# titrate ledger


class NoEntries(Message, text="No entries."):
    pass


class UnknownFailure(Message, text="The ledger has no failure {number}: `titrate ledger failures` lists them."):
    number: int


class FailureOfAnotherPatient(
    Message, text="None of these patients is the patient of failure {number}: search among more patients."
):
    number: int


class LedgerRepaired(
    Message,
    text="Closed {runs} interrupted {runs:run|runs} and released {patients} {patients:patient|patients}.",
):
    runs: int
    patients: int


# titrate mappings


class MappingsValid(
    Message,
    text=(
        "The mapping files are valid: version {version}, {numbers} numbers, {measures} measures, "
        "{exercises} exercises, {flags} red flags, {programmes} programmes; digest {digest}."
    ),
):
    version: str
    numbers: int
    measures: int
    exercises: int
    flags: int
    programmes: int
    digest: str


class MappingsInvalid(Message, text="{count} {count:problem|problems} in the mapping files."):
    count: int


class SiteNumbers(Message, text="{count} {count:number is|numbers are} this site's own:"):
    count: int


class FolderInvalid(Message, text="{folder}: {problems}"):
    folder: str
    problems: str


class DiffHeading(Message, text="{version_a} (digest {digest_a}) -> {version_b} (digest {digest_b})"):
    version_a: str
    digest_a: str
    version_b: str
    digest_b: str


class FilesEqual(Message, text="The files are the same."):
    pass


class RulesEqual(Message, text="The rules are the same: only comments or layout differ."):
    pass


class SameVersion(Message, text="Both have the version {version}: raise it in rulebook.toml."):
    version: str


class DifferenceCount(Message, text="{count} {count:difference|differences}."):
    count: int


class ShadowHeading(
    Message,
    text="A is {version_a} (digest {digest_a}), B is {version_b} (digest {digest_b}).",
):
    version_a: str
    digest_a: str
    version_b: str
    digest_b: str


class ShadowCount(Message, text="{count} of {decided} patients would be decided differently under B."):
    count: int
    decided: int


class ShadowRiseDespiteSymptoms(
    Message, text="LOOK AT THESE FIRST: a dose goes up although symptoms are worse ({count})"
):
    count: int


class ShadowFlagLost(Message, text="A red flag is no longer opened ({count})"):
    count: int


class ShadowHigherDespiteSymptoms(Message, text="A dose is lowered less although symptoms are worse ({count})"):
    count: int


class ShadowRise(Message, text="A dose goes up ({count})"):
    count: int


class ShadowHigher(Message, text="A dose is higher, and not above the one in force ({count})"):
    count: int


class ShadowOther(Message, text="Another decision with the same doses ({count})"):
    count: int


class ShadowLower(Message, text="A lower dose ({count})"):
    count: int


class ShadowSameDecision(Message, text="  {name}: {decision}, under both"):
    name: str
    decision: Message


class ShadowDecisions(Message, text="  {name}: A {before}, B {after}"):
    name: str
    before: Message
    after: Message


class ShadowDose(Message, text="    {exercise}: in force {current}, A {before}, B {after}"):
    exercise: str
    current: str
    before: str
    after: str


class ShadowMark(Message, text="    {mark}"):
    mark: str


class ShadowSymptoms(Message, text="    worse: {symptoms}"):
    symptoms: str


class ShadowMoreSymptoms(Message, text="    worse: {symptoms}; and {more} more"):
    symptoms: str
    more: int


# titrate cohort


class CohortProgress(Message, text="{kind}: {patients} simulated patients, {weeks} weeks."):
    kind: str
    patients: int
    weeks: int


class CohortReport(Message, text="The report is {path}."):
    path: str


class UnsafeSteps(Message, text="{count} unsafe {count:step|steps}."):
    count: int


# titrate demo


class DemoServer(Message, text="A FHIR server answers at {address} with {count} synthetic patients in it.\n"):
    address: str
    count: int


class DemoFailure(Message, text="  failed: {problem}\n"):
    problem: str


class DemoDecisions(Message, text="{counts}."):
    counts: tuple[CountOf, ...]


class DemoWritten(Message, text="{written} resources were written as drafts and records. A second run wrote {again}."):
    written: int
    again: int


class DemoNextSteps(
    Message,
    text=(
        "\nThe reasons of one plan, as a clinician reads them:\n"
        "  ./run titrate plan --bundle {file} --at {at} --explain\n"
        "Everything about it, with the FHIR Bundle:\n"
        "  ./run titrate plan --bundle {file} --at {at} --json\n"
        "Each patient's story is next to that file; docs/inputs.md shows how to write your own."
    ),
):
    file: str
    at: str


# titrate serve and settings


class ServiceListening(
    Message, text="Titrate answers at {address}; {address}/docs documents the API. Ctrl-C stops it."
):
    address: str


class SettingNotSet(Message, text="{name}  not set"):
    name: str


class SettingValue(Message, text="{name}  {value}  ({source})"):
    name: str
    value: str
    source: str
