"""The ledger's database: SQLite in a file, or PostgreSQL. Opens it and brings its tables up to date."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

BUSY_MILLISECONDS = 10_000
CONNECT_SECONDS = 10
LOCK = 7_405_312_006  # a number of ours, so that two processes do not make the same tables at once
HEAD = "0002"
KNOWN = ("0001", HEAD)
FILE_REMEDY = "Set TITRATE_LEDGER to a file in a folder that you may write to, on a local disk."
ADDRESS_REMEDY = "Check the address in TITRATE_LEDGER, that the database is up, and that its user may make tables."


class LedgerUnusable(RuntimeError):
    """The ledger cannot be opened or written. Names what to do, not the database's own words."""


def engine_of(place: Path | str) -> sa.Engine:
    """The engine for a file or a `postgresql://` address. Raises LedgerUnusable when a driver is missing."""
    if isinstance(place, Path):
        return _sqlite(place)
    try:
        url = sa.make_url(place).set(drivername="postgresql+psycopg")
        options = {"connect_timeout": CONNECT_SECONDS}
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=options)
    except ImportError:
        raise LedgerUnusable("PostgreSQL needs the extra: install titrate[postgres].") from None
    except (sa.exc.ArgumentError, ValueError):
        raise LedgerUnusable(f"The ledger's address is none. {ADDRESS_REMEDY}") from None


def remedy(engine: sa.Engine) -> str:
    """What to do when this database does not work."""
    return FILE_REMEDY if engine.dialect.name == "sqlite" else ADDRESS_REMEDY


def bring_up_to_date(connection: sa.Connection) -> None:
    """Migrate inside the transaction of `connection`, alone. Raises LedgerUnusable for a newer ledger."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    version = _version(connection)
    if version == HEAD:
        return
    if version is not None and version not in KNOWN:
        raise LedgerUnusable("The ledger was made by a newer Titrate. Use that one, or another ledger.")
    _migrate(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def _migrate(connection: sa.Connection) -> None:
    """Imports alembic only here: a ledger that is up to date, which is nearly always, does not wait for it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _sqlite(path: Path) -> sa.Engine:
    with suppress(OSError):  # what is wrong with the folder shows when the file is opened
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), hide_parameters=True)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _take_write_lock)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """Several threads and processes share the file: readers never wait, writers wait for each other a while."""
    connection.isolation_level = None  # the driver must not open deferred transactions of its own
    for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _take_write_lock(connection: sa.Connection) -> None:
    """A deferred transaction that turns into a write fails at once when another one writes; this one waits."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
