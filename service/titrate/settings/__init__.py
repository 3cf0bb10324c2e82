"""What a site decides: from environment variables and one TOML file, read once, every mistake reported together.

The only room that looks at the environment.
"""

from __future__ import annotations

from titrate.settings.loader import load_settings, load_with_sources
from titrate.settings.values import CANONICAL, LOOPBACK, PREFIX, Handling, Settings, SettingsError

__all__ = [
    "CANONICAL",
    "LOOPBACK",
    "PREFIX",
    "Handling",
    "Settings",
    "SettingsError",
    "load_settings",
    "load_with_sources",
]
