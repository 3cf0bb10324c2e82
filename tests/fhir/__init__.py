"""Tests of the FHIR room."""
