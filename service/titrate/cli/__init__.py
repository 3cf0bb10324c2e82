"""The `titrate` command. Wires the rooms together; decides nothing."""

from __future__ import annotations

from titrate.cli.main import main

__all__ = ["main"]
