"""Each kind of patient on each server: written, read back as it was sent, and a second run writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest

from tests.contract.hand import written
from tests.contract.people import client, looked, moved_in, visited
from titrate.app.draft_lifecycle import Transition
from titrate.ehr.receipt import DeliveryOutcome

KINDS = [
    ("e1-baseline-set", Transition.WRITE_DRAFT, Transition.KEEP_DRAFT),
    ("e2-progress", Transition.WRITE_DRAFT, Transition.KEEP_DRAFT),
    ("several-exercises", Transition.WRITE_DRAFT, Transition.KEEP_DRAFT),
    ("e5-flare", Transition.WRITE_DRAFT, Transition.KEEP_DRAFT),
    ("units-mixed", Transition.WRITE_DRAFT, Transition.KEEP_DRAFT),
    ("nothing-known-yet", Transition.WRITE_DRAFT, Transition.KEEP_DRAFT),
    ("e3-hold", Transition.RECORD_DECISION, Transition.NOTHING),
    ("plan-set-by-a-person", Transition.RECORD_DECISION, Transition.NOTHING),
    ("red-flag", Transition.STOP, Transition.KEEP_DRAFT),
]


@pytest.mark.parametrize(("fixture", "first", "second"), KINDS, ids=[kind[0] for kind in KINDS])
def test_written_once(server_url: str, fixture: str, first: Transition, second: Transition) -> None:
    """The first run writes what it reports, the EHR holds what was sent, the second run writes nothing."""
    ehr = client(server_url)
    guest = moved_in(ehr, fixture)
    done = visited(ehr, guest)
    assert done.result.transition is first
    assert done.receipt is not None
    assert done.receipt.outcome is DeliveryOutcome.WRITTEN
    sent = [entry["resource"] for entry in done.result.bundle["entry"]]
    urls = [entry["fullUrl"] for entry in done.result.bundle["entry"]]
    places = dict(zip(urls, (str(one.reference) for one in done.receipt.entries), strict=True))
    for proposal, found in zip(sent, written(ehr, done.receipt), strict=True):
        assert differences(resolved(proposal, places), found) == []
    again = visited(ehr, guest)
    assert (again.result.transition, again.receipt) == (second, None)


def test_who_is_not_eligible_gets_nothing(server_url: str) -> None:
    """Under 18: nothing is sent, and the EHR holds nothing of the service afterwards."""
    ehr = client(server_url)
    guest = moved_in(ehr, "under-18")
    before = looked(ehr, guest).readings.resources
    done = visited(ehr, guest)
    assert (done.result.transition, done.receipt) == (Transition.NOTHING, None)
    assert looked(ehr, guest).readings.resources == before


def resolved(node: Any, places: Mapping[str, str]) -> Any:
    """What was sent, with the addresses that the server gave."""
    if isinstance(node, Mapping):
        return {key: resolved(item, places) for key, item in node.items()}
    if isinstance(node, list):
        return [resolved(item, places) for item in node]
    return places.get(node, node) if isinstance(node, str) else node


def differences(sent: Any, found: Any, path: str = "") -> list[str]:
    """Where the EHR shows another value than the one sent.

    What the server added is its own business, and so are `meta` and how it writes an apostrophe in a narrative.
    """
    if isinstance(sent, Mapping):
        if not isinstance(found, Mapping):
            return [path]
        return [
            place
            for key, item in sent.items()
            for place in differences(item, found.get(key), f"{path}.{key}")
            if key != "meta"
        ]
    if isinstance(sent, list):
        if not isinstance(found, list) or len(sent) != len(found):
            return [path]
        pairs = zip(sent, found, strict=True)
        return [place for at, (one, other) in enumerate(pairs) for place in differences(one, other, f"{path}[{at}]")]
    same = unescape(sent) == unescape(found) if isinstance(sent, str) and isinstance(found, str) else sent == found
    return [] if same else [path]
