"""Entry point of alembic: migrates on the connection that the ledger opened, inside its transaction."""

from __future__ import annotations

from alembic import context

from titrate.ledger.records import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables)
with context.begin_transaction():
    context.run_migrations()
