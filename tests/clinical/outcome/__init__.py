"""Tests of titrate.clinical.outcome."""
