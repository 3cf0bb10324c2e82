"""An EHR client with the deadline of the request: no call outlasts the response that needs it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import requests

from titrate.ehr.client import EHR, connect
from titrate.ehr.client_policy import client_policy
from titrate.event_log import EventLog
from titrate.settings import Settings
from titrate.web.errors import Problem, ProblemType


@dataclass(frozen=True, slots=True)
class Deadline:
    """The instant, in seconds of the monotonic clock, after which a request is abandoned."""

    monotonic: float

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self.monotonic

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline. Raises Problem when it has passed."""
        seconds = self.monotonic - time.monotonic()
        if seconds <= 0:
            raise Problem(ProblemType.OUT_OF_TIME)
        return seconds

    def sleep(self, seconds: float) -> None:
        """Sleep. Raises Problem at once when the sleep would not end before the deadline."""
        if seconds >= self.seconds_left:
            raise Problem(ProblemType.OUT_OF_TIME)
        time.sleep(seconds)


def deadline_in(seconds: float) -> Deadline:
    """The deadline in `seconds` from now."""
    return Deadline(time.monotonic() + seconds)


class DeadlineSession(requests.Session):
    """A session whose timeouts end at the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self.deadline = deadline

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send, with timeouts no longer than the time that is left."""
        connect, read = kwargs["timeout"]
        left = self.deadline.seconds_left
        kwargs["timeout"] = (min(connect, left), min(read, left))
        return super().send(request, **kwargs)


def ehr_client(settings: Settings, event_log: EventLog, deadline: Deadline) -> EHR:
    """A client for the EHR of the settings. Raises Problem where none is configured."""
    if not settings.fhir_url:
        raise Problem(ProblemType.NO_EHR)
    policy = replace(client_policy(settings), sleep=deadline.sleep)
    return connect(settings, event_log, policy, DeadlineSession(deadline))
