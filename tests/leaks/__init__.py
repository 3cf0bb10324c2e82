"""Patient data stays where it belongs."""
