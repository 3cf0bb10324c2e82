"""A client for tests: it never waits, and notes how long it would have waited."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import requests

from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy

# The base address for tests in which `responses` gives a single answer in place of a server.
BASE_URL = "https://ehr.example/fhir"


@dataclass(frozen=True, slots=True)
class Patience:
    """The waits that were asked of it, in seconds."""

    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Wait, on paper."""
        self.waits.append(seconds)


def client(base_url: str, patience: Patience | None = None, token: str | None = None, **policy: Any) -> EHR:
    """An EHR whose sleep is `patience` and whose jitter is the longest wait."""
    given = ClientPolicy(read_timeout=5.0, sleep=(patience or Patience()).sleep, jitter=lambda longest: longest)
    return EHR(base_url, requests.Session(), replace(given, **policy), token)
