"""Runs that are killed and restarted repeatedly: nothing is lost and nothing is written twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from tests.app.command import CompletedCommand, Operator, wait_for
from tests.app.crowd import KILLED, ids
from tests.app.faulty_proxy import FaultyProxy, faultless, is_transaction
from tests.ehr.odd_server import ReceivedRequest, Reply

KILLS = 10
REQUESTS_PER_PATIENT = 18
PATIENT_PARAMETERS = {
    "CarePlan": "subject",
    "Goal": "subject",
    "ServiceRequest": "subject",
    "Observation": "subject",
    "Task": "patient",
}


@dataclass
class Killer:
    """Kills a process at its request or transaction number `at`, before or after the EHR has processed it."""

    process: subprocess.Popen[str]
    at: int
    transactions: bool
    after: bool
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: ReceivedRequest, forward: Callable[[ReceivedRequest], Reply]) -> Reply:
        """Count, and kill once. Requests of other threads in flight are still forwarded, as on a network."""
        with self.lock:
            self.count += is_transaction(request) or not self.transactions
            now = self.count == self.at and (is_transaction(request) or not self.transactions)
        if not now:
            return forward(request)
        if self.after:
            forward(request)
        os.kill(self.process.pid, signal.SIGKILL)
        return Reply(hang_up=True)


def kill_points(chance: random.Random) -> list[tuple[int, bool, bool]]:
    """When to kill: half at any request of the run, half at a transaction; before or after it was processed."""
    anywhere = [
        (chance.randint(20, KILLED * REQUESTS_PER_PATIENT // 2), False, chance.random() < 0.5)
        for _ in range(KILLS // 2)
    ]
    writing = [(chance.randint(1, 4), True, chance.random() < 0.7) for _ in range(KILLS - len(anywhere))]
    found = [*anywhere, *writing]
    chance.shuffle(found)
    return found


@dataclass(frozen=True)
class Listed:
    """An operator with a file of patients."""

    operator: Operator
    file: Path

    def start(self) -> subprocess.Popen[str]:
        """Start a run without waiting."""
        return self.operator.start_sync("--patients", str(self.file), "--threads", "3")

    def run(self) -> CompletedCommand:
        """Run to the end."""
        return wait_for(self.start())


def listed(patients: list[str], url: str, folder: Path) -> Listed:
    """An operator for these patients, with a new ledger."""
    folder.mkdir()
    (folder / "ids.txt").write_text("\n".join(patients), encoding="utf-8")
    return Listed(Operator(url, folder / "ledger.sqlite"), folder / "ids.txt")


def killed(listed: Listed, proxy: FaultyProxy, where: tuple[int, bool, bool]) -> bool:
    """Start a run and kill it. False if the run ended first."""
    process = listed.start()
    proxy.behaviour = Killer(process, *where)
    return wait_for(process).code == -signal.SIGKILL


def found_in(ehr: str, patient: str) -> Counter[str]:
    """Number of resources of the service that the EHR has for a patient, by type."""
    entries = []
    for resource_type, parameter in PATIENT_PARAMETERS.items():
        page = requests.get(f"{ehr}/{resource_type}?{parameter}=Patient/{patient}&_count=200", timeout=30).json()
        entries += [one["resource"] for one in page.get("entry", ())]
    return Counter(one["resourceType"] for one in entries if one.get("identifier"))


def provenances(ehr: str) -> int:
    """Number of Provenances: a transaction that is processed twice creates two."""
    return int(requests.get(f"{ehr}/Provenance?_count=0", timeout=30).json()["total"])


@pytest.mark.timeout(600)
def test_killed_runs_lose_and_duplicate_nothing(ehr: str, proxy: FaultyProxy, tmp_path: Path) -> None:
    """Every patient ends with what an undisturbed run writes, and no transaction is processed twice."""
    undisturbed, *others = ids(KILLED, "killed")
    assert listed([undisturbed], ehr, tmp_path / "undisturbed").run().code == 0
    expected, before = found_in(ehr, undisturbed), provenances(ehr)
    operator = listed(others, proxy.base_url, tmp_path / "state")
    killed_runs = [killed(operator, proxy, where) for where in kill_points(random.Random(20261125))]  # noqa: S311
    proxy.behaviour = faultless
    last = operator.run()
    assert last.code == 0, last.log[-2000:]
    assert last.report["patients"]["done"] == len(others)
    assert [one for one in others if found_in(ehr, one) != expected] == []
    assert provenances(ehr) == before + len(others)
    sent = proxy.transactions
    assert operator.run().report["created"] == 0
    assert proxy.transactions == sent
    assert killed_runs.count(True) >= KILLS // 2
    assert operator.operator.run("ledger", "repair", "--json").report["closedRuns"] == killed_runs.count(True)
