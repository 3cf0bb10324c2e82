"""Tests that patient data appears in results only."""
