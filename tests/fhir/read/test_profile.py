"""The intake profile as a form and as Observations, importance of goals, and technique in a session."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOCAL,
    component,
    concept,
    form,
    item,
    observation,
    only_reading,
    only_refusal,
    quantity,
    read_all,
    walking,
)
from titrate.clinical.values.readings import (
    Comment,
    FactorReported,
    Measurement,
    PatientGoal,
    RefusalReason,
    RoutineBlock,
    SafetyAnswer,
    SessionReported,
)


def coded(*codes: str) -> list[dict[str, Any]]:
    """Answers to a choice."""
    return [{"valueCoding": {"system": LOCAL, "code": code}} for code in codes]


def group(link: str, *inside: dict[str, Any]) -> dict[str, Any]:
    """An item that contains others."""
    return {"linkId": link, "item": list(inside)}


def test_single_answers_under_their_headings() -> None:
    """Numbers in minutes, every answer of a question with several, exercises by the library."""
    result = read_all(form(
        "intake-profile",
        group("about-pain", item("pain-settling", {"valueQuantity": quantity(2, "h")})),
        group("about-change", item("barrier", *coded("time", "cost")), item("readiness", *coded("doing"))),
        group("about-practice", item("liked-exercise", *coded("walking"))),
        group("about-days"),
    ))  # fmt: skip
    assert result.refusals == ()
    assert [(m.what, m.value) for m in result.readings if isinstance(m, Measurement)] == [
        ("pain-settling", Decimal(120))
    ]
    assert {(a.what, a.value) for a in result.readings if isinstance(a, SafetyAnswer)} == {
        ("barrier", "time"), ("barrier", "cost"), ("readiness", "doing"), ("liked-exercise", "walking"),
    }  # fmt: skip


def test_blocks_and_factors_can_repeat() -> None:
    """Each group is one block or factor; texts are also kept as comments."""
    result = read_all(form(
        "intake-profile",
        group("block", item("block-task", {"valueString": "Ironing"}), item("block-posture", *coded("standing")),
              item("block-minutes", {"valueQuantity": quantity("1.5", "h")}),
              item("block-symptom", {"valueDecimal": 5})),
        group("block", item("block-part", *coded("evening")), item("block-posture", *coded("sitting"))),
        group("factor", item("factor-effect", *coded("eases")), item("factor-what", *coded("heat"))),
        group("factor", item("factor-what", *coded("stairs")), item("factor-symptom", *coded("pain")),
              item("factor-threshold", {"valueQuantity": quantity(20, "{repetitions}")})),
    ))  # fmt: skip
    assert result.refusals == ()
    blocks = [r for r in result.readings if isinstance(r, RoutineBlock)]
    assert {(b.part, b.task, b.posture, b.minutes, b.symptom) for b in blocks} == {
        (None, "Ironing", "standing", 90, 5), ("evening", None, "sitting", None, None),
    }  # fmt: skip
    factors = [r for r in result.readings if isinstance(r, FactorReported)]
    assert {(f.eases, f.what, f.symptom, f.threshold, f.unit) for f in factors} == {
        (True, "heat", None, None, None), (False, "stairs", "pain", 20, "{repetitions}"),
    }  # fmt: skip
    assert [(c.about, c.text) for c in result.readings if isinstance(c, Comment)] == [("block.task", "Ironing")]


@pytest.mark.parametrize(
    ("value", "unit", "kept"),
    [(2, "km", (2000, "m")), (30, "min", (30, "min")), ("10", "[lb_av]", ("4.5359237", "kg"))],
)
def test_a_threshold_is_kept_in_a_plain_unit(value: object, unit: str, kept: tuple[object, str]) -> None:
    """Distance, time and load."""
    one = group("factor", item("factor-what", *coded("walking")),
                item("factor-threshold", {"valueQuantity": quantity(value, unit)}))  # fmt: skip
    reading = only_reading(form("intake-profile", one))
    assert isinstance(reading, FactorReported)
    assert (str(reading.threshold), reading.unit) == (str(kept[0]), kept[1])


def test_the_same_as_observations() -> None:
    """A block and a factor can be Observations."""
    block = only_reading(observation(
        "activity-block", component=[component("posture", valueCodeableConcept=concept("sitting"))]
    ))  # fmt: skip
    factor = only_reading(observation(
        "symptom-factor", component=[component("factor", valueCodeableConcept=concept("cold"))]
    ))  # fmt: skip
    assert isinstance(block, RoutineBlock)
    assert isinstance(factor, FactorReported)
    assert (block.posture, factor.what, factor.eases) == ("sitting", "cold", False)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (item("block-minutes", {"valueQuantity": quantity(30, "min")}), RefusalReason.NO_VALUE),
        (item("factor-symptom", *coded("pain")), RefusalReason.NO_VALUE),
    ],
)
def test_an_empty_group_is_refused(inside: dict[str, Any], reason: RefusalReason) -> None:
    """Minutes without a task, or a symptom without a factor."""
    name = inside["linkId"].partition("-")[0]
    assert only_refusal(form("intake-profile", group(name, inside))).reason is reason


def test_unusable_components_stay_unknown_and_are_refused() -> None:
    """The other parts of the block are read; an item that is not in the form is refused."""
    block = group("block", item("block-posture", *coded("standing")), item("block-symptom", {"valueDecimal": 11}))
    result = read_all(form("intake-profile", block, item("shoe-size", {"valueInteger": 42})))
    assert [r.reason for r in result.refusals] == [RefusalReason.IMPLAUSIBLE, RefusalReason.NOT_MAPPED]
    (reading,) = result.readings
    assert isinstance(reading, RoutineBlock)
    assert (reading.posture, reading.symptom) == ("standing", None)


def test_the_importance_of_a_goal_in_the_form() -> None:
    """From 0 to 10; otherwise the goal has none."""

    def wished(value: int) -> PatientGoal:
        answer = {"valueString": "Walk", "item": [item("importance", {"valueInteger": value})]}
        reading = only_reading(form("goals", item("goal", answer)))
        assert isinstance(reading, PatientGoal)
        return reading

    assert wished(9).importance == 9
    assert wished(11).importance is None


@pytest.mark.parametrize(("code", "priority"), [("high-priority", "high"), ("low-priority", "low"), ("other", None)])
def test_the_priority_of_a_goal_of_the_ehr(code: str, priority: str | None) -> None:
    """As FHIR codes it."""
    goal = {
        "resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "description": {"text": "Walk"},
        "subject": {"reference": "Patient/p"}, "priority": concept(code, "http://terminology.hl7.org/CodeSystem/goal-priority"),
    }  # fmt: skip
    reading = only_reading(goal)
    assert isinstance(reading, PatientGoal)
    assert reading.priority == priority


def session_with(*components: dict[str, Any]) -> SessionReported:
    """A session of walking with these components."""
    (reading,) = read_all(walking(*components)).readings
    assert isinstance(reading, SessionReported)
    return reading


def test_technique_of_a_session() -> None:
    """Each compensation once; `none` counts only if it is the only one."""
    compensations = [
        component("compensation", valueCodeableConcept=concept(code)) for code in ("none", "shrug", "limp", "limp")
    ]
    slower = component("tempo", valueCodeableConcept=concept("slower"))
    assert session_with(*compensations, slower).compensations == ("limp", "shrug")
    assert session_with(compensations[0]).compensations == ("none",)
    assert (session_with().compensations, session_with().tempo) == (None, None)


def test_a_compensation_that_cannot_be_read_is_one() -> None:
    """An unreadable compensation or tempo counts as present; an absent one does not."""
    odd = concept("hip-hitch")
    assert session_with(component("compensation", valueCodeableConcept=odd)).compensations == ("other",)
    assert session_with(component("tempo", valueCodeableConcept=odd)).tempo == "unclear"
    absent = component("compensation", dataAbsentReason=concept("unknown"))
    assert session_with(absent).compensations is None
