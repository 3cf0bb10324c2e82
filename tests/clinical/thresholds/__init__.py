"""Inputs below, at and above every number of mappings/constants.toml that decides, with what must come out."""
