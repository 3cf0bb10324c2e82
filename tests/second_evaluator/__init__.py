"""A plain second evaluator of the clinical rules, to compare the engine with."""
