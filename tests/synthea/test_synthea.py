"""Each of 20 Synthea patients through `titrate plan --bundle`: a decision with its reasons, and nothing invented."""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.running import ROOT, Done, titrate
from tests.contract.people import rules
from tests.validation.validator import Validator
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.read import read_patient
from titrate.fhir.validate import validate
from titrate.json_codec import loads

AT = "2026-11-25T12:00:00+00:00"
SCHEMA = json.loads((ROOT / "docs" / "schema" / "plan.schema.json").read_text(encoding="utf-8"))
COUNT = 20
EACH = pytest.mark.parametrize("number", range(COUNT))
# Types that give no reading and no refusal: the person, people and places around, and plans, which are read as plans.
NOT_READINGS = {"Patient", "Practitioner", "Organization", "Encounter", "CarePlan"}


@pytest.fixture(scope="session")
def files(fhir_packages: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The Bundles, in order of their names."""
    folder = tmp_path_factory.mktemp("synthea")
    with tarfile.open(fhir_packages / "synthea-r4-sample-20.tgz") as archive:
        archive.extractall(folder, filter="data")
    return tuple(sorted(folder.rglob("*.json")))


@pytest.fixture(scope="session")
def planned(files: tuple[Path, ...]) -> Callable[[int], Done]:
    """`titrate plan --bundle FILE --json` for the patient with this number, run once."""
    known: dict[int, Done] = {}

    def run(number: int) -> Done:
        if number not in known:
            known[number] = titrate("plan", "--bundle", str(files[number]), "--at", AT, "--json")
        return known[number]

    return run


def test_there_are_20(files: tuple[Path, ...]) -> None:
    """So that none is left out below."""
    assert len(files) == COUNT


@EACH
def test_a_decision_with_its_reasons(planned: Callable[[int], Done], number: int) -> None:
    """As documented, clean on both outputs; who is not eligible gets D0 and nothing is written."""
    done = planned(number)
    assert (done.code, done.err) == (0, "")
    jsonschema.validate(done.json, SCHEMA, format_checker=jsonschema.FormatChecker())
    decision = done.json["decision"]
    assert decision["reasons"]
    assert bool(done.json["plan"].get("entry")) is (decision["rule"] != "D0")


@EACH
def test_no_dose_is_invented(planned: Callable[[int], Done], number: int) -> None:
    """They hold no trial and no session: no dose, no order, and the plan asks for what is missing."""
    found = planned(number).json
    assert [one for one in found["decision"]["doses"] if one["current"] or one["next"]] == []
    kinds = Counter(entry["resource"]["resourceType"] for entry in found["plan"].get("entry", ()))
    assert kinds["ServiceRequest"] == 0
    assert found["sessions"] == []
    if found["decision"]["rule"] not in ("D0", "D1"):
        assert found["decision"]["asks"]


@EACH
def test_every_resource_is_accounted_for(files: tuple[Path, ...], planned: Callable[[int], Done], number: int) -> None:
    """Each is a reading, a refusal with its reason, or of a type that is read in another way; the counts agree."""
    resources, refusals = resources_of(loads(files[number].read_bytes()))
    result = read_patient(resources, rules().rulebook, rules().lookup, rules().site, datetime.fromisoformat(AT))
    used = {one.stamp.source.reference for one in result.readings}
    refused = {one.source.reference for one in (*refusals, *result.refusals)}
    left = [one for one in resources if f"{one['resourceType']}/{one['id']}" not in used | refused]
    assert {one["resourceType"] for one in left} <= NOT_READINGS
    found = planned(number).json
    assert sum(found["resources"].values()) == len(resources)
    assert found["readings"] == len(result.readings)
    assert len(found["refusals"]) + found["duplicates"] == len(refusals) + len(result.refusals)


@EACH
def test_what_would_be_written_is_valid(planned: Callable[[int], Done], number: int) -> None:
    """By our own checks."""
    assert validate(json.loads(planned(number).out, parse_float=Decimal)["plan"]) == ()


@pytest.mark.validator
@EACH
def test_the_reference_validator_finds_no_error(
    planned: Callable[[int], Done], validator: Validator, number: int
) -> None:
    """R4, and US Core 6.1.0 where it is claimed."""
    plan: dict[str, Any] = json.loads(planned(number).out, parse_float=Decimal)["plan"]
    assert validator.errors(plan) == ()
