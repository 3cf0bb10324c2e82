"""Claims on patients, how runs ended, and which dead letters are resolved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the claims table and the new columns; existing rows stay."""
    for name, kind in (
        ("ending", sa.String()),
        ("patients", sa.Integer()),
        ("failed", sa.Integer()),
        ("alive_until", sa.BigInteger()),
    ):
        op.add_column("runs", sa.Column(name, kind))
    op.add_column("dead_letters", sa.Column("settled_by", sa.Integer()))
    op.create_table(
        "claims",
        sa.Column("patient_key", sa.String, primary_key=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False, index=True),
        sa.Column("until", sa.BigInteger, nullable=False),
    )
