"""Tests of titrate.sandbox."""
