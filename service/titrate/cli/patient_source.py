"""One patient for a command that only reads: from a Bundle file or from the EHR, through the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from titrate.app.fetch_and_deliver import preview
from titrate.app.fetch_result import file_result
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.cli.bootstrap import connect_ehr, ehr_failures
from titrate.cli.errors import UsageError
from titrate.ehr.fetch import Fault
from titrate.fhir.bundle_contents import NotABundle
from titrate.fhir.read import NoPatient, OtherPatients, SeveralPatients
from titrate.json_codec import InvalidJson, loads
from titrate.messages.cli import (
    FetchFault,
    FileUnreadable,
    GiveBundleOrPatient,
    UnusableBundle,
)
from titrate.settings import Settings

PatientCommand = TypeVar("PatientCommand", bound=Callable[..., Any])

UNUSABLE_FILES: dict[type[Exception], str] = {
    InvalidJson: "broken-json",
    NotABundle: "not-a-bundle",
    NoPatient: "no-patient",
    SeveralPatients: "several-patients",
    OtherPatients: "other-patients",
}


def one_patient_options(command: PatientCommand) -> PatientCommand:
    """Adds the options --bundle, --patient and --at to a command; `require_one_source` checks them."""
    for option in (
        click.option("--at", "at_text", metavar="INSTANT", help="Time of the decision, with offset. Default: now."),
        click.option("--patient", metavar="ID", help="A patient of the EHR at TITRATE_FHIR_URL."),
        click.option(
            "--bundle",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A FHIR Bundle with everything that the EHR holds about one patient.",
        ),
    ):
        command = option(command)
    return command


def require_one_source(bundle: Path | None, patient: str | None) -> None:
    """Raises UsageError unless exactly one of the two is given."""
    if (bundle is None) == (patient is None):
        raise UsageError(GiveBundleOrPatient())


def plan_from_file(path: Path, rules: PlanningRules, at: datetime) -> PipelineResult:
    """The plan for the patient of a Bundle. Raises UsageError with what is wrong with the file."""
    try:
        return plan_patient(file_result(loads(path.read_bytes())), rules, at)
    except tuple(UNUSABLE_FILES) as error:
        code = UNUSABLE_FILES[type(error)]
        raise UsageError(UnusableBundle(code=code, file=path.name, problem=str(error))) from None
    except OSError:
        raise UsageError(FileUnreadable(file=path.name)) from None


def print_fetch_faults(faults: tuple[Fault, ...]) -> None:
    """Print on standard error what the EHR did not provide."""
    for fault in faults:
        click.echo(FetchFault(resource_type=fault.type, problem=str(fault.message)), err=True)


def preview_patient(
    bundle: Path | None, patient: str | None, settings: Settings, rules: PlanningRules, at: datetime
) -> PipelineResult:
    """The plan for the patient of a file or of the EHR. Writes nothing."""
    if bundle is not None:
        return plan_from_file(bundle, rules, at)
    ehr = connect_ehr(settings)
    with ehr_failures():
        result, faults = preview(ehr, str(patient), rules, at)
    print_fetch_faults(faults)
    return result
