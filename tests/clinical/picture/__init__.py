"""Tests of titrate.clinical.picture."""
