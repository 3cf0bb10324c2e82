"""Tests that hold a hazard down where no other test does."""
