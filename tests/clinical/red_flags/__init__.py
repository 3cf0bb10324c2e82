"""Tests of titrate.clinical.red_flags."""
