"""Tests of titrate.fhir.write."""
