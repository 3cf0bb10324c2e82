"""A client for tests that never sleeps and records how long it would have waited."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import requests

from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy

# The base address for tests in which `responses` gives a single answer in place of a server.
BASE_URL = "https://ehr.example/fhir"


@dataclass(frozen=True, slots=True)
class RecordedSleep:
    """The waits, in seconds."""

    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Record the wait."""
        self.waits.append(seconds)


def client(base_url: str, sleep: RecordedSleep | None = None, token: str | None = None, **policy: Any) -> EHR:
    """A client that sleeps on `sleep` and whose jitter is the longest wait."""
    default = ClientPolicy(read_timeout=5.0, sleep=(sleep or RecordedSleep()).sleep, jitter=lambda longest: longest)
    return EHR(base_url, requests.Session(), replace(default, **policy), token)
