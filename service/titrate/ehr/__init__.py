"""The EHR as neighbour: search, read, deliver. Knows FHIR's policy on the wire, nothing of what resources mean."""
