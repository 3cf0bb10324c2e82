"""`titrate mappings shadow`: whose plan changes and how, with rises despite worse symptoms first."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import PATIENTS, moment, titrate
from tests.rulebook.editing import copied, edited, override, replaced, site_file
from titrate.app.compare_rulebooks import ComparisonCase, Concern, compare, difference, is_higher
from titrate.app.fetch_result import FetchResult
from titrate.app.pipeline import PlanningRules, plan_patient
from titrate.clinical.values.plan import Dose
from titrate.fhir.bundle_contents import resources_of
from titrate.fhir.site import Site
from titrate.fhir.transaction_entries import simulate
from titrate.json_codec import loads
from titrate.rulebook import load_with_lookup, standard_folder

CAREFUL = ("e2-progress", "e3-hold", "e4-reactive-deload", "conflicting-pain", "red-flag")


def rules(**numbers: str) -> PlanningRules:
    """The shipped rulebook with other numbers, even outside their range."""
    book, lookup = load_with_lookup()
    changed = {name: replace(book.constants[name], value=Decimal(value)) for name, value in numbers.items()}
    return PlanningRules(replace(book, constants={**book.constants, **changed}), lookup, Site())


def case(name: str, at: datetime | None = None) -> ComparisonCase:
    """A synthetic patient at the time of the story."""
    resources, refusals = resources_of(loads((PATIENTS / name / "bundle.json").read_bytes()))
    return ComparisonCase(name, resources, at or datetime.fromisoformat(moment(name)), refusals)


def shadow(other: Path, *names: str, options: tuple[str, ...] = ()) -> dict[str, Any]:
    """The command's JSON for some patients."""
    places = [str(PATIENTS / name) for name in names]
    command = ("mappings", "shadow", str(standard_folder()), str(other), "--population", *places, "--json", *options)
    done = titrate(*command)
    assert (done.code, done.err) == (0, "")
    return done.json


@pytest.fixture
def bolder(tmp_path: Path) -> Path:
    """A rulebook without the holds of several stories: two rising weeks, marginal sessions, an alarm word."""
    folder = copied(tmp_path / "bolder")
    edited(folder, "constants.toml", "WEEK_RISE_HOLD", "value", "1")
    edited(folder, "constants.toml", "PAIN_CEILING", "value", "6")
    edited(folder, "constants.toml", "N_SESS", "value", "2")
    replaced(folder, "words.toml", 'conflict = ["worst", "unbearable", "agony", ', "conflict = [")
    replaced(folder, "rulebook.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    return folder


def test_the_same_rulebook_changes_no_patient() -> None:
    """Every synthetic patient under the same rulebook twice."""
    every = [case(path.name) for path in sorted(PATIENTS.iterdir()) if (path / "bundle.json").is_file()]
    assert len(every) > 20
    assert compare(every, rules(), rules()) == ()


def carrying(resources: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The same with an open Flag of the service for red flag RF11, as an earlier run wrote it."""
    canonical, patient = Site().canonical, next(one["id"] for one in resources if one["resourceType"] == "Patient")
    flag = {
        "resourceType": "Flag", "id": "open-flag", "status": "active",
        "identifier": [{"system": f"{canonical}/identifier/resource", "value": "an-earlier-run"}],
        "code": {"coding": [{"system": f"{canonical}/CodeSystem/titrate", "code": "rf11"}]},
        "subject": {"reference": f"Patient/{patient}"}, "period": {"start": "2025-01-10T08:00:00Z"},
    }  # fmt: skip
    return [*resources, flag]


def test_an_open_flag_decides_in_the_comparison_as_in_a_run() -> None:
    """e2-progress with an open Flag of the service: D1 under both rulebooks and in a run, not D10."""
    plain = case("e2-progress")
    flagged = replace(plain, resources=carrying(plain.resources))
    assert (
        plan_patient(FetchResult(flagged.resources, flagged.refusals), rules(), flagged.at).evaluation.decision.rule
        == "D1"
    )
    found = difference(flagged, rules(), rules(STEP_PCT="0.14"))
    assert found is None
    assert difference(plain, rules(), rules(N_SESS="4")) is not None
    assert difference(flagged, rules(), rules(N_SESS="4")) is None


def test_a_decision_taken_in_the_ehr_counts_in_the_comparison() -> None:
    """A draft that a clinician activated in the EHR is the plan in force under both rulebooks: 16 minutes, not 15."""
    plain = case("e2-progress")
    drafted = simulate(
        plain.resources, plan_patient(FetchResult(plain.resources, plain.refusals), rules(), plain.at).bundle["entry"]
    )
    active = [
        {**one, "status": "active"} if one["resourceType"] == "CarePlan" and one["status"] == "draft" else one
        for one in drafted
    ]
    later = ComparisonCase("e2-progress", active, plain.at + timedelta(days=1))
    assert plan_patient(FetchResult(active), rules(), later.at).status_changes
    found = difference(later, rules(), rules(LIGHT_WEEK_AFTER_DAYS="1"))
    assert found is not None
    current = {moved.exercise: moved.current for moved in found.doses}
    assert current["walking"] == Dose(Decimal(16), "min")


def test_a_rise_despite_worse_symptoms_comes_first(bolder: Path) -> None:
    """Contradictory reports held the plan; the other rulebook raises the dose, which is listed first."""
    found = shadow(bolder, *CAREFUL)
    assert (found["decided"], found["unusable"]) == (len(CAREFUL), [])
    concerns = [one["concern"] for one in found["differences"]]
    assert concerns == sorted(concerns, key=lambda text: Concern[text.upper().replace("-", "_")])
    first = found["differences"][0]
    assert (first["name"], first["concern"]) == ("conflicting-pain", "rise-despite-symptoms")
    assert (first["before"], first["after"]) == ("D5, hold and review", "D10, progress")
    assert first["doses"][0]["exercise"] == "walking"
    assert first["doses"][0]["before"]["amount"] < first["doses"][0]["after"]["amount"]
    assert any("reports disagree" in symptom for symptom in first["symptoms"])


def test_the_text_begins_with_what_to_review(bolder: Path) -> None:
    """Both versions, the number of changed patients, and the heading come first."""
    place = str(PATIENTS)
    done = titrate("mappings", "shadow", str(standard_folder()), str(bolder), "--population", place)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("A is 0.1.0 (digest ")
    assert "B is 0.2.0" in lines[0]
    assert lines[3].startswith("LOOK AT THESE FIRST: a dose goes up although symptoms are worse")
    assert "conflicting-pain" in lines[4]
    assert any(line.strip().startswith("worse: ") for line in lines)


@pytest.mark.parametrize(
    ("numbers", "name", "concern"),
    [
        ({"N_SESS": "4"}, "e2-progress", Concern.LOWER),
        ({"STEP_PCT": "0.14"}, "e2-progress", Concern.RISE),
        ({"REACTIVE_DELOAD": "0.90"}, "e4-reactive-deload", Concern.HIGHER_DESPITE_SYMPTOMS),
        ({"REACTIVE_DELOAD": "0.60"}, "e4-reactive-deload", Concern.LOWER),
        ({"CEILING_USUAL_FROM": "9"}, "e1-baseline-set", Concern.OTHER),
    ],
)
def test_changes_are_sorted_by_concern(numbers: dict[str, str], name: str, concern: Concern) -> None:
    """From the most concerning to a lower dose."""
    found = difference(case(name), rules(), rules(**numbers))
    assert found is not None
    assert found.concern is concern


def test_the_opposite_change_is_no_rise() -> None:
    """A dose that is higher in one order is lower in the other."""
    forth = difference(case("e2-progress"), rules(), rules(STEP_PCT="0.14"))
    back = difference(case("e2-progress"), rules(STEP_PCT="0.14"), rules())
    assert forth is not None
    assert back is not None
    assert (forth.concern, back.concern) == (Concern.RISE, Concern.LOWER)
    assert [(d.before, d.after) for d in forth.doses] == [(d.after, d.before) for d in back.doses]


def test_a_flag_that_is_no_longer_opened_is_named(tmp_path: Path) -> None:
    """A flag with urgency E2 no longer stops exercise: a dose is restored, and the open flag is the symptom."""
    other = copied(tmp_path / "other")
    edited(other, "red-flags.toml", "rf01", "urgency", '"E2"')
    (one,) = shadow(other, "red-flag")["differences"]
    assert one["before"].startswith("D1")
    assert any("RF01, cauda equina signs (E2, within two working days)" in mark for mark in one["marks"])
    assert "open flag RF01, cauda equina signs" in one["symptoms"]
    assert one["concern"].endswith("despite-symptoms")


DOSES = [
    (None, Dose(Decimal(5), "min"), False),
    (Dose(Decimal(5), "min"), None, True),
    (Dose(Decimal(6), "min"), Dose(Decimal(5), "min"), True),
    (Dose(Decimal(5), "min"), Dose(Decimal(5), "min"), False),
    (Dose(Decimal(8), "{repetitions}", 1, Decimal(42)), Dose(Decimal(30), "{repetitions}", 3, Decimal(40)), True),
    (Dose(Decimal(30), "{repetitions}", 3, Decimal(40)), Dose(Decimal(8), "{repetitions}", 1, Decimal(42)), False),
    (Dose(Decimal(5), "min"), Dose(Decimal(90), "s"), True),
]


@pytest.mark.parametrize(("dose", "other", "higher"), DOSES)
def test_which_dose_is_higher(dose: Dose | None, other: Dose | None, higher: bool) -> None:
    """By load, then by amount; no dose is lowest; doses that cannot be compared count as higher."""
    assert is_higher(dose, other) is higher


def test_the_time_of_decision_can_be_given() -> None:
    """A month later the decision differs; by default each story's own time counts."""
    later = datetime.fromisoformat(moment("e2-progress")) + timedelta(days=30)
    assert difference(case("e2-progress", later), rules(), rules(STEP_PCT="0.14")) is None


def test_a_sites_numbers_can_be_tried(tmp_path: Path) -> None:
    """One folder on both sides, with a site's file over the second."""
    path = site_file(tmp_path, override("N_SESS", "4"))
    found = shadow(standard_folder(), "e2-progress", options=("--overrides-b", str(path)))
    assert (found["a"]["version"], found["b"]["version"]) == ("0.1.0", "0.1.0+site")
    assert [one["concern"] for one in found["differences"]] == ["lower"]
    at_another_time = shadow(standard_folder(), "e2-progress", options=("--at", "2025-03-13T09:00:00Z"))
    assert at_another_time["differences"] == []


def no_bundle(path: Path) -> None:
    path.write_text("{}", encoding="utf-8")


def not_json(path: Path) -> None:
    path.write_text("a secret word", encoding="utf-8")


def two_patients(path: Path) -> None:
    entries = [{"resource": {"resourceType": "Patient", "id": name}} for name in ("one", "two")]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}), encoding="utf-8")


@pytest.mark.parametrize("spoil", [no_bundle, not_json, two_patients])
def test_an_unusable_file_is_named_and_the_others_are_compared(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    """Exit code 1, with the file name and none of its content."""
    shutil.copytree(PATIENTS / "e2-progress", tmp_path / "people" / "e2-progress")
    spoil(tmp_path / "people" / "broken.json")
    folder = str(standard_folder())
    done = titrate("mappings", "shadow", folder, folder, "--population", str(tmp_path / "people"))
    assert done.code == 1
    assert "0 of 1 patients" in done.out
    assert "broken.json" in done.err
    assert "secret" not in done.err


def test_an_invalid_rulebook_is_not_compared(bolder: Path) -> None:
    """Exit code 2 and its problems; no patient is decided."""
    edited(bolder, "constants.toml", "RPE_CAP", "value", "9")
    done = titrate("mappings", "shadow", str(standard_folder()), str(bolder), "--population", str(PATIENTS))
    assert (done.code, done.out) == (2, "")
    assert "RPE_CAP" in done.err
