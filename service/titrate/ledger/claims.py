"""Claims of runs on patients: one run at a time writes for a patient, and the claim of a run that crashed expires.

Claims only save two runs from duplicate work. Identifiers and versions in the EHR make the effect exactly once, so a
claim that expires in the middle of a delivery does no harm.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from titrate.ledger.records import claims, milliseconds, runs


def claim(connection: sa.Connection, patient_key: str, run: int, at: datetime, until: datetime) -> bool:
    """Claim a patient who is unclaimed, whose claim has expired, or whom this run has claimed. False otherwise."""
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(claims).values(patient_key=patient_key, run=run, until=milliseconds(until))
    available = (claims.c.until <= milliseconds(at)) | (claims.c.run == run)
    claimed = row.on_conflict_do_update(
        index_elements=[claims.c.patient_key],
        set_={"run": row.excluded.run, "until": row.excluded.until},
        where=available,
    ).returning(claims.c.run)
    return connection.execute(claimed).first() is not None


def extend(connection: sa.Connection, run: int, until: datetime) -> None:
    """Extend every claim of a run, and the time until which the run counts as alive."""
    connection.execute(claims.update().where(claims.c.run == run).values(until=milliseconds(until)))
    connection.execute(runs.update().where(runs.c.id == run).values(alive_until=milliseconds(until)))


def release(connection: sa.Connection, run: int, patient_key: str | None = None) -> None:
    """End the claim of a run on one patient, or all of its claims."""
    claimed = claims.delete().where(claims.c.run == run)
    connection.execute(claimed if patient_key is None else claimed.where(claims.c.patient_key == patient_key))


def drop_expired(connection: sa.Connection, at: datetime) -> int:
    """Delete expired claims and return their number."""
    return connection.execute(claims.delete().where(claims.c.until <= milliseconds(at))).rowcount
