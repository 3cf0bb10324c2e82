"""The run over many: claims, faults of ours, a ledger that goes away, an EHR that goes away. In this process."""

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
from titrate.app.population.cancellation import MAX_CONSECUTIVE, Cancellation
from titrate.app.population.lease_heartbeat import Lease, heartbeat
from titrate.app.population.patient_result import PatientBusyElsewhere, PatientDone, PatientResult
from titrate.app.population.run_population import RunSettings, run_population
from titrate.app.population.run_report import RunReport
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.event_log import open_event_log
from titrate.fhir.site import Site
from titrate.ledger.ledger import Ledger, LedgerUnusable, open_ledger
from titrate.rulebook import load_with_lookup

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
PATIENTS = tuple(f"p{number}" for number in range(12))


@cache
def rules() -> PlanningRules:
    """The rulebook that ships."""
    return PlanningRules(*load_with_lookup(), Site())


def server(asked: ReceivedRequest) -> Reply:
    """An EHR with any patient and nothing else, which takes every transaction."""
    if asked.path.startswith("/fhir/Patient/"):
        name = asked.path.rpartition("/")[2]
        return resource({"resourceType": "Patient", "id": name, "birthDate": "1970-01-01"})
    if asked.path.endswith("_search"):
        return page()
    entries = json.loads(asked.body)["entry"]
    told = [
        {"response": {"status": "201", "location": f"{one['request']['url']}/{place}/_history/1"}}
        for place, one in enumerate(entries)
    ]
    return resource({"resourceType": "Bundle", "type": "transaction-response", "entry": told})


@dataclass
class Clock:
    """A clock that stands still, except that every wait of a run moves it on."""

    at: datetime = AT

    def __call__(self) -> datetime:
        """Now."""
        return self.at


@dataclass(slots=True)
class Hasty(Cancellation):
    """A switch that does not sleep: it moves the clock instead."""

    clock: Clock = field(default_factory=Clock)

    def wait(self, seconds: float) -> None:
        """Let the time pass."""
        self.clock.at += timedelta(seconds=seconds)


@pytest.fixture
def odd() -> Iterator[OddServer]:
    """The EHR."""
    with serving(server) as started:
        yield started


def setup(base_url: str, ledger: Ledger | None, stop: Cancellation | None = None) -> RunSettings:
    """A run that never waits for real."""
    switch = stop or Hasty()
    manners = ClientPolicy(sleep=switch.wait, jitter=lambda _: 0.0)
    clock = switch.clock if isinstance(switch, Hasty) else Clock()
    return RunSettings(
        rules(),
        AT,
        lambda: EHR(base_url, requests.Session(), manners),
        ledger,
        clock,
        open_event_log(io.StringIO()),
        switch,
        threads=3,
    )


def test_outcomes_come_in_the_order_of_the_patients(odd: OddServer, ledger: Ledger) -> None:
    """Whatever thread was first, so that the same run prints the same bytes; each is told of once."""
    told: list[PatientResult] = []
    tally = run_population(PATIENTS, setup(odd.base_url, ledger), told.append)
    assert [one.patient for one in tally.outcomes] == list(PATIENTS)
    assert sorted(one.patient for one in told) == sorted(PATIENTS)
    assert (tally.run, tally.failures, tally.not_begun) == (1, (), 0)
    record = ledger.runs()[0]
    assert (record.ending, record.patients, record.failed) == ("ended", 12, 0)
    assert {one.outcome for one in ledger.receipts(1)} == {"written"}


def test_a_dry_run_claims_and_keeps_nothing(odd: OddServer) -> None:
    """It needs no ledger, and it never writes."""
    tally = run_population(PATIENTS[:2], setup(odd.base_url, None))
    assert tally.run is None
    assert all(isinstance(one, PatientDone) and one.changes and one.delivery == "not-sent" for one in tally.outcomes)
    assert all(one.method == "GET" or one.path.endswith("_search") for one in odd.requests)


def test_who_was_in_the_hands_of_a_dead_run_is_done_when_the_lease_is_over(odd: OddServer, ledger: Ledger) -> None:
    """The others are done first."""
    dead = ledger.begin_run("sync", "r", AT, AT)
    ledger.take(ledger.patient_key("p0"), dead, AT, AT + timedelta(seconds=59))
    told: list[PatientResult] = []
    tally = run_population(PATIENTS, setup(odd.base_url, ledger), told.append)
    assert len(tally.done) == 12
    assert told[-1].patient == "p0"


def test_who_is_in_the_hands_of_a_living_run_is_left_to_it(odd: OddServer, ledger: Ledger) -> None:
    """That run reports on them; nothing is asked of the EHR for them, and it is no failure."""
    living = ledger.begin_run("sync", "r", AT, AT + timedelta(hours=1))
    ledger.take(ledger.patient_key("p0"), living, AT, AT + timedelta(hours=1))
    told: list[PatientResult] = []
    tally = run_population(PATIENTS[:2], setup(odd.base_url, ledger), told.append)
    assert tally.outcomes[0] == PatientBusyElsewhere("p0")
    assert (tally.busy, tally.failures, len(told)) == (1, (), 2)
    assert not any("/Patient/p0" in one.path for one in odd.requests)


class Faulty(EHR):
    """A client with a fault in it, as a program can have one for one patient's data."""

    def get(self, url: str, what: str, prefer: str | None = None) -> dict[str, Any]:
        """Fail for one patient."""
        if url == "Patient/p1":
            raise KeyError("Ms Secret")
        return super().get(url, what, prefer)


def test_a_fault_of_ours_stays_with_its_patient(odd: OddServer, ledger: Ledger) -> None:
    """It names the place in the program, and nothing of what the error says."""
    started = setup(odd.base_url, ledger)
    tally = run_population(
        PATIENTS, replace(started, connect=lambda: Faulty(odd.base_url, requests.Session(), ClientPolicy()))
    )
    (failure,) = tally.failures
    assert (failure.patient, failure.step, failure.reason) == ("p1", "program", "KeyError")
    assert "test_runner.py" in failure.message
    assert "Secret" not in failure.message
    assert len(tally.done) == 11
    assert [one.reason for one in ledger.failures()] == ["KeyError"]


def refusing(status: int, code: str) -> Callable[[ReceivedRequest], Reply]:
    """An EHR that answers every transaction with an error."""
    return lambda asked: outcome(status, code) if asked.path.rstrip("/") == "/fhir" else server(asked)


def test_a_plan_that_the_ehr_refuses_is_a_failure_and_needs_a_person(ledger: Ledger) -> None:
    """There is a receipt and a dead letter, and a row in the worklist."""
    with serving(refusing(422, "invariant")) as odd:
        tally = run_population(PATIENTS[:1], setup(odd.base_url, ledger))
    assert [(one.step, one.reason) for one in tally.failures] == [("deliver", "refused")]
    assert [(row.work.value, row.patient) for row in tally.work] == [("undeliverable", "Patient/p0")]
    assert [one.outcome for one in ledger.receipts()] == ["refused"]
    assert [one.reason for one in ledger.failures()] == ["refused"]


@pytest.mark.parametrize(("status", "reason"), [(401, "unauthorised"), (None, "unreachable")])
def test_an_ehr_that_fails_for_all_ends_the_run(status: int | None, reason: str, ledger: Ledger) -> None:
    """After a few in a row, because trying each of thousands would take hours."""
    with serving(lambda _: Reply(hang_up=True) if status is None else outcome(status, "login")) as odd:
        tally = run_population(tuple(f"p{n}" for n in range(100)), setup(odd.base_url, ledger))
    assert tally.stopped == reason
    assert MAX_CONSECUTIVE <= len(tally.failures) <= MAX_CONSECUTIVE + 3
    assert tally.not_begun == 100 - len(tally.failures)
    assert ledger.runs()[0].ending == "stopped"


def test_failures_that_are_not_in_a_row_do_not_end_the_run(ledger: Ledger) -> None:
    """Nor do those that say something about one patient only."""
    stop = Cancellation()
    for _ in range(MAX_CONSECUTIVE - 1):
        stop.heed("unreachable")
    stop.heed(None)
    for _ in range(MAX_CONSECUTIVE):
        stop.heed("server-fault")
    stop.heed("unreachable")
    assert not stop.asked
    assert ledger.runs() == ()


class Lost(Ledger):
    """A ledger that goes away after the third patient."""

    left = 3

    def close_patient(self, *_: Any) -> None:
        """Three times, and never again."""
        self.left -= 1
        if self.left < 0:
            raise LedgerUnusable("The ledger cannot be used (Full).")


def test_a_ledger_that_goes_away_ends_the_run(odd: OddServer, tmp_path: Path) -> None:
    """Without it two runs could work on one patient."""
    opened = open_ledger(tmp_path / "ledger.sqlite")
    lost = Lost(opened._engine, opened._key)
    tally = run_population(PATIENTS, replace(setup(odd.base_url, lost), threads=1))
    assert tally.stopped == "ledger"
    assert (len(tally.done), tally.not_begun) == (3, 9)
    opened.close()


class Beating(Ledger):
    """A ledger that tells when a run prolongs what it holds, and then fails."""

    beaten = threading.Event()

    def prolong(self, *_: Any) -> NoReturn:
        """Once is enough."""
        self.beaten.set()
        raise LedgerUnusable("The ledger cannot be used (Full).")


def test_a_run_prolongs_what_it_holds_while_it_works(tmp_path: Path) -> None:
    """And stops when it cannot."""
    opened = open_ledger(tmp_path / "ledger.sqlite")
    beating_ledger, stop = Beating(opened._engine, opened._key), Cancellation()
    hold = Lease(beating_ledger, 1, timedelta(milliseconds=30), Clock())
    with heartbeat(hold, stop, open_event_log(io.StringIO())):
        assert beating_ledger.beaten.wait(30)
        stop._event.wait(30)
    assert stop.reason == "ledger"
    opened.close()


def test_nobody_enrolled_is_a_run_too(odd: OddServer, ledger: Ledger) -> None:
    """It ends at once and says so."""
    tally = run_population((), setup(odd.base_url, ledger))
    assert (tally.patients, tally.outcomes, ledger.runs()[0].patients) == (0, (), 0)


def test_the_first_reason_to_stop_counts() -> None:
    """Later ones are consequences."""
    stop = Cancellation()
    stop.ask("signal")
    stop.ask("ledger")
    assert stop.reason == "signal"
    assert RunReport(None, AT, 3, (), "signal").not_begun == 3
    assert partial(stop.wait, 3600)() is None
