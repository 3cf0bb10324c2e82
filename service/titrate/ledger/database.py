"""The ledger's database: SQLite in a file, or PostgreSQL. Opens it and brings its tables up to date."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from titrate.ledger.errors import DriverMissing, LedgerTooNew, LedgerUnusable
from titrate.messages import Message
from titrate.messages.installation import LedgerAddressInvalid, LedgerAddressRemedy, LedgerFileRemedy

BUSY_MILLISECONDS = 10_000
CONNECT_SECONDS = 10
# Any constant: keeps two processes from creating the same tables at once.
MIGRATION_LOCK = 7_405_312_006
HEAD = "0002"
KNOWN = ("0001", HEAD)


def engine_of(place: Path | str) -> sa.Engine:
    """The engine for a file or a `postgresql://` address. Raises LedgerUnusable."""
    if isinstance(place, Path):
        return _sqlite(place)
    try:
        url = sa.make_url(place).set(drivername="postgresql+psycopg")
        options = {"connect_timeout": CONNECT_SECONDS}
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=options)
    except ImportError:
        raise DriverMissing from None
    except (sa.exc.ArgumentError, ValueError):
        raise LedgerUnusable(LedgerAddressInvalid(remedy=LedgerAddressRemedy())) from None


def remedy(engine: sa.Engine) -> Message:
    """What an operator can do if this database does not work."""
    return LedgerFileRemedy() if engine.dialect.name == "sqlite" else LedgerAddressRemedy()


def bring_up_to_date(connection: sa.Connection) -> None:
    """Migrate inside the transaction of `connection`, one process at a time. Raises LedgerTooNew."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    version = _version(connection)
    if version == HEAD:
        return
    if version is not None and version not in KNOWN:
        raise LedgerTooNew
    _migrate(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def _migrate(connection: sa.Connection) -> None:
    """Imports alembic here only, because it is slow to load and a ledger is nearly always up to date."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _sqlite(path: Path) -> sa.Engine:
    with suppress(OSError):  # an unusable folder is reported when the file is opened
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _take_write_lock)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Several threads and processes share the file: readers never wait, writers wait `BUSY_MILLISECONDS` at most."""
    connection.isolation_level = None  # the driver must not open deferred transactions itself
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _take_write_lock(connection: sa.Connection) -> None:
    """Begin as a writer: a deferred transaction that writes later fails at once if another one is writing."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
