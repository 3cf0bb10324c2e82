"""The ledger of runs, receipts, dead letters and claims, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from titrate.ledger.database import engine_of
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger, open_ledger
from titrate.ledger.records import EntryRecord, FailureRecord, ReceiptRecord, RunEnding

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
ENTRIES = (EntryRecord("CarePlan", "c1", "1"), EntryRecord("Provenance", None, None))


def receipt(run: int, patient_key: str, outcome: str = "written") -> ReceiptRecord:
    """The record of a delivery."""
    return ReceiptRecord(run, patient_key, "v1", outcome, ENTRIES, AT)


def failure(run: int, patient_key: str, resolved_by: int | None = None) -> FailureRecord:
    """A dead letter."""
    return FailureRecord(run, patient_key, "fetch", "unreachable", AT, resolved_by=resolved_by)


def database_text(place: Path | str) -> str:
    """The whole content of a database, as text."""
    engine = engine_of(place)
    with engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        found = [str(connection.execute(table.select()).all()) for table in metadata.sorted_tables]
    engine.dispose()
    return "\n".join(found)


def test_another_connection_reads_the_records(ledger: Ledger, place: Path | str) -> None:
    """Runs are numbered, and records are in the order of recording."""
    run = ledger.begin_run("plan", "rulebook-1", AT)
    ledger.record_receipt(receipt(run, "k1"))
    ledger.record_receipt(receipt(run, "k2", "unknown"))
    ledger.release_patient("k3", run, failure(run, "k3"))
    ledger.end_run(run, AT)
    with closing(open_ledger(place)) as other:
        assert other.receipts() == (receipt(run, "k1"), receipt(run, "k2", "unknown"))
        assert other.failures() == (failure(run, "k3"),)
        assert other.begin_run("plan", "rulebook-1", AT) == run + 1


def test_records_are_filtered_by_run_and_patient(ledger: Ledger) -> None:
    """By one of them, by both, or by none."""
    first, second = ledger.begin_run("plan", "r", AT), ledger.begin_run("plan", "r", AT)
    for run in (first, second):
        for key in ("k1", "k2"):
            ledger.record_receipt(receipt(run, key))
            ledger.release_patient(key, run, failure(run, key))
    assert ledger.receipts(run=second, patient_key="k1") == (receipt(second, "k1"),)
    assert [one.run for one in ledger.failures(patient_key="k2")] == [first, second]
    assert len(ledger.receipts(run=first)) == 2


def test_a_patient_is_a_hash_that_is_specific_to_the_ledger(ledger: Ledger, place: Path | str, tmp_path: Path) -> None:
    """The same in every run, another in another ledger, and the id is not in the database."""
    key = ledger.patient_key("secret-id")
    run = ledger.begin_run("sync", "r", AT)
    ledger.record_receipt(receipt(run, key))
    ledger.release_patient(key, run, failure(run, key))
    ledger.claim(key, run, AT, LATER)
    with closing(open_ledger(place)) as again, closing(open_ledger(tmp_path / "other.sqlite")) as another:
        assert again.patient_key("secret-id") == key
        assert another.patient_key("secret-id") != key
    assert ledger.patient_key("secret-ie") != key
    assert key in database_text(place)
    assert "secret-id" not in database_text(place)


def test_timestamps_are_stored_in_utc(ledger: Ledger) -> None:
    """From any zone; a timestamp without a zone is an error."""
    run = ledger.begin_run("plan", "r", AT)
    elsewhere = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    ledger.release_patient("k", run, FailureRecord(run, "k", "read", "malformed", elsewhere))
    assert ledger.failures()[0].failed_at == AT
    with pytest.raises(ValueError, match="time zone"):
        ledger.begin_run("plan", "r", AT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        ledger.claim("k", run, AT, LATER.replace(tzinfo=None))


def test_many_threads_write_without_loss(ledger: Ledger) -> None:
    """Writers wait for each other."""
    run = ledger.begin_run("sync", "r", AT)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ledger.record_receipt(receipt(run, f"k{number}")), range(64)))
    assert {one.patient_key for one in ledger.receipts(run)} == {f"k{number}" for number in range(64)}


def test_a_record_needs_its_run(ledger: Ledger) -> None:
    """A record of an unknown run is an error, whose message shows no values."""
    with pytest.raises(LedgerUnusable) as caught:
        ledger.record_receipt(receipt(99, "some-key"))
    assert "some-key" not in str(caught.value)


def test_a_run_records_how_it_ended(ledger: Ledger) -> None:
    """With the number of patients and failures; a run that was killed has no end."""
    ended, stopped, killed = (ledger.begin_run("sync", "r", AT, LATER) for _ in range(3))
    ledger.end_run(ended, AT, (200, 3))
    ledger.end_run(stopped, AT, (7, 0), RunEnding.STOPPED)
    assert [(run.number, run.ending, run.patients, run.failed) for run in ledger.runs()] == [
        (ended, "ended", 200, 3),
        (stopped, "stopped", 7, 0),
        (killed, None, None, None),
    ]
    last = ledger.runs()[-1]
    assert (last.state(AT), last.state(LATER)) == ("running", "cut-off")


def test_a_patient_has_one_writer(ledger: Ledger) -> None:
    """Until the claim expires or is released; the same run may claim again."""
    first, second = (ledger.begin_run("sync", "r", AT, LATER) for _ in range(2))
    assert ledger.claim("k", first, AT, LATER)
    assert ledger.claim("k", first, AT, LATER)
    assert not ledger.claim("k", second, AT, LATER)
    assert ledger.claim("other", second, AT, LATER)
    ledger.release_patient("k", first, None)
    assert ledger.claim("k", second, AT, LATER)
    assert not ledger.claim("k", first, AT, LATER)
    assert ledger.claim("k", first, LATER, LATER + timedelta(minutes=1))


def test_one_of_many_concurrent_claims_wins(ledger: Ledger) -> None:
    """Across threads and runs."""
    several = [ledger.begin_run("sync", "r", AT, LATER) for _ in range(16)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda run: ledger.claim("k", run, AT, LATER), several))
    assert won.count(True) == 1


def test_a_working_run_keeps_its_claims(ledger: Ledger) -> None:
    """It extends them; another run cannot release them."""
    first, second = (ledger.begin_run("sync", "r", AT, LATER) for _ in range(2))
    ledger.claim("k", first, AT, LATER)
    ledger.extend_claims(first, LATER + timedelta(minutes=5))
    assert not ledger.claim("k", second, LATER, LATER + timedelta(minutes=9))
    assert ledger.runs()[0].state(LATER) == "running"
    ledger.release_patient("k", second, None)
    assert not ledger.claim("k", second, LATER, LATER + timedelta(minutes=9))


def test_the_end_of_a_run_releases_its_patients(ledger: Ledger) -> None:
    """Also of a run that was stopped."""
    first, second = (ledger.begin_run("sync", "r", AT, LATER) for _ in range(2))
    ledger.claim("k", first, AT, LATER)
    ledger.end_run(first, AT, (1, 0), RunEnding.STOPPED)
    assert ledger.claim("k", second, AT, LATER)


def test_a_dead_letter_is_resolved_by_the_run_that_processes_the_patient(ledger: Ledger) -> None:
    """A run that fails again does not resolve it."""
    first, second, third = (ledger.begin_run("sync", "r", AT, LATER) for _ in range(3))
    for run, key in ((first, "k"), (first, "other"), (second, "k")):
        ledger.claim(key, run, AT, LATER)
        ledger.release_patient(key, run, failure(run, key))
    ledger.claim("k", third, AT, LATER)
    ledger.release_patient("k", third, None)
    assert ledger.failures() == (failure(first, "k", third), failure(first, "other"), failure(second, "k", third))
    assert [one.number for one in ledger.failures()] == [1, 2, 3]


def test_repair_closes_what_was_cut_off(ledger: Ledger) -> None:
    """A run that may still be working keeps its claims."""
    killed = ledger.begin_run("sync", "r", AT, AT)
    alive = ledger.begin_run("sync", "r", AT, LATER)
    ledger.claim("k", killed, AT - timedelta(minutes=1), AT)
    ledger.claim("other", alive, AT, LATER)
    assert ledger.repair(AT) == (1, 1)
    assert [run.ending for run in ledger.runs()] == ["cut-off", None]
    assert not ledger.claim("other", killed, AT, LATER)
    assert ledger.repair(AT) == (0, 0)


@pytest.fixture(params=[b"this is no database at all, it is a text file", None])
def unusable(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file that is not a database, and a folder in place of a file."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(request.param) if request.param else path.mkdir()
    return path


def test_an_unusable_file_is_reported(unusable: Path) -> None:
    """With what to do about it."""
    with pytest.raises(LedgerUnusable, match="TITRATE_LEDGER"):
        open_ledger(unusable)


@pytest.mark.parametrize(
    "address", ["postgresql://secret:word@127.0.0.1:1/none", "postgresql://secret@[", "postgresql://h:port/secret"]
)
def test_an_unusable_address_is_reported(address: str) -> None:
    """Without the address, which can contain a password."""
    with pytest.raises(LedgerUnusable, match="TITRATE_LEDGER") as caught:
        open_ledger(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("entries", ["[[1e-999999999]]", "[" * 500, "not JSON", "[[1, 2, 3, 4, 5]]", "7"])
def test_a_row_whose_entries_are_out_of_bounds(ledger: Ledger, place: Path | str, entries: str) -> None:
    """It is refused with a sentence before anything computes with it."""
    ledger.record_receipt(receipt(ledger.begin_run("plan", "r", AT), "k1"))
    changed(place, "UPDATE receipts SET entries = :value", entries)
    with pytest.raises(LedgerUnusable, match="cannot be used"):
        ledger.receipts()


def test_a_row_whose_time_is_out_of_bounds(ledger: Ledger, place: Path | str) -> None:
    """It is refused with a sentence."""
    ledger.begin_run("plan", "r", AT, LATER)
    changed(place, "UPDATE runs SET alive_until = :value", 10**18)
    with pytest.raises(LedgerUnusable, match="cannot be used"):
        ledger.runs()


def changed(place: Path | str, statement: str, value: str | int) -> None:
    """Change rows behind the ledger's back."""
    engine = engine_of(place)
    with engine.begin() as connection:
        connection.execute(sa.text(statement), {"value": value})
    engine.dispose()
