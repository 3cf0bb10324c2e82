"""Killed by -9 again and again, and started again: nothing lost, nothing twice."""

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

from tests.app.between import Between, is_transaction, untouched
from tests.app.command import Ended, Operator, ended
from tests.app.crowd import KILLED, ids
from tests.ehr.odd_server import ReceivedRequest, Reply

KILLS = 10
REQUESTS = 18  # about what one patient takes
OURS = {
    "CarePlan": "subject",
    "Goal": "subject",
    "ServiceRequest": "subject",
    "Observation": "subject",
    "Task": "patient",
}


@dataclass
class Killer:
    """Kills a process at its request number `at`, or at its transaction number `at`, before or after the EHR acted."""

    process: subprocess.Popen[str]
    at: int
    transactions: bool
    after: bool
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: ReceivedRequest, pass_on: Callable[[ReceivedRequest], Reply]) -> Reply:
        """Count, and strike once. What others have in flight goes on to the EHR, as on a network."""
        with self.lock:
            self.count += is_transaction(asked) or not self.transactions
            now = self.count == self.at and (is_transaction(asked) or not self.transactions)
        if not now:
            return pass_on(asked)
        if self.after:
            pass_on(asked)
        os.kill(self.process.pid, signal.SIGKILL)
        return Reply(hang_up=True)


def killers(chance: random.Random) -> list[tuple[int, bool, bool]]:
    """Where to strike: half at any request of the run, half at a transaction; before or after it was done."""
    anywhere = [(chance.randint(20, KILLED * REQUESTS // 2), False, chance.random() < 0.5) for _ in range(KILLS // 2)]
    writing = [(chance.randint(1, 4), True, chance.random() < 0.7) for _ in range(KILLS - len(anywhere))]
    found = [*anywhere, *writing]
    chance.shuffle(found)
    return found


@dataclass(frozen=True)
class Listed:
    """An operator whose patients stand in a file."""

    operator: Operator
    file: Path

    def start(self) -> subprocess.Popen[str]:
        """Start a run and do not wait."""
        return self.operator.start_sync("--patients", str(self.file), "--threads", "3")

    def run(self) -> Ended:
        """Start a run and wait."""
        return ended(self.start())


def listed(patients: list[str], url: str, folder: Path) -> Listed:
    """An operator for these patients, with a ledger of their own."""
    folder.mkdir()
    (folder / "ids.txt").write_text("\n".join(patients), encoding="utf-8")
    return Listed(Operator(url, folder / "ledger.sqlite"), folder / "ids.txt")


def killed(listed: Listed, way: Between, where: tuple[int, bool, bool]) -> bool:
    """Start a run and strike; whether it was struck before it had ended by itself."""
    process = listed.start()
    way.spoiler = Killer(process, *where)
    return ended(process).code == -signal.SIGKILL


def found_in(ehr: str, patient: str) -> Counter[str]:
    """How many resources of ours of each type the EHR has for a patient."""
    entries = []
    for kind, whose in OURS.items():
        page = requests.get(f"{ehr}/{kind}?{whose}=Patient/{patient}&_count=200", timeout=30).json()
        entries += [one["resource"] for one in page.get("entry", ())]
    return Counter(one["resourceType"] for one in entries if one.get("identifier"))


def provenances(ehr: str) -> int:
    """How many Provenances there are: a transaction that was sent twice leaves two."""
    return int(requests.get(f"{ehr}/Provenance?_count=0", timeout=30).json()["total"])


@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_is_twice(ehr: str, way: Between, tmp_path: Path) -> None:
    """Everyone ends with what one run that nobody disturbed writes for a patient, and no transaction was done twice."""
    calm, *others = ids(KILLED, "killed")
    assert listed([calm], ehr, tmp_path / "calm").run().code == 0
    proposal, before = found_in(ehr, calm), provenances(ehr)
    crew = listed(others, way.base_url, tmp_path / "state")
    struck = [killed(crew, way, where) for where in killers(random.Random(20261125))]  # noqa: S311
    way.spoiler = untouched
    last = crew.run()
    assert last.code == 0, last.log[-2000:]
    assert last.report["patients"]["done"] == len(others)
    assert [one for one in others if found_in(ehr, one) != proposal] == []
    assert provenances(ehr) == before + len(others)
    sent = way.transactions
    assert crew.run().report["created"] == 0
    assert way.transactions == sent
    assert struck.count(True) >= KILLS // 2
    assert crew.operator.run("ledger", "repair", "--json").report["closedRuns"] == struck.count(True)
