"""`titrate cohort`: the files it writes, Bundles that other commands accept, and wrong use."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import titrate
from tests.project.sources import ROOT

SMALL = ("--people", "1", "--weeks", "2", "--kind", "responder", "--kind", "bad-devices")


def test_it_writes_the_report(tmp_path: Path) -> None:
    """cohort.html, cohort.json, and the table on the terminal; nothing else."""
    done = titrate("cohort", "--out", str(tmp_path / "new"), *SMALL)
    assert done.code == 0, done.err
    assert "0 unsafe steps found" in done.out
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["cohort.html", "cohort.json"]
    kinds = json.loads((tmp_path / "new" / "cohort.json").read_bytes())["kinds"]
    assert [one["kind"] for one in kinds] == ["responder", "bad-devices"]


def test_its_bundles_are_a_population_for_shadow(tmp_path: Path) -> None:
    """Each Bundle is evaluated at its last day; equal rulebooks give equal decisions."""
    assert titrate("cohort", "--out", str(tmp_path), "--fhir", *SMALL).code == 0
    rulebook = str(ROOT / "mappings")
    done = titrate("mappings", "shadow", rulebook, rulebook, "--population", str(tmp_path / "fhir"))
    assert done.code == 0, done.err
    assert "0 of 2 patients would be decided differently" in done.out


def test_a_site_may_try_its_own_numbers(tmp_path: Path) -> None:
    """The version of the rulebook in the report names them."""
    site = tmp_path / "site.toml"
    site.write_text(
        '[MIN_DAYS_AT_DOSE]\nvalue = 14\nby = "site lead"\non = 2025-01-02\nwhy = "slower here"\n', encoding="utf-8"
    )
    done = titrate(
        "cohort", "--out", str(tmp_path), "--overrides", str(site), "--people", "1", "--weeks", "1", "--kind", "flarer"
    )
    assert done.code == 0, done.err
    assert json.loads((tmp_path / "cohort.json").read_bytes())["rulebook"]["version"].endswith("+site")


def test_a_place_that_cannot_be_written_is_wrong_use(tmp_path: Path) -> None:
    """A file is in the place of the folder."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert (
        titrate(
            "cohort", "--out", str(tmp_path / "taken" / "new"), "--people", "1", "--weeks", "1", "--kind", "flarer"
        ).code
        == 2
    )
