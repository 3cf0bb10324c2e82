"""Generators and tests of the documentation."""
