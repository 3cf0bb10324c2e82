"""Simulated patients who follow their plans for half a year, to test a rulebook before it is used."""
