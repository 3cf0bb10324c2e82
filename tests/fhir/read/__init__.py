"""Tests of titrate.fhir.read."""
