"""Converts the service's values to FHIR R4 resources and back. Pure; only this package knows resource shapes."""
