"""The ledger of runs, receipts and dead letters."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from service.sync.ledger import Ledger, LedgerUnusable, open_ledger
from service.sync.records import EntryRecord, FailureRecord, ReceiptRecord

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ENTRIES = (EntryRecord("CarePlan", "c1", "1"), EntryRecord("Provenance", None, None))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder that is not there yet."""
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """A new ledger."""
    opened = open_ledger(path)
    yield opened
    opened.close()


def receipt(run: int, patient_key: str, outcome: str = "written") -> ReceiptRecord:
    """A delivery."""
    return ReceiptRecord(run, patient_key, "v1", outcome, ENTRIES, AT)


def test_what_is_recorded_is_read_back_by_another_process(ledger: Ledger, path: Path) -> None:
    """Runs have numbers, records come in their order."""
    run = ledger.begin_run("plan", "rulebook-1", AT)
    ledger.record_receipt(receipt(run, "k1"))
    ledger.record_receipt(receipt(run, "k2", "unknown"))
    ledger.record_failure(FailureRecord(run, "k3", "fetch", "unreachable", AT))
    ledger.end_run(run, AT)
    other = open_ledger(path)
    assert other.receipts() == (receipt(run, "k1"), receipt(run, "k2", "unknown"))
    assert other.failures() == (FailureRecord(run, "k3", "fetch", "unreachable", AT),)
    assert other.begin_run("plan", "rulebook-1", AT) == run + 1
    other.close()


def test_records_can_be_asked_for_by_run_and_patient(ledger: Ledger) -> None:
    """One of each, or all."""
    first, second = ledger.begin_run("plan", "r", AT), ledger.begin_run("plan", "r", AT)
    for run in (first, second):
        for key in ("k1", "k2"):
            ledger.record_receipt(receipt(run, key))
            ledger.record_failure(FailureRecord(run, key, "deliver", "conflict", AT))
    assert ledger.receipts(run=second, patient_key="k1") == (receipt(second, "k1"),)
    assert [one.run for one in ledger.failures(patient_key="k2")] == [first, second]
    assert len(ledger.receipts(run=first)) == 2


def test_a_patient_is_a_hash_that_lasts_as_long_as_the_ledger(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    """The same in every run, another in another ledger, and the id is nowhere in the file."""
    key = ledger.patient_key("secret-id")
    ledger.record_receipt(receipt(ledger.begin_run("plan", "r", AT), key))
    again, another = open_ledger(path), open_ledger(tmp_path / "other.sqlite")
    assert again.patient_key("secret-id") == key
    assert another.patient_key("secret-id") != key
    assert ledger.patient_key("secret-ie") != key
    for opened in (again, another, ledger):
        opened.close()
    assert not any(b"secret-id" in file.read_bytes() for file in path.parent.iterdir())


def test_times_are_kept_as_instants(ledger: Ledger) -> None:
    """Whatever zone they come in; a time without a zone is refused."""
    run = ledger.begin_run("plan", "r", AT)
    elsewhere = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    ledger.record_failure(FailureRecord(run, "k", "read", "malformed", elsewhere))
    assert ledger.failures()[0].failed_at == AT
    with pytest.raises(ValueError, match="aware"):
        ledger.begin_run("plan", "r", AT.replace(tzinfo=None))


def test_many_threads_write_and_nothing_is_lost(ledger: Ledger) -> None:
    """Writers wait for each other."""
    run = ledger.begin_run("sync", "r", AT)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ledger.record_receipt(receipt(run, f"k{number}")), range(64)))
    assert {one.patient_key for one in ledger.receipts(run)} == {f"k{number}" for number in range(64)}


def test_a_record_needs_its_run(ledger: Ledger) -> None:
    """Nothing is kept that belongs nowhere, and the refusal shows no values."""
    with pytest.raises(LedgerUnusable) as caught:
        ledger.record_receipt(receipt(99, "some-key"))
    assert "some-key" not in str(caught.value)


def test_the_file_is_in_wal_mode(ledger: Ledger, path: Path) -> None:
    """Readers do not wait for writers."""
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()
    assert ledger.receipts() == ()


@pytest.mark.parametrize("content", [b"this is no database at all, it is a text file", None])
def test_a_place_that_cannot_be_used_is_told(tmp_path: Path, content: bytes | None) -> None:
    """A file that is something else, and a folder where a file should be."""
    place = tmp_path / "ledger.sqlite"
    place.write_bytes(content) if content else place.mkdir()
    with pytest.raises(LedgerUnusable, match="TITRATE_LEDGER"):
        open_ledger(place)
