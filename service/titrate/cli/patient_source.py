"""One patient for a command that looks: from a file or from the EHR, walked through the corridor, nothing written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from titrate.app.fetch_and_deliver import preview
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.cli.bootstrap import WRONG_USE, ehr_failures, exit_with_message
from titrate.ehr.client import EHR, connect
from titrate.ehr.fetch import Fault
from titrate.event_log import open_event_log
from titrate.fhir.bundles import NotABundle, resources_of
from titrate.fhir.read import NoPatient, SeveralPatients
from titrate.json_codec import InvalidJson, loads
from titrate.settings import Settings

PatientCommand = TypeVar("PatientCommand", bound=Callable[..., Any])

UNUSABLE_FILES: dict[type[Exception], str] = {
    InvalidJson: "broken-json",
    NotABundle: "not-a-bundle",
    NoPatient: "no-patient",
    SeveralPatients: "several-patients",
}


def one_patient_options(command: PatientCommand) -> PatientCommand:
    """Gives a command the options --bundle, --patient and --at; `require_one_source` checks them."""
    for option in (
        click.option("--at", "at_text", metavar="INSTANT", help="The moment it is for, with offset. Default: now."),
        click.option("--patient", metavar="ID", help="A patient of the EHR at TITRATE_FHIR_URL."),
        click.option(
            "--bundle",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A FHIR Bundle that holds the whole EHR of one patient.",
        ),
    ):
        command = option(command)
    return command


def require_one_source(bundle: Path | None, patient: str | None) -> None:
    """Ends the command unless exactly one of the two was given."""
    if (bundle is None) == (patient is None):
        exit_with_message("Give either --bundle FILE or --patient ID.", WRONG_USE)


def from_file(path: Path, rules: PlanningRules, at: datetime) -> PipelineResult:
    """The patient of a Bundle, or what is wrong with the file and exit code 2."""
    try:
        resources, refusals = resources_of(loads(path.read_bytes()))
        return plan_patient(FetchResult(resources, refusals), rules, at)
    except tuple(UNUSABLE_FILES) as error:
        exit_with_message(f"{UNUSABLE_FILES[type(error)]}: {path.name}: {error}", WRONG_USE)
    except OSError:
        exit_with_message(f"{path.name} cannot be read.", WRONG_USE)


def ehr_or_stop(settings: Settings) -> EHR:
    """The EHR of the settings, or that none is set and exit code 2."""
    if settings.fhir_url is None:
        exit_with_message(
            "TITRATE_FHIR_URL is not set: write the base address of the EHR's FHIR server into it.", WRONG_USE
        )
    return connect(settings, open_event_log(sys.stderr, settings.log_form, settings.log_level))


def print_fetch_faults(faults: tuple[Fault, ...]) -> None:
    """What the EHR could not give, on standard error."""
    for fault in faults:
        click.echo(f"{fault.type}: {fault.message}", err=True)


def previewed_patient(
    bundle: Path | None, patient: str | None, settings: Settings, rules: PlanningRules, at: datetime
) -> PipelineResult:
    """The patient of a file or of the EHR; nothing is written."""
    if bundle is not None:
        return from_file(bundle, rules, at)
    ehr = ehr_or_stop(settings)
    with ehr_failures():
        walked, faults = preview(ehr, str(patient), rules, at)
    print_fetch_faults(faults)
    return walked
