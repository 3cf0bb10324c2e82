"""Many small synthetic patients, copied from one fixture under new ids."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.project.sources import ROOT
from titrate.json_codec import loads

STORY = ROOT / "fixtures" / "patients" / "pain-scores-alone"
AT = datetime.fromisoformat(json.loads((STORY / "expected.json").read_text(encoding="utf-8"))["at"])
# Few by default, so that the suite is quick; continuous integration sets 200.
COUNT = max(24, int(os.environ.get("TITRATE_TEST_PATIENTS", "24")))
KILLED = int(os.environ.get("TITRATE_TEST_KILLED", "30"))
GROUP = "enrolled"


def ids(count: int, kind: str = "crowd") -> list[str]:
    """The ids of one kind of patient, in order."""
    return [f"{kind}-{number:03}" for number in range(count)]


def group(members: list[str]) -> dict[str, Any]:
    """A Bundle with the Group of the enrolled patients."""
    listed = [{"entity": {"reference": f"Patient/{member}"}} for member in members]
    resource = {"resourceType": "Group", "id": GROUP, "type": "person", "actual": True, "member": listed}
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource}]}


def crowd(patients: list[str]) -> Iterator[dict[str, Any]]:
    """One Bundle per patient: the resources of the fixture with the ids and references of the new patient."""
    text = (STORY / "bundle.json").read_text(encoding="utf-8")
    names = {entry["resource"]["id"] for entry in json.loads(text)["entry"]}
    for patient in patients:
        yield loads(_renamed(text, names, patient).encode())


def _renamed(text: str, names: set[str], patient: str) -> str:
    for name in names:
        new = patient if name == STORY.name else f"{patient}-{name.removeprefix(STORY.name).strip('-')}"
        text = text.replace(f'"{name}"', f'"{new}"').replace(f'/{name}"', f'/{new}"')
    return text
