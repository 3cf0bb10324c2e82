"""Tests of titrate.simulation: archetypes behave as named, the judge finds planted faults, the report is readable."""
