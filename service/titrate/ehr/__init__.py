"""The EHR as a FHIR server: search, read, deliver. Knows FHIR over HTTP, not what resources mean."""
