"""Errors of the sandbox.

SandboxError
├── SandboxMissing  the third-party server is not installed
├── SandboxTimeout  the server did not start
└── SeedError       a Bundle cannot be stored
"""

from __future__ import annotations


class SandboxError(Exception):
    """Base of the errors of the sandbox."""


class SandboxMissing(SandboxError):
    """The third-party server is not installed."""


class SandboxTimeout(SandboxError):
    """The server did not start."""


class SeedError(SandboxError):
    """The input is not a Bundle, or a resource in it has no id."""
