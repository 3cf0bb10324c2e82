"""The virtual cohort: people who do what their kind says, a judge who finds what is planted, a readable page."""
