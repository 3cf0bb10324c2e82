"""The settings of a site, from environment variables and one TOML file, with all mistakes reported together.

No other package reads the environment.
"""

from __future__ import annotations

from titrate.settings.loader import load_settings, load_with_sources
from titrate.settings.values import PREFIX, Handling, Settings, SettingsError, is_loopback

__all__ = [
    "PREFIX",
    "Handling",
    "Settings",
    "SettingsError",
    "is_loopback",
    "load_settings",
    "load_with_sources",
]
