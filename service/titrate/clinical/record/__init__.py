"""One patient's record at the moment of a decision: days, limits, usual symptoms, goals and conflicts."""
