"""Red flags: the safety screen, findings from data, and medical clearance."""
