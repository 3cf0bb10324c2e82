"""The tables of the ledger after all migrations, which are in `service/titrate/ledger/migrations`."""

from __future__ import annotations

import sqlalchemy as sa

tables = sa.MetaData()

facts = sa.Table(
    "facts",
    tables,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
# `alive_until` (milliseconds since 1970) is extended while a run works; a run without an end after it was cut off.
runs = sa.Table(
    "runs",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("rulebook", sa.String, nullable=False),
    sa.Column("started_at", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
    sa.Column("ending", sa.String),
    sa.Column("patients", sa.Integer),
    sa.Column("failed", sa.Integer),
    sa.Column("alive_until", sa.BigInteger),
)
receipts = sa.Table(
    "receipts",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("patient_key", sa.String, nullable=False, index=True),
    sa.Column("plan_version", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("entries", sa.String, nullable=False),
    sa.Column("sent_at", sa.String, nullable=False),
)
# `settled_by` is the later run that processed the patient.
dead_letters = sa.Table(
    "dead_letters",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("patient_key", sa.String, nullable=False, index=True),
    sa.Column("step", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("failed_at", sa.String, nullable=False),
    sa.Column("settled_by", sa.Integer),
)
# One row per claimed patient. After `until` (milliseconds since 1970) any run may claim the patient.
claims = sa.Table(
    "claims",
    tables,
    sa.Column("patient_key", sa.String, primary_key=True),
    sa.Column("run", sa.ForeignKey("runs.id"), nullable=False, index=True),
    sa.Column("until", sa.BigInteger, nullable=False),
)
