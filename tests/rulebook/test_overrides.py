"""A site's own numbers are used if they are in range and have author, date and reason; otherwise nothing is loaded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.running import plan, titrate
from tests.rulebook.editing import copied, edited, override, site_file
from titrate.rulebook import InvalidMappings, check, load, load_with_lookup, read_mappings
from titrate.rulebook.number_checks import ORDERED, ordering_problems
from titrate.rulebook.overrides import Effect, effect, with_values

ROWS = read_mappings().tables.rows("constants.toml")
RANGED = [(name, row["low"], row["high"]) for name, row in ROWS.items() if "low" in row and "high" in row]
FIXED = sorted(ROWS.keys() - {name for name, _, _ in RANGED})


def wrong_pairs(values: dict[str, Decimal]) -> set[tuple[str, str]]:
    """The pairs that are out of order with other values."""
    return {(name, message.greater) for name, message in ordering_problems(with_values(ROWS, values))}


def keys(path: Path) -> list[str]:
    """The keys of the problems."""
    return [problem.key for problem in check(overrides=path)]


def test_a_number_inside_its_range_is_used(tmp_path: Path) -> None:
    """The rulebook has the value, with the site's decision as its source."""
    path = site_file(tmp_path, override("N_SESS", "4"))
    book = load_with_lookup(overrides=path)[0]
    assert book.numbers.n_sess == 4
    assert "Head of physiotherapy on 2026-03-02: Weekend reports" in book.constants["N_SESS"].source
    assert book.constants["N_SESS"].grade == "P"
    assert book.numbers.adh_min == load().numbers.adh_min


@pytest.mark.parametrize(("side", "beyond"), [(1, "-0.001"), (2, "0.001")], ids=["low", "high"])
def test_outside_the_range_nothing_is_loaded(side: int, beyond: str, tmp_path: Path) -> None:
    """The ends of every range are valid; a thousandth beyond is refused, and no number is used."""
    ends = {str(row[0]): Decimal(str(row[side])) for row in RANGED}
    path = site_file(tmp_path, *(override(name, str(end + Decimal(beyond))) for name, end in ends.items()))
    assert keys(path) == sorted(f"{name}.value" for name in ends)
    with pytest.raises(InvalidMappings, match="N_SESS"):
        load_with_lookup(overrides=path)
    at_the_end = site_file(tmp_path, *(override(name, str(end)) for name, end in ends.items()))
    assert [key for key in keys(at_the_end) if key.endswith(".value")] == []


def test_a_number_without_a_range_cannot_be_overridden(tmp_path: Path) -> None:
    """Not even with the rulebook's own value."""
    path = site_file(tmp_path, *(override(name, str(ROWS[name]["value"])) for name in FIXED))
    assert keys(path) == [f"{name}.value" for name in FIXED]


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    """Unknown, out of range, without author, date or reason, not a table, unknown key, fraction: each with its key."""
    path = site_file(
        tmp_path,
        "LOOSE = 3\n",
        override("NO_SUCH", "1"),
        override("PAIN_CEILING", "9", by="", on='"soon"', why='""'),
        override("RPE_CAP", "5", colour='"red"'),
        override("TRIALS_MIN", "3.5"),
        override("DONE_LOW", "0.8"),
    )
    assert keys(path) == [
        "DONE_LOW.value", "LOOSE", "NO_SUCH", "PAIN_CEILING.by", "PAIN_CEILING.on", "PAIN_CEILING.value",
        "PAIN_CEILING.why", "RPE_CAP.colour", "TRIALS_MIN.value",
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["nan", "inf", "true", '"four"', "[4]"])
def test_a_value_that_is_not_a_number_is_refused(value: str, tmp_path: Path) -> None:
    """No other TOML value is accepted."""
    assert "N_SESS.value" in keys(site_file(tmp_path, override("N_SESS", value)))


def test_a_broken_or_absent_file_is_a_problem(tmp_path: Path) -> None:
    """It is reported like every other problem, and the rulebook is not used without it."""
    assert [p.file for p in check(overrides=site_file(tmp_path, "[N_SESS"))] == ["site.toml"]
    assert [p.file for p in check(overrides=tmp_path / "none.toml")] == ["none.toml"]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"START_FACTOR": "0.60"}, ["START_FACTOR_CAUTIOUS"]),
        ({"START_FACTOR": "0.60", "START_FACTOR_CAUTIOUS": "0.60"}, []),
        ({"STEP_PCT": "0.04"}, ["STEP_PCT_CAUTIOUS"]),
        ({"GAP_FACTOR": "0.50", "GAP_FACTOR_LONG": "0.60"}, ["GAP_FACTOR_LONG"]),
        ({"PAIN_CEILING": "7", "PAIN_PEAK_SEVERE": "7"}, []),
        ({"FLARE_F1": "0.50", "FLARE_F2": "0.60"}, ["FLARE_F2"]),
    ],
)
def test_a_cautious_case_never_allows_more(changes: dict[str, str], wrong: list[str], tmp_path: Path) -> None:
    """Two numbers inside their ranges that contradict each other are refused."""
    assert keys(site_file(tmp_path, *(override(name, value) for name, value in changes.items()))) == wrong


@pytest.mark.parametrize(("lesser", "greater"), ORDERED)
def test_each_order_between_numbers_is_kept(lesser: str, greater: str) -> None:
    """The first may equal the second but not exceed it."""
    high = ROWS[greater]["value"]
    assert (lesser, greater) in wrong_pairs({lesser: high + Decimal("0.01")})
    assert (lesser, greater) not in wrong_pairs({lesser: high})


def test_the_order_applies_to_the_rulebook_too(tmp_path: Path) -> None:
    """A wrong order in constants.toml is a problem too."""
    folder = copied(tmp_path / "m")
    edited(folder, "constants.toml", "GAP_DAYS", "value", "20")
    assert [(problem.file, problem.key) for problem in check(folder)] == [("constants.toml", "GAP_DAYS")]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("N_SESS", "4", Effect.MORE),
        ("N_SESS", "2", Effect.LESS),
        ("N_SESS", "3", Effect.SAME),
        ("STEP_PCT", "0.05", Effect.MORE),
        ("STEP_PCT", "0.20", Effect.LESS),
    ],
)
def test_an_override_says_whether_it_is_more_careful(name: str, value: str, expected: Effect, tmp_path: Path) -> None:
    """The row of the number gives the careful direction."""
    (one,) = read_mappings(overrides=site_file(tmp_path, override(name, value))).overrides
    assert one.effect is expected
    assert expected.value in str(one)


def test_every_number_with_a_range_has_a_careful_direction() -> None:
    """The direction of every override is known."""
    assert [name for name, _, _ in RANGED if "careful" not in ROWS[name]] == []
    assert effect({}, Decimal(1), Decimal(2)) is Effect.UNKNOWN


def test_overrides_enter_version_and_digest(tmp_path: Path) -> None:
    """Other numbers change digest and version; the path of the file does not, and an empty file changes nothing."""
    plain = read_mappings()
    found = [read_mappings(overrides=site_file(tmp_path, override("N_SESS", value))) for value in ("4", "5", "4")]
    assert {one.version for one in found} == {"0.1.0+site"}
    assert found[0].digest == found[2].digest
    assert len({plain.digest, found[0].digest, found[1].digest}) == 3
    (tmp_path / "other").mkdir()
    assert read_mappings(overrides=site_file(tmp_path / "other", override("N_SESS", "4"))).digest == found[0].digest
    empty = read_mappings(overrides=site_file(tmp_path, "# nothing yet\n"))
    assert (empty.version, empty.digest) == (plain.version, plain.digest)


def test_every_output_names_them(tmp_path: Path) -> None:
    """The report, the narrative and each record that names the rulebook say `+site` and the new digest."""
    path = site_file(tmp_path, override("STEP_PCT", "0.07"))
    done = plan("e2-progress", "--json", overrides=str(path))
    assert done.json["rulebook"] == {"version": "0.1.0+site", "digest": read_mappings(overrides=path).digest}
    assert "0.1.0+site" in done.out.replace('"version":"0.1.0+site"', "", 1)
    assert '"0.1.0 ' not in done.out
    assert "Rulebook 0.1.0+site, digest" in plan("e2-progress", "--explain", overrides=str(path)).out


def test_check_lists_them(tmp_path: Path) -> None:
    """Author, date, reason, both values and the direction; setting and option give the same result."""
    path = site_file(tmp_path, override("N_SESS", "4"), override("STEP_PCT", "0.15"))
    stated = titrate("mappings", "check", overrides=str(path))
    assert stated == titrate("mappings", "check", "--overrides", str(path))
    assert (stated.code, stated.err) == (0, "")
    line = "N_SESS: 3 -> 4 (more careful), by Head of physiotherapy on 2026-03-02: Weekend reports"
    assert line in stated.out
    assert "STEP_PCT: 0.10 -> 0.15 (less careful)" in stated.out
    listed = titrate("mappings", "check", "--json", overrides=str(path)).json["overrides"]
    assert [(one["name"], one["effect"]) for one in listed] == [
        ("N_SESS", "more careful"),
        ("STEP_PCT", "less careful"),
    ]


def test_an_invalid_file_stops_planning(tmp_path: Path) -> None:
    """The problems and exit code 2, and no plan with the rulebook's own numbers instead."""
    path = site_file(tmp_path, override("N_SESS", "1"))
    done = plan("e2-progress", overrides=str(path))
    assert (done.code, done.out) == (2, "")
    assert "site.toml: N_SESS.value" in done.err
