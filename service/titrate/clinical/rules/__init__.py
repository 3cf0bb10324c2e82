"""The decision table: rules that stop, lower, hold or raise, and the gates of an increase."""
