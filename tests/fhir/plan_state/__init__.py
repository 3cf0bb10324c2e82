"""Tests of fhir.standing."""
