"""One patient, one direction: the corridor from the EHR to a draft plan in the EHR, and what runs it."""
