"""Tests of titrate.rulebook and of the mapping files."""
