"""How a run is asked to stop: by a signal, or because going on is of no use. What is in hand is finished."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

FATAL_REASONS = frozenset({"unreachable", "unauthorised"})
MAX_CONSECUTIVE = 8


@dataclass(slots=True)
class Cancellation:
    """A switch that is turned once. `reason` is a code, and the first one counts.

    Its `wait` takes the place of sleeping, so that nobody sits out a pause that no longer matters.
    """

    reason: str | None = None
    in_a_row: int = 0
    _event: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, reason: str) -> None:
        """Ask to stop. May be called from a signal handler."""
        if self.reason is None:
            self.reason = reason
        self._event.set()

    @property
    def asked(self) -> bool:
        """Whether to stop."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, but not beyond the moment when somebody asks to stop."""
        self._event.wait(seconds)

    def heed(self, reason: str | None) -> None:
        """Take note of a patient's failure, or of none: an EHR that is gone for many in a row is gone for all."""
        with self._lock:
            self.in_a_row = self.in_a_row + 1 if reason in FATAL_REASONS else 0
            if self.in_a_row >= MAX_CONSECUTIVE:
                self.ask(str(reason))
