"""CPU milliseconds of one patient by step: `python -m tests.bench.steps [ROUNDS]`. A measurement, not a test.

Only the thread of the run is counted, so that the server that takes the delivery costs nothing here.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import requests

from tests.contract.people import PATIENTS, rules
from tests.ehr.odd_server import ReceivedRequest, Reply, resource, serving
from titrate.app.draft_lifecycle import DraftCase, draft_entries, transition
from titrate.app.pipeline import PlanningRules
from titrate.clinical.evaluate import evaluate
from titrate.ehr.client import EHR
from titrate.ehr.deliver import deliver
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.plan_state import PlanResources, current_plan, prior_runs
from titrate.fhir.read import read_patient
from titrate.fhir.validate import validate
from titrate.fhir.write import PlanProposal, transaction
from titrate.json_codec import loads

STEPS = ("read", "plan state", "clinical", "compose", "check", "deliver")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Clock:
    """Milliseconds of this thread, by step."""

    spent: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})

    def time(self, step: str, work: Callable[[], Result]) -> Result:
        """Do the work and record its duration."""
        before = time.thread_time()
        result = work()
        self.spent[step].append((time.thread_time() - before) * 1000)
        return result


def accepted(request: ReceivedRequest) -> Reply:
    """The reply to a transaction: every entry is created."""
    entries = json.loads(request.body)["entry"]
    responses = [
        {"response": {"status": "201", "etag": 'W/"1"', "location": f"{one['request']['url']}/{number}/_history/1"}}
        for number, one in enumerate(entries)
    ]
    return resource({"resourceType": "Bundle", "type": "transaction-response", "entry": responses})


def time_patient(content: bytes, at: datetime, shared: PlanningRules, ehr: EHR, clock: Clock) -> None:
    """Time each step of the pipeline for one patient."""
    book, site = shared.rulebook, shared.site
    resources, _ = resources_of(loads(content))
    readings = clock.time("read", lambda: read_patient(resources, book, shared.lookup, site, at))
    plans = clock.time("plan state", lambda: PlanResources.sort(resources, readings.person, book, site, at))
    plan, prior = clock.time("plan state", lambda: (current_plan(plans), prior_runs(plans)))
    result = clock.time("clinical", lambda: evaluate(readings, plan, book, at))
    proposal = PlanProposal.of(readings, result, shared.programme)
    if proposal is None:
        return
    case = DraftCase.of(proposal, prior, site, at)
    bundle: Mapping[str, Any] = clock.time("compose", lambda: transaction(draft_entries(case, transition(case))))
    assert clock.time("check", lambda: validate(bundle)) == ()
    clock.time("deliver", lambda: deliver(ehr, bundle))


def patients() -> dict[str, tuple[bytes, datetime]]:
    """The synthetic patients by name: the Bundle and the time of the story."""
    return {folder.name: _patient(folder) for folder in sorted(PATIENTS.iterdir()) if folder.is_dir()}


def _patient(folder: Path) -> tuple[bytes, datetime]:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return (folder / "bundle.json").read_bytes(), datetime.fromisoformat(expected["at"])


def measurements(rounds: int) -> dict[str, Clock]:
    """Time every patient `rounds` times, after a warm-up round."""
    shared, clocks = rules(), {name: Clock() for name in patients()}
    with serving(accepted) as server:
        ehr = EHR(server.base_url, requests.Session())
        for turn in range(rounds + 1):
            for name, (content, at) in patients().items():
                time_patient(content, at, shared, ehr, clocks[name] if turn else Clock())
    return clocks


def line(name: str, spent: Mapping[str, list[float]]) -> str:
    """The medians of one patient, and their sum."""
    medians = [median(spent[step]) if spent[step] else 0.0 for step in STEPS]
    return f"{name:30}" + "".join(f"{one:10.2f}" for one in (*medians, sum(medians)))


def main() -> None:
    """Print a line for each patient, and one for all."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    clocks = measurements(rounds)
    lines = [f"{'CPU milliseconds, medians':30}" + "".join(f"{step:>10}" for step in (*STEPS, "sum"))]
    lines += [line(name, clock.spent) for name, clock in clocks.items()]
    together = {step: [one for clock in clocks.values() for one in clock.spent[step]] for step in STEPS}
    sys.stdout.write("\n".join([*lines, line(f"all {len(clocks)}, {rounds} rounds", together)]) + "\n")


if __name__ == "__main__":
    main()
