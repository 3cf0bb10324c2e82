"""Runs over all enrolled patients."""
