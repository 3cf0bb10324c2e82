"""Tests of titrate.clinical.rules."""
