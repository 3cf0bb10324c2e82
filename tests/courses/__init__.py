"""Rulebook, worked examples and random courses that both the engine and its plain twin are tried on."""
