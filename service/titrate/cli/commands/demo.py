"""`titrate demo`: a sandbox EHR on this machine, filled with synthetic patients, and the corridor run on each."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import requests

from titrate.app.fetch_and_deliver import DeliveredPlan, plan_and_deliver, receipt_keeper
from titrate.app.pipeline import PlanningRules
from titrate.app.report.summary import summary
from titrate.cli.bootstrap import FAILED, WRONG_USE, exit_with_message, rules_or_stop, settings_or_stop
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.errors import EHRError
from titrate.json_codec import loads
from titrate.ledger.ledger import Ledger, open_ledger
from titrate.package_data import DataFolder, PackageDataMissing, data_folder
from titrate.sandbox.server import Sandbox, SandboxMissing


@dataclass(frozen=True, slots=True)
class Story:
    """One synthetic patient: folder, title, what the EHR holds, and the moment the story is told at."""

    name: str
    title: str
    bundle: dict[str, Any]
    at: datetime

    @property
    def patient(self) -> str:
        """The Patient's id."""
        entries = (e["resource"] for e in self.bundle["entry"])
        return next(str(r["id"]) for r in entries if r["resourceType"] == "Patient")


@click.command("demo", epilog="\b\nExample:\n  titrate demo")
@click.option("--only", metavar="NAME", help="One patient of fixtures/patients, by the name of the folder.")
def command(only: str | None) -> None:
    """Start a sandbox EHR, draft a plan for everyone in it, show them, and end. Nothing leaves this machine."""
    try:
        stories = stories_in(data_folder(DataFolder.PATIENTS), only)
    except PackageDataMissing as error:
        exit_with_message(str(error), WRONG_USE)
    rules = rules_or_stop(settings_or_stop())
    try:
        with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
            sandbox.fill(story.bundle for story in stories)
            click.echo(f"A FHIR server answers at {sandbox.base_url} with {len(stories)} synthetic patients in it.\n")
            ehr = EHR(sandbox.base_url, requests.Session(), ClientPolicy())
            ledger = open_ledger(Path(folder) / "ledger.sqlite")
            try:
                failures = print_story(stories, ehr, rules, ledger)
            finally:
                ledger.close()
    except SandboxMissing as error:
        exit_with_message(str(error), WRONG_USE)
    click.echo(_more(stories[0]))
    sys.exit(FAILED if failures else 0)


def stories_in(folder: Path, only: str | None) -> list[Story]:
    """The synthetic patients of a folder, in order of their names."""
    found = [_story(path) for path in sorted(folder.iterdir()) if (path / "bundle.json").is_file()]
    chosen = [story for story in found if only in (None, story.name)]
    if not chosen:
        exit_with_message(f"No patient of that name. There are: {', '.join(story.name for story in found)}", WRONG_USE)
    return chosen


def _story(path: Path) -> Story:
    title = (path / "story.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    at = datetime.fromisoformat(json.loads((path / "expected.json").read_text(encoding="utf-8"))["at"])
    return Story(path.name, title, loads((path / "bundle.json").read_bytes()), at)


def print_story(stories: list[Story], ehr: EHR, rules: PlanningRules, ledger: Ledger) -> int:
    """Run the corridor on each, show it, run it again, and sum up. Returns how many could not be done."""
    outcomes: Counter[str] = Counter()
    written, again, failures = 0, 0, 0
    for story in stories:
        click.echo(click.style(story.title, bold=True) + click.style(f"   {story.name}, {story.at:%d %b %Y}", dim=True))
        try:
            first = _visit(story, ehr, rules, ledger)
            second = _visit(story, ehr, rules, ledger)
        except EHRError as error:
            click.echo(f"  could not be done: {error}\n")
            failures += 1
            continue
        click.echo(summary(first.result, first.receipt) + "\n")
        outcomes[first.result.evaluation.decision.outcome.value] += 1
        written += first.receipt.created if first.receipt else 0
        again += len(second.receipt.entries) if second.receipt else 0
    click.echo(", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) + ".")
    click.echo(f"{written} resources were written as drafts and records. A second run wrote {again}.")
    return failures


def _visit(story: Story, ehr: EHR, rules: PlanningRules, ledger: Ledger) -> DeliveredPlan:
    run = ledger.begin_run("demo", rules.rulebook.digest, story.at)
    keep = receipt_keeper(ledger, run, story.patient, story.at)
    return plan_and_deliver(ehr, story.patient, rules, story.at, keep)


def _more(story: Story) -> str:
    file = f"fixtures/patients/{story.name}/bundle.json"
    return (
        "\nThe reasons of one plan, as a clinician reads them:\n"
        f"  ./run titrate plan --bundle {file} --at {story.at.isoformat()} --explain\n"
        "Everything about it, with the FHIR Bundle:\n"
        f"  ./run titrate plan --bundle {file} --at {story.at.isoformat()} --json\n"
        "Each patient's story lies beside that file; docs/inputs.md says how to write one of your own."
    )
