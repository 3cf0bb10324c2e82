"""H02, H04: a faulty record, added to a course that would progress, through the whole pipeline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fhir.read.sample_resources import (
    LOINC,
    PRACTITIONER,
    Resource,
    component,
    concept,
    form,
    item,
    observation,
    quantity,
    walking,
)
from tests.hazards.test_people import AT, FOLDER, planned, resources
from titrate.app.pipeline import PipelineResult

OWN = {"subject": {"reference": f"Patient/{FOLDER.name}"}}
YES: Resource = {"valueBoolean": True}
NO: Resource = {"valueBoolean": False}
SOON, YESTERDAY = (AT + timedelta(hours=1)).isoformat(), (AT - timedelta(days=1)).isoformat()
PARTIAL = AT.strftime("%Y-%m")
UNSURE: list[Resource] = [
    {"effectiveDateTime": None}, {"effectiveDateTime": SOON}, {"effectiveDateTime": PARTIAL},
    {"effectiveDateTime": "yesterday", "issued": YESTERDAY}, {"effectiveDateTime": None, "issued": SOON},
]  # fmt: skip


def with_these(*more: Resource) -> PipelineResult:
    """The pipeline result of E2 with these additional records."""
    return planned([*resources(), *(one | OWN for one in more)])


def rule(*more: Resource) -> str:
    """The rule that decides with these records."""
    return with_these(*more).evaluation.decision.rule


def test_without_them_the_dose_rises() -> None:
    """The course that these tests start from."""
    assert rule() == "D10"


@pytest.mark.parametrize("when", [
    *UNSURE, {"effectiveDateTime": None, "issued": YESTERDAY},
    {"effectiveDateTime": None, "effectiveTiming": {"event": [YESTERDAY]}},
])  # fmt: skip
def test_a_yes_opens_its_flag_whatever_its_time(when: Resource) -> None:
    """D1 for a flag that stops, D5 for one that holds; the fault of the record is reported."""
    stopped, held = with_these(observation("rf09", **when | YES)), with_these(observation("rf07", **when | YES))
    assert (stopped.evaluation.decision.rule, [one.flag for one in stopped.evaluation.flags]) == ("D1", ["rf09"])
    assert (held.evaluation.decision.rule, [one.flag for one in held.evaluation.flags]) == ("D5", ["rf07"])
    assert bool(stopped.readings.refusals) is (when in UNSURE)


@pytest.mark.parametrize("when", UNSURE)
def test_a_no_with_an_uncertain_time_is_no_answer(when: Resource) -> None:
    """The question is open: D7."""
    assert rule(observation("rf09", **when | NO)) == "D7"


@pytest.mark.parametrize("authored", [None, SOON, PARTIAL])
def test_a_screen_with_an_uncertain_time(authored: str | None) -> None:
    """A yes in it opens the flag; without one all its questions are open."""
    assert rule(form("safety-screen-short", item("rf09", YES), authored=authored)) == "D1"
    assert rule(form("safety-screen-short", item("rf09", NO), authored=authored)) == "D7"


def test_a_retracted_yes() -> None:
    """Entered in error it has no effect, whatever its time."""
    for when in UNSURE:
        assert rule(observation("rf09", status="entered-in-error", **when | YES)) == "D10"


def test_an_undated_yes_is_not_closed_by_a_clearance_before_it_is_dated() -> None:
    """The order is unknown. With a date before the clearance the flag is closed."""
    value: Resource = {"valueCodeableConcept": concept("rf09")}
    clearance = observation("flag-clearance", effectiveDateTime=YESTERDAY, performer=[PRACTITIONER], **value)
    assert rule(observation("rf09", effectiveDateTime=None, **YES), clearance) == "D1"
    dated = (AT - timedelta(days=2)).isoformat()
    assert rule(observation("rf09", effectiveDateTime=dated, **YES), clearance) == "D10"


PRESSURE = [
    component("8480-6", LOINC, valueQuantity=quantity(185, "mm[Hg]")),
    component("8462-4", LOINC, valueQuantity=quantity(100, "mm[Hg]")),
]
WALK = [
    item("exercise", {"valueCoding": concept("walking")["coding"][0]}),
    item("done", {"valueQuantity": quantity(9, "min")}),
]
HOLDING = {
    "temperature without a unit": observation("8310-5", LOINC, valueQuantity=quantity("38.5")),
    "glucose without a unit": observation("2339-0", LOINC, valueQuantity=quantity(50)),
    "pressure above": observation("8480-6", LOINC, valueQuantity=quantity(120, "mm[Hg]") | {"comparator": ">"}),
    "saturation below": observation("59408-5", LOINC, valueQuantity=quantity(99, "%") | {"comparator": "<"}),
    "number as text": observation("2339-0", LOINC, valueQuantity={"value": "50", "code": "mg/dL"}),
    "unclear flare": observation("flare-self-report", valueString="perhaps"),
    "pressure to come": observation("85354-9", LOINC, effectiveDateTime=SOON, component=PRESSURE),
    "pressure of some month": observation("85354-9", LOINC, effectiveDateTime=PARTIAL, component=PRESSURE),
    "pressure without a time": observation("85354-9", LOINC, effectiveDateTime=None, component=PRESSURE),
    "walk to come": walking(effectivePeriod={"start": YESTERDAY, "end": SOON}),
    "walk without a time": walking(effectivePeriod=None),
    "walk of a form without a time": form("session-check-in", *WALK, authored=None),
    "trial of a form without a time": form("tolerance-trial", *WALK, authored=None),
    "check-in to come": form("daily-check-in", item("flare", YES), authored=SOON),
    "limit without a time": observation("dose-limit", component=[], effectiveDateTime=None, performer=[PRACTITIONER]),
    "ceiling without a time": observation(
        "pain-ceiling", valueInteger=3, effectiveDateTime=None, performer=[PRACTITIONER]
    ),
    "why it was stopped, in words": walking(component("stop-reason", valueString="pain in the chest")),
    "glucose or weight": observation("2339-0", LOINC, valueQuantity=quantity(50, "mg/dL"))
    | {"code": {"coding": [*concept("2339-0", LOINC)["coding"], *concept("29463-7", LOINC)["coding"]]}},
}  # fmt: skip


@pytest.mark.parametrize("name", HOLDING)
def test_an_unusable_record_of_a_hold_still_holds(name: str) -> None:
    """It is refused and reported, and D5 decides; D1 if its value opens a red flag by one of its codes or times."""
    found = with_these(HOLDING[name])
    assert found.readings.refusals != ()
    is_alarming = HOLDING[name].get("component") == PRESSURE or name == "glucose or weight"
    assert found.evaluation.decision.rule == ("D1" if is_alarming else "D5")


@pytest.mark.parametrize("name", HOLDING)
def test_a_retracted_record_holds_nothing(name: str) -> None:
    """Entered in error it is refused, and the dose rises."""
    assert rule(HOLDING[name] | {"status": "entered-in-error"}) == "D10"


MISSING: dict[str, Resource] = {
    "pain below": observation("72514-3", LOINC, valueQuantity=quantity(2, "{score}") | {"comparator": "<"}),
    "check-in without a time": form("daily-check-in", item("pain-morning", {"valueInteger": 9}), authored=None),
    "pain of eleven": observation("72514-3", LOINC, valueInteger=11),
    "a peak in words": walking(component("pain-peak", valueString="bad"), id="in-words"),
}


@pytest.mark.parametrize("name", MISSING)
def test_one_rating_that_cannot_be_read_is_missing(name: str) -> None:
    """Refused and told; the other ratings of the week decide (B13.13)."""
    found = with_these(MISSING[name])
    assert found.readings.refusals != ()
    assert found.evaluation.decision.rule != "D5"


def test_what_decides_nothing_holds_nothing() -> None:
    """Steps, mood and a profile without a time are refused, and the dose rises."""
    for one in (
        observation("41950-7", LOINC, effectiveDateTime=None, valueQuantity=quantity(4000, "/d")),
        form("daily-check-in", item("mood", {"valueInteger": 2}), authored=None),
        observation("activity-block", effectiveDateTime=None, component=[]),
        observation("flag-clearance", effectiveDateTime=None, valueCodeableConcept=concept("rf09")),
    ):
        assert rule(one) == "D10"


def test_a_pulse_of_a_session_opens_no_flag() -> None:
    """130 a minute during a session is exercise; right after its end it is a flag, and so is 88 % during it."""
    session = max(
        (one.stamp for one in with_these().readings.readings if one.stamp.until), key=lambda stamp: stamp.when
    )
    assert session.until is not None
    rate: Resource = {"valueQuantity": quantity(130, "/min")}
    late = (session.until + timedelta(seconds=1)).isoformat()
    for when in (session.when, session.until):
        assert rule(observation("8867-4", LOINC, effectiveDateTime=when.isoformat(), **rate)) == "D10"
    assert rule(observation("8867-4", LOINC, effectiveDateTime=late, **rate)) == "D1"
    for percent, decided in ((89, "D10"), (88, "D1")):
        oxygen: Resource = {"valueQuantity": quantity(percent, "%"), "effectiveDateTime": session.when.isoformat()}
        assert rule(observation("59408-5", LOINC, **oxygen)) == decided
