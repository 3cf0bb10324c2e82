"""Our values to and from FHIR R4 resources. Pure: the only place that knows how resources are shaped."""
