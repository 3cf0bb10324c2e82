"""Tests of titrate.clinical.insights."""
