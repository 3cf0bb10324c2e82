"""Measurements of the cost of one patient. Not tests."""
