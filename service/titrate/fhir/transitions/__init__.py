"""What follows when a person decides on a plan: its orders, goals and Task, the plan before it, and Provenance."""
