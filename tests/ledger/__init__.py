"""Tests of titrate.ledger."""
