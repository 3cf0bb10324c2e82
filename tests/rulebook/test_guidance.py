"""Education, ladders, card, tasks and pathways: references are checked, and every problem is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rulebook.editing import copied, replaced
from titrate.clinical.values.education_content import LadderKind
from titrate.clinical.values.plan import Phase
from titrate.rulebook import check, load

GUIDANCE = load().guidance
KNEE = "programmes/knee-pain.toml"
STEP_2 = 'ladder = "stairs", step = 2'
COLOURS = {"green", "amber", "red"}


@pytest.mark.parametrize(
    ("file", "before", "after", "key"),
    [
        ("education.toml", "[steady-days]", "[steady-weeks]", "steady-weeks"),
        ("education.toml", 'phases = ["flare"]', 'phases = ["storm"]', "flare-plan.phases[0]"),
        ("education.toml", 'grade = "A"', 'grade = "Z"', "pain-and-movement.grade"),
        ("ladders.toml", "[stairs]", "[steps]", "steps"),
        ("ladders.toml", 'kind = "task"', 'kind = "game"', "stairs.kind"),
        ("ladders.toml", "watched = 2", "watched = 9", "stairs.watched"),
        ("card.toml", "{ceiling} of 10", "{roof} of 10", "feel.signs[0]"),
        ("card.toml", "Do the plan as it is.", "It is harmless.", "green.act[0]"),
        ("tasks.toml", "[sitting]", "[lying]", "lying"),
        (KNEE, '"patellofemoral-pain"]', '"gout"]', "conditions[1]"),
        (KNEE, 'stop_flags = ["rf03"', 'stop_flags = ["rf99"', "stop_flags[0]"),
        (KNEE, 'ladders = ["stairs"', 'ladders = ["rope"', "ladders[0]"),
        (KNEE, 'modules = ["next-morning"', 'modules = ["gossip"', "modules[0]"),
        (KNEE, STEP_2, STEP_2 + "2", "stages[0].exit[1].ladder"),
        (KNEE, STEP_2, 'ladder = "stairs"', "stages[0].exit[1].ladder"),
        (KNEE, "tolerated = 3", 'tolerated = 3, measure = "psfs"', "stages[0].exit[0].text"),
        (KNEE, 'module = "next-morning"', 'module = "gossip"', "stages[0].exit[2].module"),
        (KNEE, 'measure = "psfs", at_least = 7', 'measure = "psfx", at_least = 7', "stages[2].exit[2].measure"),
    ],
)  # fmt: skip
def test_a_problem_is_reported(tmp_path: Path, file: str, before: str, after: str, key: str) -> None:
    """With file and key."""
    folder = copied(tmp_path / "mappings")
    replaced(folder, file, before, after)
    assert (file, key) in [(one.file, one.key) for one in check(folder)]


@pytest.mark.parametrize("key", ["entry", "stages", "hard_precautions", "stop_flags", "outcomes", "evidence", "stop"])
def test_a_programme_without_a_part_of_its_skeleton_is_refused(tmp_path: Path, key: str) -> None:
    """Entry criteria, stages, precautions, stop flags, outcomes and evidence are all required."""
    folder = copied(tmp_path / "mappings")
    path = folder / "programmes" / "knee-pain.toml"
    text = path.read_text(encoding="utf-8")
    before = "[[stages]]" if key == "stages" else f"\n{key} = ["
    assert before in text
    path.write_text(text.replace(before, before.replace(key, f"no_{key}")), encoding="utf-8")
    found = [one.key for one in check(folder) if one.file == "programmes/knee-pain.toml"]
    assert key in found


def test_the_knee_programme_is_complete() -> None:
    """Four stages, each but the last with a gate that the service evaluates; a locked knee is excluded."""
    knee = GUIDANCE.pathways["knee-pain"]
    assert len(knee.stages) == 4
    for stage in knee.stages[:-1]:
        assert any(gate.tolerated or gate.measure or gate.ladder for gate in stage.exit)
    assert any("locks" in line for line in (*knee.entry, *knee.hard_precautions))
    assert {"stairs", "bend"} <= set(knee.ladders)
    assert len(knee.modules) >= 5


@pytest.mark.parametrize("phase", [p for p in Phase if p not in (Phase.INTAKE, Phase.STOPPED, Phase.DISCHARGED)])
def test_every_phase_with_a_dose_has_three_colours_and_how_it_may_feel(phase: Phase) -> None:
    """Every such phase has its card."""
    shown = {row.name for row in GUIDANCE.card.values() if not row.phases or phase.value in row.phases}
    assert shown >= COLOURS
    assert any(name.startswith("feel") for name in shown)


def test_ladders_of_the_functional_tasks_and_of_balance() -> None:
    """Lift, bend, walk and stairs, the functional tasks of the basis article, and balance."""
    tasks = {name for name, one in GUIDANCE.ladders.items() if one.kind is LadderKind.TASK}
    assert tasks >= {"lift", "bend", "walk", "stairs"}
    assert [name for name, one in GUIDANCE.ladders.items() if one.kind is LadderKind.BALANCE] == ["balance"]
