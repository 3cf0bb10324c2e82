"""Rulebook, worked examples and random courses for the engine and the second evaluator."""
