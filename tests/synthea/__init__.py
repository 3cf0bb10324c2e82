"""Records that nobody here made."""
