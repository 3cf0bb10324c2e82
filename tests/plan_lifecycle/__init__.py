"""An EHR, a patient and a clinician for tests that run for weeks: everything goes over HTTP to a real server."""
