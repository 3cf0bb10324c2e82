"""Tests of titrate.fhir.plan_state."""
