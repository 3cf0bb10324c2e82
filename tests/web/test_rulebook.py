"""Mappings and questionnaires over HTTP."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

from tests.web.service import Service, serving, settings
from titrate.fhir.questionnaires import NAMES
from titrate.rulebook import load, standard_folder


def test_every_number_of_the_rulebook_is_returned(alone: Service) -> None:
    """With the digits of the mapping file."""
    returned = json.loads(alone.get("/v1/mappings").content, parse_float=Decimal)
    book = load()
    assert returned["digest"] == book.digest
    assert {name: one["value"] for name, one in returned["constants"].items()} == {
        name: one.value for name, one in book.constants.items()
    }


def test_the_mapping_files_on_disk_are_checked(tmp_path: Path) -> None:
    """A later mistake is reported, and the rulebook in use remains."""
    folder = tmp_path / "mappings"
    shutil.copytree(standard_folder(), folder)
    with serving(settings(tmp_path, mappings=folder)) as service:
        before = service.get("/v1/mappings/problems").json()
        (folder / "words.toml").write_text("alarm = [", encoding="utf-8")
        after = service.get("/v1/mappings/problems").json()
        still = service.get("/v1/mappings").status_code
    assert (before, still) == ({"problems": []}, 200)
    assert {one["file"] for one in after["problems"]} == {"words.toml"}


def test_questionnaires_are_fhir_resources(alone: Service) -> None:
    """All in one Bundle, each by its name."""
    response = alone.get("/v1/questionnaires")
    forms = [entry["resource"] for entry in response.json()["entry"]]
    assert response.headers["Content-Type"] == "application/fhir+json"
    assert [form["id"] for form in forms] == list(NAMES)
    assert [alone.get(f"/v1/questionnaires/{name}").json() for name in NAMES] == forms
    assert alone.get("/v1/questionnaires/another").json()["code"] == "not-found"
