"""Synthetic patients whose every id, name and text contains a word that must not appear elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from tests.cli.running import PATIENTS, moment
from tests.contract.people import Guest, renamed
from titrate.json_codec import loads

WORD = "Canary"
TEXTS = frozenset({"text", "display", "valueString", "family", "patientInstruction"})
FIXTURES = sorted(path.name for path in PATIENTS.iterdir() if (path / "bundle.json").is_file())
PERSON = {
    "name": [{"family": f"{WORD}-Family", "given": [f"{WORD}-Given"]}],
    "telecom": [{"system": "email", "value": f"{WORD}@mail.example"}],
    "address": [{"line": [f"1 {WORD} Street"], "city": f"{WORD}ville"}],
    "identifier": [{"system": "https://ehr.example/mrn", "value": f"{WORD}-MRN-1"}],
}


def canary(fixture: str) -> tuple[Guest, dict[str, Any]]:
    """A fixture's patient and Bundle with the word everywhere."""
    guest = Guest(f"{WORD}-{FIXTURES.index(fixture)}", fixture, datetime.fromisoformat(moment(fixture)))
    bundle = loads((PATIENTS / fixture / "bundle.json").read_bytes())
    entries = [{"resource": marked(renamed(entry["resource"], guest))} for entry in bundle["entry"]]
    for entry in entries:
        entry["resource"].update(extra(entry["resource"]))
    return guest, {"resourceType": "Bundle", "type": "collection", "entry": entries}


def marked(node: Any) -> Any:
    """A copy with the word in each text."""
    if isinstance(node, dict):
        return {key: f"{item} {WORD}" if key in TEXTS and isinstance(item, str) else marked(item)
                for key, item in node.items()}  # fmt: skip
    return [marked(item) for item in node] if isinstance(node, list) else node


def extra(resource: dict[str, Any]) -> dict[str, Any]:
    """What else a real record contains: personal details, and a note on each measurement."""
    if resource["resourceType"] == "Patient":
        return PERSON
    own = any("decision" in coding["code"] for coding in resource.get("code", {}).get("coding", ()))
    return {"note": [{"text": f"{WORD} slept badly"}]} if resource["resourceType"] == "Observation" and not own else {}


def files_with_word(place: Path) -> list[str]:
    """The files in a folder whose bytes contain the word."""
    return [path.name for path in sorted(place.rglob("*")) if path.is_file() and WORD.encode() in path.read_bytes()]
