"""Inputs below, at and above every number of mappings/constants.toml that a rule uses, with the expected results."""
