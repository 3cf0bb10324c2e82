"""The questionnaires that we give out."""
