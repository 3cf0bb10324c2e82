"""A sandbox EHR: a third-party FHIR server in this process, on loopback, for the demo and the tests."""
