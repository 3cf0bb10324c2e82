"""Tests of fhir.composing."""
