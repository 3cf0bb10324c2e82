"""Tests of fhir.reading."""
