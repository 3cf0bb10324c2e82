"""Patients for commands that only read: one from a Bundle file or from the EHR, or several from files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from titrate.app.compare_rulebooks import ComparisonCase
from titrate.app.fetch_and_deliver import preview
from titrate.app.fetch_result import file_result
from titrate.app.pipeline import PipelineResult, PlanningRules, plan_patient
from titrate.cli.bootstrap import connect_ehr, ehr_failures
from titrate.cli.errors import UnusableFile, UsageError
from titrate.ehr.fetch import IncompleteType
from titrate.fhir.errors import InputError, NoPatient, NotABundle, OtherPatients, SeveralPatients
from titrate.json_codec import PATIENT_LIMITS, InvalidJson, loads
from titrate.messages.cli import (
    FetchFault,
    FileUnreadable,
    GiveBundleOrPatient,
    PopulationFileUnreadable,
    PopulationFileUnusable,
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
# This file next to a Bundle may hold the time of its decision: {"at": "2025-01-13T09:00:00+00:00"}.
EXPECTED = "expected.json"


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
        return plan_patient(file_result(loads(path.read_bytes(), PATIENT_LIMITS)), rules, at)
    except tuple(UNUSABLE_FILES) as error:
        code = UNUSABLE_FILES[type(error)]
        raise UsageError(UnusableBundle(code=code, file=path.name, problem=str(error))) from None
    except OSError:
        raise UsageError(FileUnreadable(file=path.name)) from None


def print_fetch_faults(faults: tuple[IncompleteType, ...]) -> None:
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


def bundle_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The named files, and every `.json` below the named folders, in order and without duplicates."""
    found = (file for path in paths for file in _files_below(path))
    return tuple(dict.fromkeys(found))


def comparison_case(path: Path, at: datetime | None, now: datetime) -> ComparisonCase:
    """The patient in a file, decided at `at`, else at the time in `expected.json`, else now. Raises UnusableFile."""
    try:
        fetched = file_result(loads(path.read_bytes(), PATIENT_LIMITS))
    except OSError:
        raise UnusableFile(str(PopulationFileUnreadable(path=str(path)))) from None
    except (InvalidJson, InputError) as error:
        raise UnusableFile(str(PopulationFileUnusable(path=str(path), problem=str(error)))) from None
    name = path.parent.name if path.name == "bundle.json" else path.stem
    when = at or _expected_time(path.parent / EXPECTED) or now
    return ComparisonCase(name, fetched.resources, when, fetched.refusals, fetched.completeness)


def _files_below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from (file for file in sorted(path.rglob("*.json")) if file.name != EXPECTED)


def _expected_time(path: Path) -> datetime | None:
    """The decision time in the file; None without a file or without an offset."""
    try:
        at = datetime.fromisoformat(loads(path.read_bytes())["at"])
    except (OSError, InvalidJson, KeyError, ValueError, TypeError):
        return None
    return at if at.tzinfo is not None else None
