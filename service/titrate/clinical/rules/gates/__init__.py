"""The gates of an increase: what each one checks, and their table."""
