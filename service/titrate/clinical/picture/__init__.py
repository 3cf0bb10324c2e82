"""The clinical picture: what a rule may ask about the patient on the day of the decision."""
