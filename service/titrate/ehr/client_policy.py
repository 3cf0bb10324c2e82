"""How the client treats one EHR: timeouts, retries, and limits of size."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from titrate.settings import Handling, Settings

FIRST_WAIT_SECONDS = 0.5
DAY_SECONDS = 86_400.0


def full_jitter(longest: float) -> float:
    """A wait of 0 to `longest` seconds, so that many clients do not retry at the same instant."""
    return random.uniform(0, longest)  # noqa: S311 - spreads load, guards nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPolicy:
    """Times in seconds, counts and bytes. `sleep` and `jitter` are arguments so that tests need not wait.

    `tries` includes the first. `longest_wait` limits one wait: a server that asks for more gets no further try.
    """

    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    tries: int = 4
    longest_wait: float = 30.0
    max_pages: int = 200
    max_bytes: int = 64 * 1024 * 1024
    page_size: int = 200
    handling: Handling = Handling.STRICT
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[float], float] = full_jitter

    def wait(self, turn: int) -> float:
        """Seconds after try number `turn` (from 1) without Retry-After: jitter below 0.5 x 2^turn."""
        return min(self.jitter(min(FIRST_WAIT_SECONDS * 2**turn, self.longest_wait)), self.longest_wait)


def client_policy(settings: Settings) -> ClientPolicy:
    """The policy of a site's settings."""
    return ClientPolicy(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        max_pages=settings.max_pages,
        handling=settings.handling,
    )
