"""`titrate plan` for a file and for an EHR, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from tests.cli.running import PATIENTS, ROOT, Done, moment, plan, process, titrate
from titrate.app.population.run_context import Lease
from titrate.json_codec import loads
from titrate.ledger.ledger import open_ledger
from titrate.sandbox.server import Sandbox

SCHEMA = json.loads((ROOT / "docs" / "schema" / "plan.schema.json").read_text(encoding="utf-8"))
SHOWN = ["e2-progress", "e5-flare", "red-flag", "nothing-known-yet", "bad-neighbours", "under-18"]
E2 = str(PATIENTS / "e2-progress" / "bundle.json")
AT = moment("e2-progress")


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    """An EHR with two patients."""
    with Sandbox() as sandbox:
        names = ("e2-progress", "nothing-known-yet")
        sandbox.fill([loads((PATIENTS / name / "bundle.json").read_bytes()) for name in names])
        yield sandbox.base_url


@pytest.mark.parametrize(("more", "code"), [(0, 0), (1, 2)])
def test_a_file_of_a_patient_has_at_most_8_mib(tmp_path: Path, more: int, code: int) -> None:
    """A larger one is rejected with the limit, before it is parsed."""
    written = Path(E2).read_bytes()
    file = tmp_path / "bundle.json"
    file.write_bytes(written + b" " * (8 * 1024 * 1024 - len(written) + more))
    done = titrate("plan", "--bundle", str(file), "--at", AT)
    assert done.code == code
    assert ("8388608" in done.err) is bool(more)


@pytest.mark.parametrize("fixture", SHOWN)
def test_json_is_one_object_as_documented(fixture: str) -> None:
    """Standard output is only the object, and standard error is empty."""
    done = plan(fixture, "--json")
    assert (done.code, done.err) == (0, "")
    jsonschema.validate(done.json, SCHEMA, format_checker=jsonschema.FormatChecker())
    expected = json.loads((PATIENTS / fixture / "expected.json").read_text(encoding="utf-8"))
    assert done.json["decision"]["rule"] == expected["decision"]["rule"]


@pytest.mark.parametrize("fixture", SHOWN)
def test_the_text_gives_decision_and_reasons(fixture: str) -> None:
    """Rule, outcome, a line for each dose, reasons, and the resources to write."""
    done, found = plan(fixture), plan(fixture, "--json").json
    assert done.code == 0
    assert f"Patient/{fixture}: {found['decision']['rule']}, " in done.out
    assert [one["exercise"] for one in found["decision"]["doses"] if f"{one['exercise']}: " not in done.out] == []
    assert [reason for reason in found["decision"]["reasons"] if reason not in done.out] == []
    assert "  to write: " in done.out


@pytest.mark.parametrize("fixture", ["e2-progress", "e5-flare", "red-flag"])
def test_explain_is_what_a_clinician_reads(fixture: str) -> None:
    """Plain text without markup, with the rule that decided."""
    done = plan(fixture, "--explain")
    assert (done.code, done.err) == (0, "")
    assert plan(fixture, "--json").json["decision"]["rule"] in done.out
    assert "<div" not in done.out
    assert len(done.out.splitlines()) > 5


def test_not_eligible_is_explained_too() -> None:
    """Without a plan, `--explain` shows the decision."""
    assert "D0, not eligible" in plan("under-18", "--explain").out


def test_nothing_is_written_for_a_patient_who_is_not_eligible() -> None:
    """The text does not claim that a plan exists."""
    assert "to write: nothing: no plan is made for this patient" in plan("under-18").out


def test_the_default_time_is_now() -> None:
    """The decision time is later than all data of the fixture."""
    done = titrate("plan", "--bundle", E2, "--json")
    assert done.code == 0
    assert done.json["at"] > AT


def test_a_preview_writes_nothing_and_write_writes_once(sandbox_url: str, tmp_path: Path) -> None:
    """In a separate process: only JSON on standard output, log lines on standard error."""

    def run(*options: str) -> Done:
        words = ("plan", "--patient", "e2-progress", "--at", AT, "--json", *options)
        return process(*words, fhir_url=sandbox_url, ledger=str(tmp_path / "l.sqlite"), log_form="json")

    assert "receipt" not in run().json
    first = run("--write")
    assert (first.code, first.json["receipt"]["outcome"]) == (0, "written")
    jsonschema.validate(first.json, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [json.loads(line)["code"] for line in first.err.splitlines()] != []
    assert "receipt" not in run("--write").json


def test_write_leaves_a_patient_of_another_run_alone(sandbox_url: str, tmp_path: Path) -> None:
    """Two commands at once would both find no Provenance of the draft, and each would write one."""
    patient = "nothing-known-yet"
    words = ("plan", "--patient", patient, "--at", moment(patient), "--json", "--write")
    start, long = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=36500)
    with closing(open_ledger(tmp_path / "l.sqlite")) as ledger:
        number = ledger.begin_run("sync", "0" * 64, start, start + long)
        assert Lease(ledger, number, long, lambda: start).claim(patient)
        busy = process(*words, fhir_url=sandbox_url, ledger=str(tmp_path / "l.sqlite"))
        assert (busy.code, busy.out) == (1, "")
        assert "Another run is processing this patient" in busy.err
        ledger.end_run(number, start, (1, 0))
    done = process(*words, fhir_url=sandbox_url, ledger=str(tmp_path / "l.sqlite"))
    assert (done.code, done.json["receipt"]["outcome"]) == (0, "written")


WRONG = {
    "neither file nor patient": ((), "--bundle"),
    "both": (("--bundle", E2, "--patient", "x"), "--bundle"),
    "a file cannot be written to": (("--bundle", E2, "--write"), "--patient"),
    "no such file": (("--bundle", "no-such-file.json"), "does not exist"),
    "a moment without offset": (("--bundle", E2, "--at", "2025-01-13T09:00:00"), "offset"),
    "no moment": (("--bundle", E2, "--at", "yesterday"), "2025-01-13T09:00:00"),
    "a moment before any calendar": (
        ("--bundle", E2, "--at", "0001-01-01T00:00:00+05:00"),
        "years 2000 and 2100",
    ),
    "no EHR": (("--patient", "x"), "TITRATE_FHIR_URL"),
    "json and words": (("--bundle", E2, "--json", "--explain"), "--explain"),
    "an unknown option": (("--bundel", E2), "--bundle"),
}


@pytest.mark.parametrize(("words", "expected"), WRONG.values(), ids=WRONG)
def test_a_usage_error_ends_with_2(words: tuple[str, ...], expected: str) -> None:
    """The message with advice is on standard error; standard output is empty."""
    done = titrate("plan", *words)
    assert (done.code, done.out) == (2, "")
    assert expected in done.err


def test_all_wrong_settings_are_reported() -> None:
    """Two mistakes are reported as two, with exit code 2."""
    done = titrate("plan", "--bundle", E2, zone="Nowhere", lookback_days="1")
    assert (done.code, done.out) == (2, "")
    assert "TITRATE_ZONE" in done.err
    assert "TITRATE_LOOKBACK_DAYS" in done.err


def test_an_unusable_ledger_is_a_settings_error(sandbox_url: str, tmp_path: Path) -> None:
    """The command stops before it sends anything."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    words = ("plan", "--patient", "e2-progress", "--at", AT, "--write")
    done = titrate(*words, fhir_url=sandbox_url, ledger=str(tmp_path / "file" / "ledger.sqlite"))
    assert (done.code, done.out) == (2, "")
    assert "TITRATE_LEDGER" in done.err
