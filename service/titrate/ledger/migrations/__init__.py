"""How the ledger's tables change from one release to the next, by alembic."""
