"""`titrate mappings diff` reports every kind of change, and only changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import titrate
from tests.rulebook.editing import copied, edited, override, replaced, site_file
from titrate.rulebook import read_mappings, standard_folder
from titrate.rulebook.diff import Change, differences


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A second rulebook, to be edited."""
    return copied(tmp_path / "other")


def reported(other: Path) -> list[str]:
    """The differences that the command prints, without heading and count."""
    done = titrate("mappings", "diff", str(standard_folder()), str(other))
    assert (done.code, done.err) == (0, "")
    return [line.strip() for line in done.out.splitlines() if line.startswith("  ")]


def test_the_same_files_do_not_differ(other: Path) -> None:
    """A comment changes the digest but not the rules."""
    folder = str(standard_folder())
    assert "The files are the same" in titrate("mappings", "diff", folder, str(other)).out
    replaced(other, "constants.toml", "# Clinical numbers", "# The clinical numbers")
    assert "only comments or layout" in titrate("mappings", "diff", folder, str(other)).out


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("STEP_PCT", "0.15", "0.10 -> 0.15, less careful (Step of a rise, as part of the current dose)"),
        ("N_SESS", "4", "3 -> 4, more careful (Consecutive tolerated sessions at the dose that a rise needs)"),
        ("TIME_UNIT", "2", "1 -> 2 (Unit of minutes)"),
    ],
)  # fmt: skip
def test_a_number_is_reported_with_its_direction(other: Path, name: str, value: str, words: str) -> None:
    """Old and new value, whether the new one is more careful, and what the number is used for."""
    edited(other, "constants.toml", name, "value", value)
    assert reported(other) == [f"Number {name}: {words}"]


@pytest.mark.parametrize(
    ("file", "name", "change", "words"),
    [
        ("constants.toml", "STEP_PCT", ("high", "0.15"), "Number STEP_PCT: high 0.20 -> 0.15"),
        ("red-flags.toml", "rf02", ("urgency", '"E1"'), "Red flag rf02: urgency E0 -> E1, less careful"),
        ("red-flags.toml", "rf03", ("urgency", '"E0"'), "Red flag rf03: urgency E1 -> E0, more careful"),
        ("red-flags.toml", "rf03", ("short", "true"), "Red flag rf03: short no -> yes"),
        ("exercises.toml", "walking", ("instruction", '"Walk on."'), 'Exercise walking: instruction "'),
        ("exercises.toml", "leg-press", ("range_high", "15"), "Exercise leg-press: range high 12 -> 15"),
        ("measures.toml", "pain-morning", ("high", "11"), "Measure pain-morning: high 10 -> 11"),
    ],
)
def test_other_values_are_reported(other: Path, file: str, name: str, change: tuple[str, str], words: str) -> None:
    """One line for one key, with both values."""
    edited(other, file, name, *change)
    (line,) = reported(other)
    assert line.startswith(words)


def test_lists_are_reported_by_added_and_removed_items(other: Path) -> None:
    """The whole list is not repeated."""
    replaced(other, "measures.toml", 'code = "72514-3"', 'code = "38208-5"')
    replaced(other, "words.toml", '"suicidal", ', "")
    replaced(other, "words.toml", '"worst", ', '"worst", "hellish", ')
    replaced(other, "programmes/general.toml", "stop = [", 'stop = ["Stop when dizzy.", ')
    lines = reported(other)
    assert "Words: alarm lost suicidal, less careful" in lines
    assert "Words: conflict gained hellish, more careful" in lines
    assert 'Programme general: stop gained "Stop when dizzy."' in lines
    assert any(line.startswith("Measure pain-morning: codes gained") and "38208-5" in line for line in lines)
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('"foot drop", ', "", 'screen rf02 english lost "foot drop", less careful'),
        ('"foot drop", ', '"foot drop", "limp foot", ', 'screen rf02 english gained "limp foot", more careful'),
        ('"never", "without"', '"never", "hardly", "without"', "negations english before gained hardly, less careful"),
        ('"never", "without"', '"without"', "negations english before lost never, more careful"),
        ('"until", ', "", "negations english unless lost until, less careful"),
    ],
)
def test_words_of_alarm_are_reported_with_their_direction(other: Path, before: str, after: str, line: str) -> None:
    """A phrase more is more careful, and a negation more is less careful."""
    replaced(other, "words.toml", before, after)
    assert reported(other) == [f"Words: {line}"]


def test_a_language_is_reported(other: Path) -> None:
    """A new list is more careful as a whole."""
    replaced(other, "words.toml", "[screen.rf02]\n", '[screen.rf02]\nfrench = ["pied tombant"]\n')
    (line,) = reported(other)
    assert line.startswith("Words: screen rf02 french")
    assert "more careful" in line


def test_new_and_removed_entries(other: Path) -> None:
    """A whole entry is one line."""
    replaced(other, "exercises.toml", "[row]\n", "[rowing]\n")
    assert reported(other) == ["Exercise row is removed", "Exercise rowing is new"]


def test_both_directions_mirror_each_other(other: Path) -> None:
    """A change that is more careful one way is less careful the other way, and none is lost."""
    edited(other, "constants.toml", "RPE_CAP", "value", "5")
    edited(other, "red-flags.toml", "rf16", "question", '"Is it so?"')
    here, there = read_mappings().tables, read_mappings(other).tables
    forth, back = differences(here, there), differences(there, here)
    mirrored = [Change(c.file, c.name, c.key, c.after, c.before, about=c.about) for c in back]
    plain = [Change(c.file, c.name, c.key, c.before, c.after, about=c.about) for c in forth]
    assert mirrored == plain
    assert {str(c.effect) for c in (*forth, *back)} == {"less careful", "more careful", "None"}


def test_two_rulebooks_with_one_version_cause_a_warning(other: Path) -> None:
    """The warning ends when the version is raised."""
    edited(other, "constants.toml", "RPE_CAP", "value", "5")
    command = ("mappings", "diff", str(standard_folder()), str(other))
    assert "Both have version 0.1.0" in titrate(*command).out
    replaced(other, "rulebook.toml", "0.1.0", "0.2.0")
    assert "Both have the version" not in titrate(*command).out


def test_a_sites_numbers_can_be_applied(tmp_path: Path) -> None:
    """One folder against itself with a site's file: only the site's numbers and the version differ; as JSON too."""
    folder, path = str(standard_folder()), str(site_file(tmp_path, override("N_SESS", "5")))
    found = titrate("mappings", "diff", folder, folder, "--overrides-b", path, "--json").json
    assert found["b"]["version"] == "0.1.0+site"
    values = [
        (c["name"], c["key"], c["before"], c["after"], c["effect"]) for c in found["changes"] if c["key"] == "value"
    ]
    assert values == [("N_SESS", "value", 3, 5, "more careful")]
    assert {c["key"] for c in found["changes"]} == {"value", "source", "grade", "version"}


def test_a_rulebook_with_mistakes_is_not_compared(other: Path) -> None:
    """The problems and their folder are reported with exit code 2."""
    edited(other, "constants.toml", "RPE_CAP", "value", "9")
    done = titrate("mappings", "diff", str(standard_folder()), str(other))
    assert (done.code, done.out) == (2, "")
    assert "RPE_CAP" in done.err
    assert str(other) in done.err
