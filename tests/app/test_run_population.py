"""A population run with an EHR that fails for some patients; the others are processed."""

from __future__ import annotations

import re
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.app.command import CompletedCommand, Operator, wait_for
from tests.app.crowd import AT, COUNT, GROUP, ids
from tests.app.faulty_proxy import FaultyProxy, faultless, is_transaction
from tests.ehr.odd_server import ReceivedRequest, Reply, outcome
from titrate.ledger.ledger import open_ledger

NEVER, BROKEN, FAULTY, ONCE = "crowd-007", "crowd-011", "crowd-019", "crowd-023"
pytestmark = pytest.mark.timeout(400)
EACH = 5  # resources of a new draft: plan, goal or order, assessment, decision, Task, Provenance
PassOn = Callable[[ReceivedRequest], Reply]


@dataclass
class PartialFailure:
    """An EHR that fails for four patients."""

    before: int = 0

    def __call__(self, request: ReceivedRequest, forward: PassOn) -> Reply:
        """One Patient gets a 500, one is truncated, one plan gets a 500, and one search a single 500."""
        body = request.body.decode()
        if request.path == f"/fhir/Patient/{NEVER}":
            return outcome(500, "exception")
        if request.path == f"/fhir/Patient/{BROKEN}":
            answer = forward(request)
            return Reply(answer.status, answer.body[: len(answer.body) // 2], answer.headers)
        if is_transaction(request) and f"Patient/{FAULTY}" in body:
            return outcome(500, "exception")
        if f"patient={ONCE}" in body and "/Procedure/" in request.path and self.before == 0:
            self.before += 1
            return outcome(500, "exception")
        return forward(request)


@pytest.fixture(scope="module")
def operator(proxy: FaultyProxy, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """The operator of all tests here."""
    return Operator(proxy.base_url, tmp_path_factory.mktemp("state") / "ledger.sqlite")


@pytest.fixture(scope="module")
def first(operator: Operator, proxy: FaultyProxy) -> CompletedCommand:
    """The first run, with the failing EHR. All tests here examine its result."""
    proxy.behaviour = PartialFailure()
    done = operator.sync("--group", GROUP, "--threads", "4")
    proxy.behaviour = faultless
    return done


def plans_of(ehr: str, kind: str = "crowd") -> Counter[str]:
    """Number of CarePlans of each patient of a kind."""
    found = requests.get(f"{ehr}/CarePlan?_count=1000", timeout=30).json()
    subjects = [one["resource"]["subject"]["reference"] for one in found.get("entry", ())]
    return Counter(one for one in subjects if one.startswith(f"Patient/{kind}-"))


def test_failures_do_not_affect_other_patients(first: CompletedCommand, ehr: str) -> None:
    """Exit status 1; all but three patients have one draft."""
    assert first.code == 1, first.log[-2000:]
    assert first.report["patients"] == {
        "enrolled": COUNT,
        "done": COUNT - 3,
        "failed": 3,
        "busyElsewhere": 0,
        "notBegun": 0,
        "leftOut": 0,
    }
    assert first.report["deliveries"] == {"written": COUNT - 3}
    assert first.report["created"] == EACH * (COUNT - 3)
    assert sum(first.report["decisions"].values()) == COUNT - 3
    failed = {NEVER, BROKEN, FAULTY}
    assert plans_of(ehr) == Counter({f"Patient/{one}": 1 for one in ids(COUNT) if one not in failed})


def test_failures_name_patient_step_and_reason(first: CompletedCommand) -> None:
    """And the advice. A single 500 is retried and is not a failure."""
    failures = {one["patient"]: (one["step"], one["reason"]) for one in first.report["failures"]}
    assert failures == {
        f"Patient/{NEVER}": ("fetch", "server-fault"),
        f"Patient/{BROKEN}": ("fetch", "bad-answer"),
        f"Patient/{FAULTY}": ("deliver", "server-fault"),
    }
    assert first.report["failedBy"] == {"deliver: server-fault": 1, "fetch: bad-answer": 1, "fetch: server-fault": 1}
    assert all(one["message"].endswith((".", "owner.")) for one in first.report["failures"])


def test_the_worklist_is_complete(first: CompletedCommand) -> None:
    """Each waiting draft with its plan, and the plan that was not delivered."""
    rows = first.report["worklist"]
    waiting = {row["patient"]: row["plan"] for row in rows if row["work"] == "waiting"}
    assert waiting.keys() == {f"Patient/{one}" for one in ids(COUNT)} - {
        f"Patient/{n}" for n in (NEVER, BROKEN, FAULTY)
    }
    assert all(re.fullmatch(r"CarePlan/[\w.-]+", plan) for plan in waiting.values())
    assert [row for row in rows if row["work"] != "waiting"] == [
        {"work": "undeliverable", "patient": f"Patient/{FAULTY}", "plan": None, "source": None}
    ]


def test_log_lines_hold_no_ids(first: CompletedCommand) -> None:
    """Patients are numbers in the log."""
    assert "A patient could not be processed." in first.log
    assert "crowd-" not in first.log


def test_a_dry_run_shows_what_is_missing_and_writes_nothing(
    first: CompletedCommand, operator: Operator, proxy: FaultyProxy
) -> None:
    """The difference to the EHR: drafts for the three patients without one."""
    before = proxy.transactions
    dry = operator.sync("--group", GROUP, "--dry-run")
    assert first.code == 1
    assert dry.code == 0
    assert proxy.transactions == before
    assert [one["patient"] for one in dry.report["difference"]] == [f"Patient/{n}" for n in (NEVER, BROKEN, FAULTY)]
    made = {change["resource"] for change in dry.report["difference"][0]["changes"]}
    assert {"CarePlan", "Observation", "Task", "Provenance"} <= made
    assert dry.report["run"] is None
    assert dry.report["deliveries"] == {"unchanged": COUNT - 3, "not-sent": 3}


def test_one_failure_can_be_replayed(first: CompletedCommand, operator: Operator, ehr: str) -> None:
    """By its number; afterwards it is resolved, and the others are still open."""
    failures = operator.run("ledger", "failures", "--json").report["rows"]
    assert first.code == 1
    number = next(one["number"] for one in failures if one["reason"] == "bad-answer")
    replayed = operator.run("ledger", "replay", str(number), "--group", GROUP, "--at", AT.isoformat(), "--json")
    assert replayed.code == 0, replayed.log
    assert plans_of(ehr)[f"Patient/{BROKEN}"] == 1
    left = operator.run("ledger", "failures", "--json").report["rows"]
    assert {one["number"] for one in left} == {one["number"] for one in failures} - {number}


def test_the_next_run_completes_the_rest_and_the_third_writes_nothing(
    first: CompletedCommand, operator: Operator, proxy: FaultyProxy, ehr: str
) -> None:
    """Every patient has one plan, and the failures are resolved."""
    assert first.code == 1
    again = operator.sync("--group", GROUP, "--threads", "4")
    assert again.code == 0, again.log[-2000:]
    before = proxy.transactions
    silent = operator.sync("--group", GROUP, "--threads", "4")
    assert (silent.code, silent.report["created"]) == (0, 0)
    assert silent.report["deliveries"] == {"unchanged": COUNT}
    assert proxy.transactions == before
    assert plans_of(ehr) == Counter({f"Patient/{one}": 1 for one in ids(COUNT)})
    assert operator.run("ledger", "failures", "--json").report["rows"] == []


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A file of twelve patients."""
    file = tmp_path / "ids.txt"
    file.write_text("\n".join(ids(12, "pair")), encoding="utf-8")
    return file


def test_two_runs_at_once_write_everything_once(proxy: FaultyProxy, ehr: str, listed: Path, tmp_path: Path) -> None:
    """Two processes with one ledger: one of them writes each plan."""
    operator = Operator(proxy.base_url, tmp_path / "ledger.sqlite")
    both = [operator.start_sync("--patients", str(listed), "--threads", "2") for _ in range(2)]
    done = [wait_for(process) for process in both]
    assert [one.code for one in done] == [0, 0], [one.log[-1000:] for one in done]
    assert sum(one.report["created"] for one in done) == 12 * EACH
    assert plans_of(ehr, "pair") == Counter({f"Patient/{one}": 1 for one in ids(12, "pair")})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_completes_work_in_progress_and_releases_the_rest(
    number: signal.Signals, proxy: FaultyProxy, listed: Path, tmp_path: Path
) -> None:
    """No claim is left, so that the next run does not wait."""
    operator = Operator(proxy.base_url, tmp_path / "ledger.sqlite")
    begun = threading.Event()

    def third_patient(request: ReceivedRequest, forward: PassOn) -> Reply:
        if request.path == "/fhir/Patient/pair-002":
            begun.set()
        return forward(request)

    proxy.behaviour = third_patient
    process = operator.start_sync("--patients", str(listed), "--threads", "1")
    assert begun.wait(60)
    process.send_signal(number)
    stopped = wait_for(process)
    proxy.behaviour = faultless
    assert (stopped.code, stopped.report["stopped"]) == (1, "signal")
    assert stopped.report["patients"]["done"] in (3, 4)
    assert stopped.report["patients"]["notBegun"] == 12 - stopped.report["patients"]["done"]
    with closing(open_ledger(Path(operator.ledger))) as ledger:
        assert ledger.runs()[0].state(AT) == "stopped"
        assert ledger.repair(datetime.max.replace(tzinfo=UTC)) == (0, 0)
