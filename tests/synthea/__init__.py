"""Records of Synthea, which the project did not make."""
