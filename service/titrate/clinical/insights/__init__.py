"""Information for clinicians and patients. Nothing in this package decides, and no rule imports it."""
