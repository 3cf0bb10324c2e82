"""Tests of hazards that no other test covers."""
