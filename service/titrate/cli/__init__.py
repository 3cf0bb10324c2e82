"""The `titrate` command. It connects the packages and makes no clinical decisions."""

from __future__ import annotations

from titrate.cli.main import main

__all__ = ["main"]
