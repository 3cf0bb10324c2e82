"""Tests of titrate.clinical.prescription."""
