"""Tests of fhir.narrative."""
