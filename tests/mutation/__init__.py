"""Mutation testing: the clinical rules and their numbers are spoilt one thing at a time, and a test must notice."""
