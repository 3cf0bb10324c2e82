"""How we behave towards one EHR: how long we wait, how often we ask again, and how much we take."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from titrate.settings import Handling, Settings

FIRST_WAIT = 0.5
DAY = 86_400.0


def full_jitter(longest: float) -> float:
    """A wait of zero to `longest` seconds, so that many clients do not come back at the same moment."""
    return random.uniform(0, longest)  # noqa: S311 - spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class ClientPolicy:
    """Seconds, counts and bytes. `sleep` and `jitter` are arguments so that tests need not wait.

    `tries` counts the first one. `longest_wait` bounds one wait: a server that asks for more gets no further try now.
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
        """The wait after try number `turn` (from 1) when the server names none: jitter below 0.5 x 2^turn seconds."""
        return min(self.jitter(min(FIRST_WAIT * 2**turn, self.longest_wait)), self.longest_wait)


def client_policy(settings: Settings) -> ClientPolicy:
    """The policy that a site's settings ask for."""
    return ClientPolicy(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        max_pages=settings.max_pages,
        handling=settings.handling,
    )
