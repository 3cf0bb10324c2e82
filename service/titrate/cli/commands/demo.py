"""`titrate demo`: a sandbox EHR on this machine with synthetic patients, and a plan for each of them."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import requests

from titrate.app.fetch_and_deliver import DeliveredPlan, plan_and_deliver, receipt_keeper
from titrate.app.pipeline import PlanningRules
from titrate.app.report.summary import summary
from titrate.cli.bootstrap import read_rules, read_settings
from titrate.cli.errors import FailureError, UsageError
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.errors import EHRError
from titrate.json_codec import loads
from titrate.ledger.ledger import Ledger, open_ledger
from titrate.messages.cli import (
    DemoDecisions,
    DemoFailure,
    DemoNextSteps,
    DemoServer,
    DemoWritten,
    SandboxNotInstalled,
    UnknownDemoPatient,
)
from titrate.messages.population_runs import CountOf
from titrate.package_data import DataFolder, PackageDataMissing, data_folder
from titrate.sandbox.server import Sandbox, SandboxMissing


@dataclass(frozen=True, slots=True)
class DemoPatient:
    """One synthetic patient: folder, title, everything in the EHR, and the time of the decision."""

    name: str
    title: str
    bundle: dict[str, Any]
    at: datetime

    @property
    def id(self) -> str:
        """The Patient's id."""
        entries = (entry["resource"] for entry in self.bundle["entry"])
        return next(str(one["id"]) for one in entries if one["resourceType"] == "Patient")


@click.command("demo", epilog="\b\nExample:\n  titrate demo")
@click.option("--only", metavar="NAME", help="Only this patient: the name of a folder in fixtures/patients.")
def command(only: str | None) -> None:
    """Start a sandbox EHR, draft a plan for each synthetic patient in it, print the plans, and stop.

    Nothing leaves this machine.
    """
    try:
        patients = demo_patients(data_folder(DataFolder.PATIENTS), only)
    except PackageDataMissing as error:
        raise UsageError(str(error)) from None
    rules = read_rules(read_settings())
    try:
        with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
            sandbox.fill(patient.bundle for patient in patients)
            click.echo(DemoServer(address=sandbox.base_url, count=len(patients)))
            ehr = EHR(sandbox.base_url, requests.Session(), ClientPolicy())
            with closing(open_ledger(Path(folder) / "ledger.sqlite")) as ledger:
                failures = print_plans(patients, ehr, rules, ledger)
    except SandboxMissing:
        raise UsageError(SandboxNotInstalled()) from None
    click.echo(_next_steps(patients[0]))
    if failures:
        raise click.exceptions.Exit(FailureError.exit_code)


def demo_patients(folder: Path, only: str | None) -> list[DemoPatient]:
    """The synthetic patients of a folder by name. Raises UsageError if `only` names none of them."""
    found = [_demo_patient(path) for path in sorted(folder.iterdir()) if (path / "bundle.json").is_file()]
    chosen = [patient for patient in found if only in (None, patient.name)]
    if not chosen:
        raise UsageError(UnknownDemoPatient(names=tuple(patient.name for patient in found)))
    return chosen


def _demo_patient(path: Path) -> DemoPatient:
    title = (path / "story.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    at = datetime.fromisoformat(json.loads((path / "expected.json").read_text(encoding="utf-8"))["at"])
    return DemoPatient(path.name, title, loads((path / "bundle.json").read_bytes()), at)


def print_plans(patients: list[DemoPatient], ehr: EHR, rules: PlanningRules, ledger: Ledger) -> int:
    """Plan for each patient twice and print the plans and the totals. Returns the number of failures."""
    outcomes: Counter[str] = Counter()
    written, again, failures = 0, 0, 0
    for patient in patients:
        click.echo(_title(patient))
        try:
            first = _deliver(patient, ehr, rules, ledger)
            second = _deliver(patient, ehr, rules, ledger)
        except EHRError as error:
            click.echo(DemoFailure(problem=str(error)))
            failures += 1
            continue
        click.echo(summary(first.result, first.receipt) + "\n")
        outcomes[first.result.evaluation.decision.outcome.value] += 1
        written += first.receipt.created if first.receipt else 0
        again += len(second.receipt.entries) if second.receipt else 0
    counts = tuple(CountOf(count=count, name=outcome) for outcome, count in sorted(outcomes.items()))
    click.echo(DemoDecisions(counts=counts))
    click.echo(DemoWritten(written=written, again=again))
    return failures


def _title(patient: DemoPatient) -> str:
    return click.style(patient.title, bold=True) + click.style(f"   {patient.name}, {patient.at:%d %b %Y}", dim=True)


def _deliver(patient: DemoPatient, ehr: EHR, rules: PlanningRules, ledger: Ledger) -> DeliveredPlan:
    run = ledger.begin_run("demo", rules.rulebook.digest, patient.at)
    keep = receipt_keeper(ledger, run, patient.id, patient.at)
    return plan_and_deliver(ehr, patient.id, rules, patient.at, keep)


def _next_steps(patient: DemoPatient) -> DemoNextSteps:
    return DemoNextSteps(file=f"fixtures/patients/{patient.name}/bundle.json", at=patient.at.isoformat())
