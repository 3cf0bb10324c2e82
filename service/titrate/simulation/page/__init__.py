"""The report of a cohort as one self-contained HTML page without script, image or font files."""

from __future__ import annotations

from titrate.simulation.page.report_page import page

__all__ = ["page"]
