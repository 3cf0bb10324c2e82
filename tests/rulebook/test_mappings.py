"""Mapping files: the shipped ones are valid, and every problem in a file is reported at once."""

from __future__ import annotations

import shutil
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from titrate.clinical.values.quantity import known
from titrate.clinical.values.rulebook import Domain, Urgency
from titrate.rulebook import InvalidMappings, check, load, load_lookup, load_with_lookup, standard_folder
from titrate.rulebook.errors import MappingProblem

SHORT = {"rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19"}
LIBRARY = {
    "walking", "cycling", "pool-walking", "sit-to-stand", "leg-press", "step-up", "heel-raise", "scaption", "row",
    "mobility-routine", "balance-stance", "lift-and-carry",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the mappings to edit."""
    return Path(shutil.copytree(standard_folder(), tmp_path / "mappings"))


def edited_problems(folder: Path, file: str, *changes: tuple[str, str]) -> tuple[MappingProblem, ...]:
    """The problems after replacing text in a file, each replacement once."""
    path = folder / file
    content = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in content
        content = content.replace(before, after, 1)
    path.write_text(content, encoding="utf-8")
    return check(folder)


def test_the_shipped_mappings_are_valid() -> None:
    """There is no problem in the shipped files."""
    assert check() == ()


def test_their_content() -> None:
    """All flags, the short screen, the library, a programme, and units that convert."""
    rulebook = load()
    assert set(rulebook.flags) == {f"rf{number:02}" for number in range(1, 28)}
    assert {name for name, flag in rulebook.flags.items() if flag.short} == SHORT
    assert rulebook.flags["rf16"].urgency is Urgency.B
    assert set(rulebook.exercises) >= LIBRARY
    leg_press = rulebook.exercises["leg-press"]
    assert (leg_press.domain, leg_press.loaded) == (Domain.STRENGTH, True)
    assert leg_press.increment == 2
    assert (leg_press.range_low, leg_press.target, leg_press.range_high) == (8, 10, 12)
    programme = rulebook.programmes["general"]
    assert {one.exercise: one.weekly_frequency for one in programme.exercises} == {"walking": 5, "sit-to-stand": 2}
    assert rulebook.numbers.pain_ceiling == 5
    assert all(known(measure.unit) for measure in rulebook.measures.values() if measure.unit)


def test_decimals_are_as_written() -> None:
    """A constant keeps its zeros: 0.80 is not 0.8."""
    assert str(load().numbers.start_factor) == "0.80"
    assert isinstance(load().numbers.rpe_cap, Decimal)


def test_every_session_part_has_its_measure() -> None:
    """Each unit of amounts in the library has a plausible range."""
    rulebook = load()
    for exercise in rulebook.exercises.values():
        assert rulebook.measures[f"amount.{exercise.amount_unit}"].unit == exercise.amount_unit


def test_texts_never_reassure() -> None:
    """No text for patients or clinicians calls a symptom harmless or promises an outcome."""
    paths = [path for path in standard_folder().rglob("*.toml") if path.name not in ("words.toml", "hazards.toml")]
    texts = str([tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]).lower()
    banned = ["harmless", "you are fine", "nothing to worry", "is safe to", "guarantee", "will heal", "no need to see"]
    assert [phrase for phrase in banned if phrase in texts] == []


def test_the_canonical_base_expands_local_codes() -> None:
    """Local codes belong to the code system of the site."""
    lookup = load_lookup(canonical="https://site.example/fhir")
    assert lookup.codes[""]["https://site.example/fhir/CodeSystem/titrate", "fatigue-nrs"] == "fatigue-morning"
    assert ("https://site.example/fhir/CodeSystem/titrate", "walking") in lookup.exercises


def test_the_digest_follows_every_byte(folder: Path) -> None:
    """The same files have the same digest; another comment or file name changes it."""
    assert load(folder).digest == load().digest
    path = folder / "words.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    changed = load(folder).digest
    (folder / "programmes" / "general.toml").rename(folder / "programmes" / "other.toml")
    assert len({load().digest, changed, load(folder).digest}) == 3


def test_three_mistakes_are_three_problems(folder: Path) -> None:
    """A wrong range, a wrong unit and an unknown key in one file are three problems, each with its key."""
    problems = edited_problems(
        folder,
        "constants.toml",
        ("value = 5\n", "value = 50\n"),
        ('unit = "h"', 'unit = "hours"'),
        ("[FATIGUE_OK]\n", '[FATIGUE_OK]\ncolour = "red"\n'),
    )
    assert [(one.file, one.key) for one in problems] == [
        ("constants.toml", "FATIGUE_OK.colour"),
        ("constants.toml", "LATE_HOURS.unit"),
        ("constants.toml", "PAIN_CEILING.high"),
    ]


def test_mistakes_of_one_table_do_not_hide_each_other(folder: Path) -> None:
    """A wrong field and a wrong order in the same table are both reported."""
    problems = edited_problems(
        folder, "constants.toml", ("low = 2\nhigh = 7", "low = 8\nhigh = 7"), ('grade = "A"', 'grade = "Z"')
    )
    assert [one.key for one in problems] == ["PAIN_CEILING.grade", "PAIN_CEILING.value"]


def test_all_files_are_reported_together(folder: Path) -> None:
    """Broken TOML in one file hides no problem in another, and loading raises all of them."""
    (folder / "words.toml").write_text("alarm = [\n", encoding="utf-8")
    (folder / "medicines.toml").unlink()
    (folder / "extra.toml").write_text("", encoding="utf-8")
    edited_problems(folder, "exercises.toml", ("increment = 2\n", ""))
    with pytest.raises(InvalidMappings) as caught:
        load_with_lookup(folder)
    assert [one.file for one in caught.value.problems] == [
        "exercises.toml",
        "extra.toml",
        "medicines.toml",
        "words.toml",
    ]
    assert str(caught.value).count("\n") == 4


@pytest.mark.parametrize(
    ("file", "before", "after", "key"),
    [
        ("measures.toml", 'code = "72514-3"', 'code = "72514-4"', "pain-morning.codes[0].code"),
        ("measures.toml", 'code = "444680009"', 'code = "444680008"', "timed-up-and-go.codes[0].code"),
        ("measures.toml", 'code = "mood-nrs"', 'code = "fatigue-nrs"', "mood.codes[0].code"),
        ("measures.toml", 'units = ["min"]', 'units = ["kg"]', "sleep-hours.units[0]"),
        ("measures.toml", 'unit = "h"', 'unit = "hours"', "sleep-hours.unit"),
        ("measures.toml", 'outside = "pain-other"', 'outside = "pain-evening"', "pain-morning.outside"),
        ("measures.toml", 'system = "loinc"', 'system = "lonic"', "pain-morning.codes[0].system"),
        ("measures.toml", 'kind = "number"', 'kind = "float"', "pain-morning.kind"),
        ("measures.toml", 'daily-check-in = "mood"', 'weekly = "mood"', "mood.form.weekly"),
        ("measures.toml", 'options = ["none", "minor", "major"]\n', "", "stressor.options"),
        ("exercises.toml", "target = 10", "target = 20", "leg-press.range_high"),
        ("exercises.toml", 'domain = "aerobic"', 'domain = "cardio"', "walking.domain"),
        ("exercises.toml", "[walking]\n", "walking = 3\n[jogging]\n", "walking"),
        ("programmes/general.toml", 'exercise = "walking"', 'exercise = "running"', "exercises[0].exercise"),
        ("programmes/general.toml", '"psfs"', '"joy"', "outcomes[0]"),
        ("red-flags.toml", "[rf27]", "[rf28]", "rf27"),
        ("red-flags.toml", 'urgency = "E0"', 'urgency = "E9"', "rf01.urgency"),
        ("conditions.toml", '"239873007"', '"239873008"', "knee-osteoarthritis.snomed[0]"),
        ("answers.toml", "LA6111-4 = 0", "LA6111-5 = 0", "numbers.loinc.LA6111-5"),
        ("answers.toml", "20 = 10", "20 = 11", "rpe.20.value"),
        ("rulebook.toml", 'version = "0.1.0"\n', "", "version"),
        ("words.toml", "alarm = [", "alarms = [", "alarms"),
        ("units.toml", '"minute", ', '"minute", "M", ', "min.spellings[1]"),
        ("units.toml", '"minute", ', '"minute", "m", ', "min.spellings[1]"),
        ("units.toml", '"minute", ', "'\"', ", "min.spellings[0]"),
        ("units.toml", '"minute", ', '"\u2032", ', "min.spellings[0]"),
        ("units.toml", '"minute", ', '"Hours", ', "h.spellings[1]"),
        ("units.toml", '"minute", ', '"km", ', "min.spellings[0]"),
        ("units.toml", '"minute", ', '"", ', "min.spellings[0]"),
        ("units.toml", "[min]", "[minutes]", "minutes"),
        ("units.toml", 'spellings = ["sec"', 'spelling = ["sec"', "s.spelling"),
        ("words.toml", "[screen.rf09]", "[screen.chest]", "screen.chest"),
        ("words.toml", '"foot drop"', '"... foot"', "screen.rf02.english[0]"),
        ("words.toml", '"foot drop"', '"foot *"', "screen.rf02.english[0]"),
        ("medicines.toml", 'words = ["ivabradine", ', 'words = ["", ', "ivabradine.words[0]"),
    ],
)  # fmt: skip
def test_each_mistake_names_its_key(folder: Path, file: str, before: str, after: str, key: str) -> None:
    """The problem names its key and says what to do."""
    problems = edited_problems(folder, file, (before, after))
    found = [one for one in problems if (one.file, one.key) == (file, key)]
    assert found, problems
    assert all(len(str(one.message)) > 5 for one in found)


def test_a_site_adds_a_spelling(folder: Path) -> None:
    """A spelling in the site's own folder is read; the problem of an ambiguous one says what to do."""
    assert edited_problems(folder, "units.toml", ('"minute", ', '"minute", "Minuutti", ')) == ()
    assert load(folder).units.code("MINUUTTI") == "min"
    problems = edited_problems(folder, "units.toml", ('"minute", ', '"minute", "M", '), ('"hour", ', '"hour", "sek", '))
    assert {str(problem) for problem in problems} == {
        "units.toml: min.spellings[1]: This could be another unit: remove it, so that values with it are refused",
        "units.toml: h.spellings[1]: This is a spelling of s, too: keep it for one unit",
    }


def test_broken_toml_names_the_line(folder: Path) -> None:
    """A syntax error is reported with its line."""
    (problem,) = [
        one for one in edited_problems(folder, "words.toml", ("alarm = [", "alarm = = [")) if one.file == "words.toml"
    ]
    assert "line" in problem.key


def test_every_toml_file_has_a_legend() -> None:
    """Each file explains its keys in its first lines."""
    for path in standard_folder().rglob("*.toml"):
        content = path.read_text(encoding="utf-8")
        assert content.startswith("# "), path.name
        keys = {key for table in tomllib.loads(content).values() if isinstance(table, dict) for key in table}
        assert path.name in ("answers.toml", "names.toml") or all(key in content.split("\n\n[")[0] for key in keys), (
            path.name
        )


WALKING = '[walking]\ndisplay = "Walking"\ndomain = "aerobic"\namount_unit = "min"\ntissue = "legs"\n'


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('tissue = "legs"\n', "", "tissue: This key is missing: add it"),
        ('tissue = "legs"\n', "tissue = 3\n", "tissue: This must be text: put it in quotes"),
        ('tissue = "legs"\n', 'tissue = ""\n', "tissue: This is empty: fill it in"),
        (
            'tissue = "legs"\n',
            'tissue = "legs"\nload = 3\n',
            "load: There is no such key: remove it or correct the name",
        ),
        ('"aerobic"', '"endurance"', "domain: Use one of these: aerobic, strength, mobility, neuromotor"),
        ('"min"', '"h"', "amount_unit: Use one of these: min, s, m, {repetitions}"),
        ('tissue = "legs"\n', 'tissue = "legs"\nincrement = 0\n', "increment: This must be above 0"),
        ('tissue = "legs"\n', 'tissue = "legs"\ntarget = 0\n', "target: This must be 1 or more"),
        ('tissue = "legs"\n', 'tissue = "legs"\ntarget = 1.5\n', "target: This must be a whole number, without quotes"),
        ('tissue = "legs"\n', 'tissue = "legs"\nincrement = "a"\n', "increment: This must be a number, without quotes"),
        ('tissue = "legs"\n', 'tissue = "legs"\nloaded = "perhaps"\n', "loaded: This must be true or false"),
        (
            'tissue = "legs"\n',
            'tissue = "legs"\nneeds = "pool"\n',
            "needs: This must be a list: put it in square brackets",
        ),
    ],
)
def test_a_problem_of_a_key_says_what_to_do(folder: Path, before: str, after: str, says: str) -> None:
    """Each common kind of mistake has a sentence of the catalogue, and none of the library's."""
    problems = edited_problems(folder, "exercises.toml", (WALKING, WALKING.replace(before, after, 1)))
    assert f"exercises.toml: walking.{says}" in {str(problem) for problem in problems}
