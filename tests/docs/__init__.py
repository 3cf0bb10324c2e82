"""What our pages say is checked against what the project does."""
