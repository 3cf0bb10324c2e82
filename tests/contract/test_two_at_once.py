"""Two runs at the same moment on one patient leave one plan in the EHR."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.contract.people import Guest, client, looked, moved_in, visited
from tests.contract.site import headers
from titrate.app.draft_lifecycle import Transition
from titrate.app.fetch_and_deliver import DeliveredPlan

SECONDS = 60
SERVICE_SYSTEMS = "https://titrate.example/fhir/identifier/"


class Together(HTTPAdapter):
    """Holds the first transaction of a session back until the other session is about to send its own."""

    def __init__(self, base_url: str, barrier: Barrier) -> None:
        super().__init__()
        self.base_url = base_url
        self.waiting: Barrier | None = barrier

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Wait before the first POST to the base."""
        if request.method == "POST" and request.url == self.base_url and self.waiting is not None:
            barrier, self.waiting = self.waiting, None
            barrier.wait(SECONDS)
        return super().send(request, *args, **kwargs)


def run(base_url: str, guest: Guest, barrier: Barrier) -> DeliveredPlan:
    """One run that has read everything before either of the two writes."""
    session = requests.Session()
    session.mount(base_url, Together(base_url, barrier))
    return visited(client(base_url, session), guest)


@pytest.mark.parametrize("fixture", ["e2-progress", "nothing-known-yet", "red-flag", "e3-hold"])
def test_two_runs_leave_one_plan(server_url: str, fixture: str) -> None:
    """Both read, then both write; neither fails, nothing is there twice, and a third run is silent."""
    guest = moved_in(client(server_url), fixture)
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(run, server_url, guest, barrier) for _ in range(2)]
    for done in both:
        assert done.result().result.transition in (*Transition,)
    made = Counter(entry.reference for done in both for entry in _created(done.result()))
    assert set(made.values()) == {1}
    third = visited(client(server_url), guest)
    assert third.receipt is None
    assert len(third.result.plan.drafts) == (0 if fixture == "e3-hold" else 1)
    assert doubles(server_url, guest) == []


def _created(done: DeliveredPlan) -> list[Any]:
    return [entry for entry in done.receipt.entries if entry.status == 201] if done.receipt else []


def doubles(base_url: str, guest: Guest) -> list[str]:
    """The service's identifiers that two resources of the patient share, except the series."""
    result = looked(client(base_url), guest)
    assert result.readings.person.id == guest.id
    found: Counter[str] = Counter()
    for kind in ("CarePlan", "ServiceRequest", "Goal", "Observation", "Task", "Flag"):
        query = f"{base_url}/{kind}?patient={guest.id}&_count=200"
        answer = requests.get(query, headers=headers(), timeout=SECONDS).json()
        for entry in answer.get("entry", ()):
            named = entry["resource"].get("identifier", ())
            found.update(
                f"{one['system']}|{one['value']}"
                for one in named
                if one["system"].startswith(SERVICE_SYSTEMS) and not one["system"].endswith("plan-series")
            )
    return [name for name, count in found.items() if count > 1]
