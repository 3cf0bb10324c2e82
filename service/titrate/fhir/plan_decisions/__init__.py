"""What follows a decision on a plan: its orders, goals and Task, the plan before it, and Provenance."""
