"""Runs, receipts and dead letters. A ledger from before there were migrations has them and keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the four tables unless they exist."""
    if sa.inspect(op.get_bind()).has_table("runs"):
        return
    op.create_table(
        "facts",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("rulebook", sa.String, nullable=False),
        sa.Column("started_at", sa.String, nullable=False),
        sa.Column("ended_at", sa.String),
    )
    _create_patient_table("receipts", "plan_version", "outcome", "entries", "sent_at")
    _create_patient_table("dead_letters", "step", "reason", "failed_at")


def _create_patient_table(name: str, *columns: str) -> None:
    """A table with a row for each event of a patient in a run; all columns are text."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False, index=True),
        sa.Column("patient_key", sa.String, nullable=False, index=True),
        *(sa.Column(column, sa.String, nullable=column == "plan_version") for column in columns),
    )
