"""Controls of the hazard log that no other test tries."""
