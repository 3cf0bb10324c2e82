"""Manual edits of the plan in force, on real servers: kept, reported, and carried into every later version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.fixtures.diary import morning, screen
from tests.fixtures.values import observation
from tests.fixtures.who import Who
from tests.plan_lifecycle.ehr_server import EhrServer, Json
from tests.plan_lifecycle.patients import enrolled_patient

AT = datetime.fromisoformat("2025-01-13T09:00:00+00:00")
DAY = timedelta(days=1)


def drafted(ehr_server: EhrServer) -> tuple[str, str]:
    """A patient with an active plan and a draft on top of it."""
    who = enrolled_patient(ehr_server)
    ehr_server.run(who, AT)
    return who, ehr_server.draft(who)


def person(who: str) -> Who:
    """The same patient, as in the fixtures."""
    return Who(who, "Europe/London", "1960-05-20", "male")


def _lower(order: Json) -> None:
    order["quantityQuantity"]["value"] = 12


def _rarer(order: Json) -> None:
    order["occurrenceTiming"]["repeat"]["frequency"] = 2


def _stop(order: Json) -> None:
    order["status"] = "on-hold"


def _reword(order: Json) -> None:
    order["patientInstruction"] = "Walk on the flat only."


@pytest.mark.parametrize(
    ("element", "edit"),
    [
        ("dose", _lower),
        ("timing", _rarer),
        ("status", _stop),
        ("instruction", _reword),
    ],
)
def test_a_manual_edit_is_kept_and_reported(ehr_server: EhrServer, element: str, edit: Callable[[Json], None]) -> None:
    """In the plan in force: it is named, later runs keep it, and no run overwrites it."""
    who, draft = drafted(ehr_server)
    ehr_server.approve(draft, AT + timedelta(minutes=30))
    place = f"ServiceRequest/{ehr_server.orders(who)['walking']['id']}"
    ehr_server.change(place, edit)
    before = ehr_server.read(place)
    plan = ehr_server.preview(who, AT + timedelta(hours=1)).plan
    for hours in (2, 26, 50):
        plan = ehr_server.run(who, AT + timedelta(hours=hours)).result.plan
        assert ehr_server.read(place) == before
        if element in ("dose", "instruction") or hours == 2:
            assert element in {found.element for found in plan.overrides if found.exercise == "walking"}, plan.overrides
    walking = next(one for one in plan.exercises if one.exercise == "walking")
    if element == "dose":
        assert walking.dose is not None
        assert walking.dose.amount == 12
    if element == "timing":
        assert walking.weekly_frequency == 2
    if element == "status":
        assert walking.dose is None


def test_an_edited_instruction_is_in_every_later_version(ehr_server: EhrServer) -> None:
    """A new draft and the one after it have the edited text, not that of the library."""
    who, draft = drafted(ehr_server)
    ehr_server.approve(draft, AT + timedelta(minutes=10))
    ehr_server.change(f"ServiceRequest/{ehr_server.orders(who)['walking']['id']}", _reword)
    ehr_server.put([tick(who, "2025-01-13 10:00"), screen(person(who), "2025-01-13 10:30")])
    ehr_server.run(who, AT + timedelta(hours=2))
    assert ehr_server.orders(who, "draft")["walking"]["patientInstruction"] == "Walk on the flat only."
    ehr_server.approve(ehr_server.draft(who), AT + timedelta(hours=3))
    assert ehr_server.orders(who)["walking"]["patientInstruction"] == "Walk on the flat only."
    ehr_server.put([tick(who, "2025-01-14 08:00"), *morning(person(who), "2025-01-14", 8, 3)])
    ehr_server.run(who, AT + DAY)
    assert ehr_server.orders(who, "draft")["walking"]["patientInstruction"] == "Walk on the flat only."


def tick(who: str, moment: str) -> Json:
    """A flare reported by the patient."""
    return observation(person(who), "flare-self-report", moment, valueBoolean=True)
