"""An EHR to try things on: a third-party FHIR server, in this process, on loopback, with synthetic patients."""
