"""The checks of Titrate."""
