"""What the commands print to a terminal, apart from their help."""

from __future__ import annotations

from titrate.messages.message import Message
from titrate.messages.population_runs import CountOf

# Wrong use and settings


class GiveBundleOrPatient(Message, text="Give either --bundle FILE or --patient ID."):
    pass


class GiveJsonOrExplain(Message, text="Give either --json or --explain."):
    pass


class PatientInOtherRun(
    Message, text="Another run is processing this patient. Nothing was written: try again in a minute."
):
    pass


class WriteNeedsPatient(Message, text="--write needs --patient: a file is not an EHR."):
    pass


class DoseOptionFormat(Message, text="--dose needs EXERCISE=AMOUNT, as in --dose walking=14."):
    pass


class ReasonRequired(Message, text="--reason must not be empty: say why."):
    pass


class GiveOneEnrolment(Message, text="Give only one of --group ID, --patients FILE and --all."):
    pass


class EnrolmentRequired(
    Message, text="Name the patients: give --group ID, --patients FILE or --all, or set TITRATE_ENROLLED."
):
    pass


class FhirUrlNotSet(Message, text="TITRATE_FHIR_URL is not set: set it to the base address of the EHR's FHIR server."):
    pass


class UnknownProgramme(
    Message, text="TITRATE_PROGRAMME: the mappings have no programme of this name. Use one of: {known}."
):
    known: tuple[str, ...]


class InstantFormat(Message, text="write the time with its offset, as in 2025-01-13T09:00:00+00:00"):
    pass


class InstantWithoutOffset(Message, text="the time needs an offset, as in 2025-01-13T09:00:00+00:00 or ...Z"):
    pass


class InstantOutOfRange(Message, text="the time must be between the years {first} and {last}"):
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


class UnknownDemoPatient(Message, text="fixtures/patients has no patient of this name. Choose one of: {names}"):
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


class DecisionOvertaken(Message, text="{plan}: not carried out: another user changed the plan at the same time"):
    plan: str


class DecisionUnknown(
    Message, text="{plan}: outcome unknown: the response was lost; check the plan in the EHR before you try again"
):
    plan: str


class DecisionReason(Message, text="  reason: {reason}"):
    reason: str


class DecisionRemark(Message, text="  despite: {reason}"):
    reason: str


class DecisionChange(Message, text="  {change}"):
    change: str


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


class DemoServer(Message, text="A FHIR server is running at {address} with {count} synthetic patients.\n"):
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
        "\n"
        "The reasons for one plan, as a clinician reads them:\n"
        "  ./run titrate plan --bundle {file} --at {at} --explain\n"
        "The full result, with the FHIR Bundle:\n"
        "  ./run titrate plan --bundle {file} --at {at} --json\n"
        "Each patient's story is next to that file; docs/inputs.md shows how to write your own."
    ),
):
    file: str
    at: str


# titrate serve and settings


class ServiceListening(
    Message, text="Titrate is running at {address}; the API is documented at {address}/docs. Press Ctrl-C to stop."
):
    address: str


class SettingNotSet(Message, text="{name}  not set"):
    name: str


class SettingValue(Message, text="{name}  {value}  ({source})"):
    name: str
    value: str
    source: str
