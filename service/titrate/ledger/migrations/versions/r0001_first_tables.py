"""Runs, receipts and dead letters. A ledger from before there were migrations has them and keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the four tables, unless they are there."""
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
    _of_patients("receipts", "plan_version", "outcome", "entries", "sent_at")
    _of_patients("dead_letters", "step", "reason", "failed_at")


def _of_patients(name: str, *columns: str) -> None:
    """A table of what happened to patients in runs: all of its columns are texts."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False, index=True),
        sa.Column("patient_key", sa.String, nullable=False, index=True),
        *(sa.Column(column, sa.String, nullable=column == "plan_version") for column in columns),
    )
