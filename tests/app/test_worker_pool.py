"""A run over many patients in this process: claims, bugs, and an unreachable EHR or ledger."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests

from tests.ehr.odd_server import OddServer, ReceivedRequest, Reply, outcome, page, resource, serving
from titrate.app.pipeline import PlanningRules
from titrate.app.population.patient_result import PatientBusyElsewhere, PatientDone, PatientResult
from titrate.app.population.run_context import MAX_CONSECUTIVE, Cancellation, Lease, RunContext, StopReason, heartbeat
from titrate.app.population.run_population import run_population
from titrate.app.population.run_report import RunReport
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.event_log import open_event_log
from titrate.fhir.site import Site
from titrate.ledger.errors import LedgerTooNew
from titrate.ledger.ledger import Ledger, open_ledger
from titrate.rulebook import load_with_lookup

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
PATIENTS = tuple(f"p{number}" for number in range(12))


@cache
def rules() -> PlanningRules:
    """The shipped rulebook."""
    return PlanningRules(*load_with_lookup(), Site())


def server(request: ReceivedRequest) -> Reply:
    """An EHR that has every patient, no other resource, and accepts every transaction."""
    if request.path.startswith("/fhir/Patient/"):
        name = request.path.rpartition("/")[2]
        return resource({"resourceType": "Patient", "id": name, "birthDate": "1970-01-01"})
    if request.path.endswith("_search"):
        return page()
    entries = json.loads(request.body)["entry"]
    responses = [
        {"response": {"status": "201", "location": f"{one['request']['url']}/{place}/_history/1"}}
        for place, one in enumerate(entries)
    ]
    return resource({"resourceType": "Bundle", "type": "transaction-response", "entry": responses})


@dataclass
class Clock:
    """A clock that only the waits of a run advance."""

    at: datetime = AT

    def __call__(self) -> datetime:
        """The current time."""
        return self.at


@dataclass(slots=True)
class NoSleep(Cancellation):
    """A cancellation that advances the clock instead of sleeping."""

    clock: Clock = field(default_factory=Clock)

    def wait(self, seconds: float) -> None:
        """Advance the clock."""
        self.clock.at += timedelta(seconds=seconds)


@pytest.fixture
def odd() -> Iterator[OddServer]:
    """The EHR on a socket."""
    with serving(server) as started:
        yield started


def context(base_url: str, ledger: Ledger | None) -> RunContext:
    """A run with three threads that never sleeps."""
    cancellation = NoSleep()
    policy = ClientPolicy(sleep=cancellation.wait, jitter=lambda _: 0.0)
    return RunContext(
        rules=rules(),
        at=AT,
        connect=lambda: EHR(base_url, requests.Session(), policy),
        ledger=ledger,
        clock=cancellation.clock,
        event_log=open_event_log(io.StringIO()),
        cancellation=cancellation,
        threads=3,
    )


def test_results_are_in_the_order_of_the_patients(odd: OddServer, ledger: Ledger) -> None:
    """Whichever thread was first, so that equal runs print equal bytes; each result is announced once."""
    announced: list[PatientResult] = []
    report = run_population(PATIENTS, replace(context(odd.base_url, ledger), on_result=announced.append))
    assert [one.patient for one in report.results] == list(PATIENTS)
    assert sorted(one.patient for one in announced) == sorted(PATIENTS)
    assert (report.run, report.failures, report.not_started) == (1, (), 0)
    record = ledger.runs()[0]
    assert (record.ending, record.patients, record.failed) == ("ended", 12, 0)
    assert {one.outcome for one in ledger.receipts(1)} == {"written"}


def test_a_dry_run_claims_and_records_nothing(odd: OddServer) -> None:
    """It needs no ledger, and it never writes."""
    report = run_population(PATIENTS[:2], context(odd.base_url, None))
    assert report.run is None
    assert all(isinstance(one, PatientDone) and one.changes and one.delivery == "not-sent" for one in report.results)
    assert all(one.method == "GET" or one.path.endswith("_search") for one in odd.requests)


def test_a_patient_of_a_dead_run_is_processed_after_its_lease(odd: OddServer, ledger: Ledger) -> None:
    """The others are processed first."""
    dead = ledger.begin_run("sync", "r", AT, AT)
    ledger.claim(ledger.patient_key("p0"), dead, AT, AT + timedelta(seconds=59))
    announced: list[PatientResult] = []
    report = run_population(PATIENTS, replace(context(odd.base_url, ledger), on_result=announced.append))
    assert len(report.done) == 12
    assert announced[-1].patient == "p0"


def test_a_patient_of_a_running_run_is_left_to_it(odd: OddServer, ledger: Ledger) -> None:
    """That run reports the result; nothing is fetched, and it is not a failure."""
    running = ledger.begin_run("sync", "r", AT, AT + timedelta(hours=1))
    ledger.claim(ledger.patient_key("p0"), running, AT, AT + timedelta(hours=1))
    announced: list[PatientResult] = []
    report = run_population(PATIENTS[:2], replace(context(odd.base_url, ledger), on_result=announced.append))
    assert report.results[0] == PatientBusyElsewhere("p0")
    assert (report.busy, report.failures, len(announced)) == (1, (), 2)
    assert not any("/Patient/p0" in one.path for one in odd.requests)


class BuggyClient(EHR):
    """A client with a bug that the data of one patient triggers."""

    def get(self, url: str, what: str, prefer: str | None = None) -> dict[str, Any]:
        """Raise an error for one patient."""
        if url == "Patient/p1":
            raise KeyError("Ms Secret")
        return super().get(url, what, prefer)


def test_a_bug_affects_its_patient_only(odd: OddServer, ledger: Ledger) -> None:
    """The failure names the place in the code and nothing of the error's own text."""
    started = context(odd.base_url, ledger)
    report = run_population(
        PATIENTS, replace(started, connect=lambda: BuggyClient(odd.base_url, requests.Session(), ClientPolicy()))
    )
    (failure,) = report.failures
    assert (failure.patient, failure.step, failure.reason) == ("p1", "program", "KeyError")
    assert "test_worker_pool.py" in failure.message
    assert "Secret" not in failure.message
    assert len(report.done) == 11
    assert [one.reason for one in ledger.failures()] == ["KeyError"]


def refusing(status: int, code: str) -> Callable[[ReceivedRequest], Reply]:
    """An EHR that rejects every transaction."""
    return lambda request: outcome(status, code) if request.path.rstrip("/") == "/fhir" else server(request)


def test_a_rejected_plan_is_a_failure_and_on_the_worklist(ledger: Ledger) -> None:
    """With a receipt, a dead letter and an item of the worklist."""
    with serving(refusing(422, "invariant")) as odd:
        report = run_population(PATIENTS[:1], context(odd.base_url, ledger))
    assert [(one.step, one.reason) for one in report.failures] == [("deliver", "refused")]
    assert [(row.work.value, row.patient) for row in report.worklist] == [("undeliverable", "Patient/p0")]
    assert [one.outcome for one in ledger.receipts()] == ["refused"]
    assert [one.reason for one in ledger.failures()] == ["refused"]


@pytest.mark.parametrize(("status", "reason"), [(401, "unauthorised"), (None, "unreachable")])
def test_an_ehr_that_fails_for_all_patients_stops_the_run(status: int | None, reason: str, ledger: Ledger) -> None:
    """After a few consecutive failures, because trying each of thousands would take hours."""
    with serving(lambda _: Reply(hang_up=True) if status is None else outcome(status, "login")) as odd:
        report = run_population(tuple(f"p{n}" for n in range(100)), context(odd.base_url, ledger))
    assert report.stopped == reason
    assert MAX_CONSECUTIVE <= len(report.failures) <= MAX_CONSECUTIVE + 3
    assert report.not_started == 100 - len(report.failures)
    assert ledger.runs()[0].ending == "stopped"


def test_failures_that_are_not_consecutive_do_not_stop_the_run() -> None:
    """Nor do failures that concern one patient only."""
    stop = Cancellation()
    for _ in range(MAX_CONSECUTIVE - 1):
        stop.record_outcome("unreachable")
    stop.record_outcome(None)
    for _ in range(MAX_CONSECUTIVE):
        stop.record_outcome("server-fault")
    stop.record_outcome("unreachable")
    assert not stop.requested


class LostLedger(Ledger):
    """A ledger that is lost after the third patient."""

    left = 3

    def release_patient(self, *_: Any) -> None:
        """Works three times."""
        self.left -= 1
        if self.left < 0:
            raise LedgerTooNew


def test_a_lost_ledger_stops_the_run(odd: OddServer, tmp_path: Path) -> None:
    """Without it two runs could work on one patient."""
    opened = open_ledger(tmp_path / "ledger.sqlite")
    lost = LostLedger(opened._engine, opened._key)
    report = run_population(PATIENTS, replace(context(odd.base_url, lost), threads=1))
    assert report.stopped == "ledger"
    assert (len(report.done), report.not_started) == (3, 9)
    opened.close()


class FailingHeartbeat(Ledger):
    """A ledger that fails when a run extends its claims."""

    extended = threading.Event()

    def extend_claims(self, *_: Any) -> NoReturn:
        """Note the call and fail."""
        self.extended.set()
        raise LedgerTooNew


def test_a_working_run_extends_its_claims(tmp_path: Path) -> None:
    """It stops if it cannot."""
    opened = open_ledger(tmp_path / "ledger.sqlite")
    failing, stop = FailingHeartbeat(opened._engine, opened._key), Cancellation()
    lease = Lease(failing, 1, timedelta(milliseconds=30), Clock())
    with heartbeat(lease, stop, open_event_log(io.StringIO())):
        assert failing.extended.wait(30)
        stop._event.wait(30)
    assert stop.reason == "ledger"
    opened.close()


def test_a_run_without_patients_ends_at_once(odd: OddServer, ledger: Ledger) -> None:
    """It is recorded like any other."""
    report = run_population((), context(odd.base_url, ledger))
    assert (report.patients, report.results, ledger.runs()[0].patients) == (0, (), 0)


def test_the_first_reason_to_stop_is_kept() -> None:
    """Later ones are consequences."""
    stop = Cancellation()
    stop.request(StopReason.SIGNAL)
    stop.request(StopReason.LEDGER)
    assert stop.reason is StopReason.SIGNAL
    assert RunReport(None, AT, 3, (), StopReason.SIGNAL).not_started == 3
    assert partial(stop.wait, 3600)() is None
