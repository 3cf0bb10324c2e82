"""The report of a cohort as one HTML page that needs nothing else: no script, no picture, no font."""

from __future__ import annotations

from titrate.simulation.page.report_page import page

__all__ = ["page"]
