"""Quantities, readings, doses, plans, decisions and the rulebook: the values that every other clinical package uses."""
