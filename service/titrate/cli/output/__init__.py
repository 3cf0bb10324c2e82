"""The text and the JSON that commands print."""
