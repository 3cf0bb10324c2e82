"""A clinician's decisions on a plan: approval, rejection, phase."""
