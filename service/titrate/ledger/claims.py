"""Who works on which patient: one writer a patient, and a patient whose writer died is free again after a while.

A claim keeps two runs from doing the same work at once. That its effect happens once rests on identifiers and versions
in the EHR, so a claim that runs out in the middle of a delivery does no harm.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from titrate.ledger.records import milliseconds
from titrate.ledger.tables import claims, runs


def claim(connection: sa.Connection, patient_key: str, run: int, at: datetime, until: datetime) -> bool:
    """Take a patient who is free, whose claim has run out, or whom this run has. False when another run has them."""
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(claims).values(patient_key=patient_key, run=run, until=milliseconds(until))
    free = (claims.c.until <= milliseconds(at)) | (claims.c.run == run)
    mine = row.on_conflict_do_update(
        index_elements=[claims.c.patient_key],
        set_={"run": row.excluded.run, "until": row.excluded.until},
        where=free,
    ).returning(claims.c.run)
    return connection.execute(mine).first() is not None


def extend(connection: sa.Connection, run: int, until: datetime) -> None:
    """Move on the end of every claim of a run, and the sign that the run is alive."""
    connection.execute(claims.update().where(claims.c.run == run).values(until=milliseconds(until)))
    connection.execute(runs.update().where(runs.c.id == run).values(alive_until=milliseconds(until)))


def release(connection: sa.Connection, run: int, patient_key: str | None = None) -> None:
    """End this run's claim on one patient, or all that it has."""
    mine = claims.delete().where(claims.c.run == run)
    connection.execute(mine if patient_key is None else mine.where(claims.c.patient_key == patient_key))


def drop_expired(connection: sa.Connection, at: datetime) -> int:
    """Remove claims that have run out; how many there were."""
    return connection.execute(claims.delete().where(claims.c.until <= milliseconds(at))).rowcount
