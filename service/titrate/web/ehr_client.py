"""Clients for the EHR that end with the request: nobody waits for an answer that nobody takes any more."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from titrate.ehr.client import EHR
from titrate.ehr.client_policy import client_policy
from titrate.event_log import EventLog
from titrate.settings import Settings
from titrate.web.errors import Problem


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment, on the machine's own monotonic clock, after which a request is given up."""

    moment: float

    @property
    def over(self) -> bool:
        """Whether there is no time left."""
        return time.monotonic() >= self.moment

    @property
    def left(self) -> float:
        """Seconds that are left. Raises Problem when there are none."""
        seconds = self.moment - time.monotonic()
        if seconds <= 0:
            raise Problem("out-of-time")
        return seconds

    def sleep(self, seconds: float) -> None:
        """Wait; at once out of time where the wait would not end before the moment."""
        if seconds >= self.left:
            raise Problem("out-of-time")
        time.sleep(seconds)


def deadline(seconds: float) -> Deadline:
    """So many seconds from now."""
    return Deadline(time.monotonic() + seconds)


class TimedSession(requests.Session):
    """A session whose timeouts end with the deadline."""

    def __init__(self, until: Deadline) -> None:
        super().__init__()
        self.until = until
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(max_retries=Retry(total=0, read=False)))

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send, waiting no longer than there is time."""
        connect, read = kwargs["timeout"]
        left = self.until.left
        kwargs["timeout"] = (min(connect, left), min(read, left))
        return super().send(request, **kwargs)


def timed(settings: Settings, journal: EventLog, until: Deadline) -> EHR:
    """A client for the EHR of the settings. Raises Problem where none is set."""
    if not settings.fhir_url:
        raise Problem("no-ehr")
    manners = replace(client_policy(settings), sleep=until.sleep)
    return EHR(settings.fhir_url, TimedSession(until), manners, settings.token, journal)
