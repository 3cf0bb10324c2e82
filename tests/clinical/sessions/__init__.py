"""Tests of titrate.clinical.sessions."""
