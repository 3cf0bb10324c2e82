"""Checks of the house itself: sizes, names, links, what may never be committed."""
