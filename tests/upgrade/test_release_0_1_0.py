"""Plans and a ledger of release 0.1.0: read, approved and replaced by this one.

`fixtures/release-0.1.0/` holds what that release wrote about patients of the fixtures. The doses expected are those of
`expected.json`, which were worked out by hand.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.values import practitioner
from tests.plan_lifecycle.ehr_server import EhrServer
from titrate.app.draft_lifecycle import Transition
from titrate.clinical.values.plan import Dose
from titrate.ledger.ledger import open_ledger
from titrate.sandbox.server import Sandbox

Json = dict[str, Any]
FIXTURES = Path("fixtures")
WRITTEN = FIXTURES / "release-0.1.0"
NAMES = sorted(path.stem for path in WRITTEN.glob("*.json"))
DRAFTED = [name for name in NAMES if '"CarePlan"' in (WRITTEN / f"{name}.json").read_text(encoding="utf-8")]
DAY = timedelta(days=1)
KEPT = {Transition.KEEP_DRAFT, Transition.REPLACE_DRAFT}


def of_file(path: Path) -> Json:
    """A JSON file, with decimals."""
    found: Json = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return found


@pytest.fixture
def upgraded(request: pytest.FixtureRequest) -> Iterator[EhrServer]:
    """An EHR as release 0.1.0 left it for one patient."""
    name = request.getfixturevalue("name")
    with Sandbox() as sandbox:
        sandbox.fill([of_file(FIXTURES / "patients" / name / "bundle.json"), of_file(WRITTEN / f"{name}.json")])
        ehr_server = EhrServer(sandbox.base_url)
        ehr_server.put([practitioner()])
        yield ehr_server


def worked_out(name: str) -> tuple[datetime, dict[str, Dose | None]]:
    """When the fixture decides, and the dose of each exercise after approval."""
    expected = of_file(FIXTURES / "patients" / name / "expected.json")
    doses = {one["exercise"]: one["next"] for one in expected["decision"]["doses"]}
    return datetime.fromisoformat(expected["at"]), {key: value and _dose(value) for key, value in doses.items()}


def _dose(value: Json) -> Dose:
    load = value["load"]
    return Dose(Decimal(value["amount"]), value["unit"], value["sets"], None if load is None else Decimal(load))


def in_force(ehr_server: EhrServer, name: str, at: datetime) -> dict[str, Dose | None]:
    """The doses that a run reads."""
    return {state.exercise: state.dose for state in ehr_server.preview(name, at).plan.exercises}


@pytest.mark.parametrize("name", DRAFTED)
def test_a_run_after_the_upgrade_leaves_one_draft_with_the_same_doses(upgraded: EhrServer, name: str) -> None:
    """A draft is replaced where a sentence in it was reworded; the decision, its doses and the plan in force stay."""
    at, doses = worked_out(name)
    before = in_force(upgraded, name, at)
    assert upgraded.run(name, at).result.transition in KEPT
    assert upgraded.run(name, at).result.transition is Transition.KEEP_DRAFT
    assert in_force(upgraded, name, at) == before
    upgraded.approve(upgraded.draft(name), at + DAY)
    assert in_force(upgraded, name, at + DAY) == doses


@pytest.mark.parametrize("name", DRAFTED)
def test_a_draft_of_that_release_is_approved_unchanged(upgraded: EhrServer, name: str) -> None:
    """Its doses come into force, and a run a month later starts from them."""
    at, doses = worked_out(name)
    upgraded.approve(upgraded.draft(name), at + DAY)
    assert in_force(upgraded, name, at + DAY) == doses
    later = upgraded.run(name, at + 30 * DAY).result
    assert {state.exercise: state.dose for state in later.plan.exercises} == doses
    assert upgraded.active(name)["status"] == "active"


@pytest.mark.parametrize("name", ["red-flag"])
def test_an_alert_of_that_release_is_not_repeated(upgraded: EhrServer, name: str) -> None:
    """The Flag is known, and the exercise stays stopped."""
    at, _ = worked_out(name)
    flags = upgraded.names("Flag", name)
    assert flags
    assert upgraded.run(name, at).result.evaluation.decision.rule == "D1"
    assert upgraded.names("Flag", name) == flags


def test_a_ledger_of_that_release_opens(tmp_path: Path) -> None:
    """Its runs are listed, and a patient's receipt is found under the same key."""
    place = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(place)) as made:
        made.executescript((WRITTEN / "ledger.sql").read_text(encoding="utf-8"))
    with closing(open_ledger(place)) as ledger:
        assert len(ledger.runs()) == len(NAMES)
        (receipt,) = ledger.receipts(patient_key=ledger.patient_key("e2-progress"))
    entries = of_file(WRITTEN / "e2-progress.json")["entry"]
    written = {(entry["resource"]["resourceType"], entry["resource"]["id"]) for entry in entries}
    assert {(one.type, one.id) for one in receipt.entries} == written
