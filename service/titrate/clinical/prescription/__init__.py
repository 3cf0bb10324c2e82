"""What follows from a decision: assessment, prescription, approval checks, and release of the patient's sheet."""
