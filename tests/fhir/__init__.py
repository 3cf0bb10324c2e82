"""Tests of titrate.fhir."""
