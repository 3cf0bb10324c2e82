"""An EHR, a patient and a clinician for tests of whole plan lifecycles, over HTTP to a real server."""
