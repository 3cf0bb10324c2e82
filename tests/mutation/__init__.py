"""Mutation testing of the clinical rules and their numbers: a test must fail for each single change."""
