"""Fixtures of an empty ledger: each test that requests one runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from titrate.ledger.database import engine_of
from titrate.ledger.ledger import Ledger, open_ledger

NUMBERS = itertools.count(1)
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def _database(url: str) -> Iterator[str]:
    """The address of a new database, dropped afterwards."""
    name = f"titrate_test_{next(NUMBERS)}"
    server = engine_of(url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield str(sa.make_url(url).set(database=name).render_as_string(hide_password=False))
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Location of a ledger that does not exist yet: a file in a missing folder, or an empty database."""
    if request.param == "sqlite":
        yield tmp_path / "state" / "ledger.sqlite"
    else:
        yield from _database(request.getfixturevalue("postgres_url"))


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    """A new ledger, closed afterwards."""
    opened = open_ledger(place)
    yield opened
    opened.close()
