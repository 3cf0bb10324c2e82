"""Courses of weeks: a patient who reports, a clinician who decides, and our runs, on a real server."""
