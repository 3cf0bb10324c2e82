"""Runs over everyone who is enrolled."""
