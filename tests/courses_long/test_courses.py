"""Both courses on the sandbox, run by run, and the twelve weeks on HAPI too; docs/courses.md shows what they gave."""

from __future__ import annotations

import pytest

from tests.courses_long import half_a_year, twelve_weeks
from tests.courses_long.life import Life
from tests.courses_long.table import EVERY, PAGE, rows
from tests.plan_lifecycle.ehr_server import EhrServer

MINUTES = 60


def chain(life: Life) -> list[str]:
    """The plans that were in force, oldest first, along `replaces`; a branch or a loop fails."""
    plans = {f"CarePlan/{one['id']}": one for one in life.ehr_server.plans(life.who.id, "active", "completed")}
    before = {name: [item["reference"] for item in plan.get("replaces", ())] for name, plan in plans.items()}
    assert all(len(found) <= 1 for found in before.values())
    replaced = [name for found in before.values() for name in found]
    assert len(replaced) == len(set(replaced))
    (last,) = set(plans) - set(replaced)
    found = [last]
    while before[found[-1]]:
        found.append(before[found[-1]][0])
    assert len(found) == len(plans)
    return found[::-1]


def seen(life: Life) -> list[str]:
    """The decisions of the course in order, each turn once."""
    outcomes = [step.outcome for step in life.steps if step.outcome not in ("HOLD", "HOLD_INSUFFICIENT")]
    return [one for number, one in enumerate(outcomes) if number == 0 or outcomes[number - 1] != one]


@pytest.mark.timeout(10 * MINUTES)
def test_twelve_weeks(sandbox_ehr: EhrServer) -> None:
    """Baseline, rises, lighter week, flare, return, rises again; the chain of plans has no branch."""
    life = twelve_weeks.lived(twelve_weeks.enrolled_patient(sandbox_ehr), every=EVERY["12"])
    assert seen(life) == [
        "BASELINE",
        "PROGRESS",
        "LIGHTER_WEEK",
        "PROGRESS",
        "FLARE_PROTOCOL",
        "RETURN_TO_LOAD",
        "PROGRESS",
    ]
    assert len(chain(life)) == sum(step.answer == "approved" for step in life.steps)
    table = PAGE.read_text(encoding="utf-8")
    assert [row for row in rows(life.steps, twelve_weeks.FIRST) if row not in table] == []


@pytest.mark.timeout(10 * MINUTES)
def test_half_a_year(sandbox_ehr: EhrServer) -> None:
    """Edits, a rejection, a red flag with clearance, a gap, a second exercise: no edit is lost."""
    life = half_a_year.lived(half_a_year.enrolled_patient(sandbox_ehr), every=EVERY["26"])
    assert {"STOP_ESCALATE", "STEP_BACK", "LIGHTER_WEEK", "PROGRESS"} <= set(seen(life))
    assert [step.answer for step in life.steps].count("rejected") == 1
    chain(life)
    orders = sandbox_ehr.orders(life.who.id)
    assert orders["walking"]["patientInstruction"] == "Walk on the flat, with your stick."
    assert orders["walking"]["occurrenceTiming"]["repeat"]["frequency"] == 3
    assert sorted(orders) == ["sit-to-stand", "walking"]
    plan = sandbox_ehr.preview(life.who.id, life.clock(life.steps[-1].day, 22)).plan
    assert ("dose", "walking") in {(found.element, found.exercise) for found in plan.overrides}
    table = PAGE.read_text(encoding="utf-8")
    assert [row for row in rows(life.steps, half_a_year.FIRST) if row not in table] == []


@pytest.mark.hapi
@pytest.mark.timeout(10 * MINUTES)
def test_twelve_weeks_on_hapi(hapi_ehr: EhrServer) -> None:
    """The same patient with a run a week and on each day of the flare."""
    life = twelve_weeks.lived(twelve_weeks.enrolled_patient(hapi_ehr), every=7)
    assert seen(life)[:3] == ["BASELINE", "PROGRESS", "LIGHTER_WEEK"]
    assert "FLARE_PROTOCOL" in seen(life)
    assert "RETURN_TO_LOAD" in seen(life)
    chain(life)
