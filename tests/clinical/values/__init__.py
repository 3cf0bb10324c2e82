"""Tests of titrate.clinical.values."""
