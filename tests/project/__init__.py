"""Checks of the repository: sizes, names, language, links, and content that must not be committed."""
