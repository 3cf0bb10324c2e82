"""Results as JSON, text and patient sheets."""
