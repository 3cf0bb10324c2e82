"""Tests of titrate.clinical.record."""
