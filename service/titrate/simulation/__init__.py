"""Invented people who live with their plans for half a year, so that a rulebook can be tried before it is used."""
