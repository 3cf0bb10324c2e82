"""Migrations of the ledger's tables between releases, run by alembic."""
