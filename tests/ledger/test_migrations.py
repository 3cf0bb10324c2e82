"""The ledger's tables from one release to the next, on both databases."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from titrate.ledger import database
from titrate.ledger.errors import LedgerUnusable
from titrate.ledger.ledger import Ledger, open_ledger
from titrate.ledger.records import tables

SCRIPTS = Path(database.__file__).parent / "migrations"
# The tables of the first version, as they were made before there were migrations.
FIRST = """
CREATE TABLE facts (name VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (name));
CREATE TABLE runs (id INTEGER NOT NULL, kind VARCHAR NOT NULL, rulebook VARCHAR NOT NULL, started_at VARCHAR NOT NULL,
 ended_at VARCHAR, PRIMARY KEY (id));
CREATE TABLE receipts (id INTEGER NOT NULL, run INTEGER NOT NULL, patient_key VARCHAR NOT NULL, plan_version VARCHAR,
 outcome VARCHAR NOT NULL, entries VARCHAR NOT NULL, sent_at VARCHAR NOT NULL, PRIMARY KEY (id),
 FOREIGN KEY(run) REFERENCES runs (id));
CREATE TABLE dead_letters (id INTEGER NOT NULL, run INTEGER NOT NULL, patient_key VARCHAR NOT NULL,
 step VARCHAR NOT NULL, reason VARCHAR NOT NULL, failed_at VARCHAR NOT NULL, PRIMARY KEY (id),
 FOREIGN KEY(run) REFERENCES runs (id));
CREATE INDEX ix_receipts_run ON receipts (run); CREATE INDEX ix_receipts_patient_key ON receipts (patient_key);
CREATE INDEX ix_dead_letters_run ON dead_letters (run);
CREATE INDEX ix_dead_letters_patient_key ON dead_letters (patient_key);
INSERT INTO facts VALUES ('patient-key', '000102030405060708090a0b0c0d0e0f');
INSERT INTO runs VALUES (1, 'plan', 'r', '2026-11-25T12:00:00+00:00', '2026-11-25T12:00:01+00:00');
INSERT INTO receipts VALUES (1, 1, 'k1', 'v', 'written', '[["CarePlan", "c", "1"]]', '2026-11-25T12:00:00+00:00');
INSERT INTO dead_letters VALUES (1, 1, 'k2', 'fetch', 'not-found', '2026-11-25T12:00:00+00:00');
"""


def differences(place: Path | str) -> list[object]:
    """What alembic would change to make the database as the code's tables are."""
    engine = database.engine_of(place)
    with engine.connect() as connection:
        found: list[object] = list(compare_metadata(MigrationContext.configure(connection), tables))
    engine.dispose()
    return found


def test_migrations_end_at_the_tables_of_the_code(ledger: Ledger, place: Path | str) -> None:
    """A column added to one and forgotten in the other is found here."""
    assert ledger.runs() == ()
    assert differences(place) == []


def test_the_newest_migration_is_the_one_that_is_looked_for() -> None:
    """Opening compares one word and does not read the scripts; that word is right."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == database.HEAD
    assert {script.revision for script in scripts.walk_revisions()} == set(database.KNOWN)


def test_a_ledger_from_before_the_migrations_is_kept(tmp_path: Path) -> None:
    """Its records, its key, and its numbers."""
    path = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(FIRST)
    with closing(open_ledger(path)) as ledger:
        assert [run.ending for run in ledger.runs()] == ["ended"]
        assert ledger.receipts()[0].entries[0].id == "c"
        assert ledger.failures()[0].resolved_by is None
        assert ledger.patient_key("p") == blake2b(b"p", key=bytes(range(16)), digest_size=12).hexdigest()
    assert differences(path) == []


def test_a_ledger_of_a_newer_release_is_left_alone(ledger: Ledger, place: Path | str) -> None:
    """An older program would write into tables that it does not know."""
    ledger.close()
    engine = database.engine_of(place)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(LedgerUnusable, match="newer"):
        open_ledger(place)


def test_several_may_open_a_new_ledger_at_once(place: Path | str) -> None:
    """One makes the tables, all get the same key."""
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_ledger(place), range(4)))
    assert len({one.patient_key("p") for one in opened}) == 1
    for one in opened:
        one.close()


def test_a_ledger_that_is_up_to_date_opens_without_alembic(tmp_path: Path) -> None:
    """Every command would wait for it otherwise."""
    path = tmp_path / "ledger.sqlite"
    open_ledger(path).close()
    code = (
        "import sys, pathlib; from titrate.ledger.ledger import open_ledger;"
        "open_ledger(pathlib.Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_an_sqlite_ledger_is_in_wal_mode(tmp_path: Path) -> None:
    """Readers do not wait for writers."""
    open_ledger(tmp_path / "ledger.sqlite").close()
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
