"""The EHR as neighbour: search, read, deliver. Knows FHIR's manners on the wire, nothing of what resources mean."""
