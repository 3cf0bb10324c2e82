"""Tests of clinical."""
