"""Everyone at once, on real servers: `titrate sync` twice, the second time without a write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import moment, titrate
from tests.contract.people import client, moved_in

FIXTURES = (
    "e1-baseline-set",
    "e2-progress",
    "e3-hold",
    "e5-flare",
    "nothing-known-yet",
    "red-flag",
    "tiny-dose",
    "under-18",
)
AT = max(moment(fixture) for fixture in FIXTURES)


@pytest.mark.timeout(300)
def test_a_second_run_over_everyone_writes_nothing(server_url: str, tmp_path: Path) -> None:
    """No patient fails, and the worklist is the same both times."""
    ehr = client(server_url)
    people = tmp_path / "ids.txt"
    people.write_text("\n".join(moved_in(ehr, fixture).id for fixture in FIXTURES), encoding="utf-8")
    words = ("sync", "--patients", str(people), "--at", AT, "--threads", "2", "--json")
    first, second = (
        titrate(*words, fhir_url=server_url, ledger=str(tmp_path / "ledger.sqlite"), log_level="error")
        for _ in range(2)
    )
    assert (first.code, first.json["failures"]) == (0, []), first.err
    assert first.json["patients"]["done"] == len(FIXTURES)
    assert first.json["created"] > len(FIXTURES)
    assert (second.code, second.json["created"]) == (0, 0)
    assert set(second.json["deliveries"]) == {"unchanged"}
    assert second.json["decisions"] == first.json["decisions"]
    assert second.json["worklist"] == first.json["worklist"]
