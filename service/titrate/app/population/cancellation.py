"""Cooperative cancellation of a run: on a signal, or because continuing is pointless. Work in progress is completed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class StopReason(StrEnum):
    """Why a run stopped before it had processed every patient."""

    SIGNAL = "signal"
    TIME = "time"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    LEDGER = "ledger"


FATAL_REASONS = frozenset({StopReason.UNREACHABLE, StopReason.UNAUTHORISED})
MAX_CONSECUTIVE = 8


@dataclass(slots=True)
class Cancellation:
    """A one-way switch shared by the threads of a run. The first reason is kept.

    `wait` replaces `time.sleep`, so that a pause ends as soon as the run is cancelled.
    """

    reason: StopReason | None = None
    consecutive_failures: int = 0
    _event: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, reason: StopReason) -> None:
        """Cancel the run. Safe to call from a signal handler."""
        if self.reason is None:
            self.reason = reason
        self._event.set()

    @property
    def requested(self) -> bool:
        """Whether the run is cancelled."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, but wake up when the run is cancelled."""
        self._event.wait(seconds)

    def record_outcome(self, reason: str | None) -> None:
        """Count consecutive fatal failures and cancel at the limit: an EHR lost for many patients is lost for all."""
        with self._lock:
            if reason not in FATAL_REASONS:
                self.consecutive_failures = 0
                return
            self.consecutive_failures += 1
            if self.consecutive_failures >= MAX_CONSECUTIVE:
                self.request(StopReason(reason))
