"""Sessions, trials and limits, as Observations with components and as forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fhir.read.sample_resources import (
    LOINC,
    PRACTITIONER,
    SUBJECT,
    Resource,
    as_values,
    component,
    concept,
    form,
    item,
    observation,
    only_reading,
    quantity,
    read_all,
    session,
    walking,
)
from titrate.clinical.values.readings import Comment, DoseLimit, Refusal, SessionReported, TrialReported


def session_of(*resources: dict[str, Any]) -> SessionReported:
    """The only session."""
    reading = only_reading(*resources)
    assert isinstance(reading, SessionReported)
    return reading


def partly(*resources: dict[str, Any]) -> tuple[SessionReported, Refusal]:
    """The only session, and the only refusal of a part of it."""
    result = read_all(*resources)
    (reading,), (refusal,) = result.readings, result.refusals
    assert isinstance(reading, SessionReported)
    return reading, refusal


def test_a_whole_session() -> None:
    """Every component is read into its field."""
    reading = session_of(session(
        component("exercise", valueCodeableConcept=concept("leg-press")),
        component("prescribed", valueQuantity=quantity(30, "{repetitions}")),
        component("done", valueQuantity=quantity(30, "{repetitions}")),
        component("sets", valueInteger=3),
        component("load", valueQuantity=quantity("40.0", "kg")),
        component("pain-before", valueInteger=2),
        component("pain-peak", valueQuantity=quantity("3.5", "{score}")),
        component("rpe-cr10", valueInteger=3),
        component("last-set-repetitions", valueInteger=12),
        component("form", valueCodeableConcept=concept("good")),
        component("talk-test", valueCodeableConcept=concept("comfortable")),
        component("stop-reason", valueCodeableConcept=concept("completed")),
        component("pain-quality", valueCodeableConcept=concept("usual")),
        component("8867-4", LOINC, valueQuantity=quantity(118, "/min")),
    ))  # fmt: skip
    assert as_values(reading.exercise, reading.unit, reading.prescribed, reading.done) == (
        "leg-press",
        "{repetitions}",
        30,
        30,
    )
    assert as_values(reading.sets, str(reading.load), reading.last_set, reading.heart_rate) == (3, "40.0", 12, 118)
    assert as_values(reading.pain_before, reading.pain_peak, reading.rpe) == (2, Decimal("3.5"), 3)
    assert (reading.form, reading.talk_test) == ("good", "comfortable")
    assert (reading.stop_reason, reading.pain_quality) == ("completed", "usual")
    assert str(reading.stamp.end) == "2025-01-10 10:30:00+00:00"


def test_missing_components_are_unknown() -> None:
    """No value is assumed for a missing or absent one."""
    reading = session_of(walking(component("pain-peak", dataAbsentReason=concept("unknown"))))
    assert (reading.pain_peak, reading.rpe, reading.sets, reading.load, reading.form) == (None,) * 5


@pytest.mark.parametrize(
    ("done", "kept"),
    [
        (quantity(900, "s"), ("15", "min")),
        (quantity("0.25", "h"), ("15", "min")),
        (quantity(1, "km"), ("1000", "m")),
        (quantity(40, "{reps}"), ("40", "{repetitions}")),
    ],
)
def test_amounts_in_other_units(done: dict[str, Any], kept: tuple[str, str]) -> None:
    """An amount is converted to the exercise's unit if possible, else kept in a plain unit of its kind."""
    parts = [component("exercise", valueCodeableConcept=concept("walking")), component("done", valueQuantity=done)]
    reading = session_of(session(*parts))
    assert (reading.done, reading.unit) == (Decimal(kept[0]), kept[1])


@pytest.mark.parametrize(
    ("part", "what", "reason"),
    [
        (component("pain-peak", valueInteger=11), "session.pain-peak", "implausible"),
        (component("rpe-cr10", valueQuantity=quantity("10.1", "{score}")), "session.rpe-cr10", "implausible"),
        (component("load", valueQuantity=quantity(0, "kg")), "session.load", "implausible"),
        (component("load", valueInteger=40), "session.load", "wrong-unit"),
        (component("heart-rate", valueQuantity=quantity(230, "/min")), "session.heart-rate", "implausible"),
        (component("sets", valueQuantity=quantity("2.5", "1")), "session.sets", "implausible"),
        (component("form", valueCodeableConcept=concept("perfect")), "session.form", "wrong-value"),
        (component("talk-test", valueString="hm"), "session.talk-test", "wrong-value"),
    ],
)
def test_an_implausible_component_stays_unknown(part: dict[str, Any], what: str, reason: str) -> None:
    """It is refused with its measure and day, and the session is kept without it."""
    reading, refusal = partly(walking(part))
    assert (refusal.what, refusal.reason, str(refusal.day)) == (what, reason, "2025-01-10")
    field = what.removeprefix("session.").replace("-", "_").replace("rpe_cr10", "rpe")
    assert getattr(reading, field) is None


@pytest.mark.parametrize(
    ("done", "reason"),
    [
        (quantity(241, "min"), "implausible"),
        (quantity(-1, "min"), "implausible"),
        (quantity(1200, "min"), "implausible"),
        (quantity(15, "kg"), "wrong-unit"),
        (quantity(15), "wrong-unit"),
        (quantity(1000, "m"), "wrong-unit"),
    ],
)
def test_implausible_amounts(done: dict[str, Any], reason: str) -> None:
    """Minutes from 0 to 240; metres instead of minutes are refused."""
    made = walking()
    made["component"][2] = component("done", valueQuantity=done)
    reading, refusal = partly(made)
    assert as_values(refusal.what, refusal.reason, reading.done, reading.prescribed) == (
        "session.done",
        reason,
        None,
        15,
    )


def test_a_prescribed_amount_is_above_zero() -> None:
    """A prescription of 0 is refused, so that nothing is ever divided by it."""
    made = walking()
    made["component"][1] = component("prescribed", valueQuantity=quantity(0, "min"))
    reading, refusal = partly(made)
    assert (refusal.what, reading.prescribed) == ("session.prescribed", None)


def test_a_hundred_repetitions_a_set() -> None:
    """100 a set are plausible, more are not."""
    parts = [component("exercise", valueCodeableConcept=concept("sit-to-stand")), component("sets", valueInteger=2)]
    assert session_of(session(*parts, component("done", valueInteger=200))).done == 200
    reading, refusal = partly(session(*parts, component("done", valueInteger=201)))
    assert (reading.done, refusal.what) == (None, "session.done")


@pytest.mark.parametrize(("scale", "kept"), [(6, "0.5"), (11, "2.5"), (13, "4"), (15, "5"), (20, "10")])
def test_exertion_on_the_other_scale(scale: int, kept: str) -> None:
    """6-20 is converted to CR10 by the table, rounded up; with both, CR10 counts."""
    other = component("rpe-6-20", valueInteger=scale)
    assert session_of(walking(other)).rpe == Decimal(kept)
    agreeing = component("rpe-cr10", valueQuantity=quantity(kept, "{score}"))
    assert session_of(walking(other, agreeing)).rpe == Decimal(kept)
    reading, refusal = partly(walking(other, component("rpe-cr10", valueInteger=3)))
    assert (reading.rpe, refusal.reason, refusal.what) == (max(Decimal(kept), 3), "conflict", "session.rpe-6-20")


def test_two_values_of_one_part() -> None:
    """The higher of two pains counts; two different amounts count as unknown."""
    three = component("pain-peak", valueInteger=3)
    assert session_of(walking(three, component("pain-peak", valueInteger=4))).pain_peak == 4
    reading, refusal = partly(walking(three, component("pain-peak", valueQuantity=quantity("4.1", "{score}"))))
    assert (reading.pain_peak, refusal.reason) == (Decimal("4.1"), "conflict")
    reading, refusal = partly(walking(component("done", valueQuantity=quantity(9, "min"))))
    assert (reading.done, refusal.reason) == (None, "conflict")


def test_a_new_quality_of_pain_is_not_hidden_by_the_usual_one() -> None:
    """Of several qualities the unusual one counts."""
    reading = session_of(
        walking(*(component("pain-quality", valueCodeableConcept=concept(one)) for one in ("usual", "sharp")))
    )
    assert reading.pain_quality == "sharp"


@pytest.mark.parametrize("exercise", [concept("zumba"), {"text": "something"}])
def test_an_unknown_exercise_is_refused(exercise: dict[str, Any]) -> None:
    """Without a known exercise there is no session, and one refusal."""
    result = read_all(session(component("exercise", valueCodeableConcept=exercise)))
    assert (result.readings, [refusal.reason for refusal in result.refusals]) == ((), ["not-mapped"])


@pytest.mark.parametrize(
    "exercise", [{"text": "Leg press"}, {"coding": [{"display": "leg-press"}]}, concept("leg-press")]
)
def test_an_exercise_by_code_or_words(exercise: dict[str, Any]) -> None:
    """The local code or the library's name identifies an exercise."""
    assert session_of(session(component("exercise", valueCodeableConcept=exercise))).exercise == "leg-press"


def test_an_unknown_component_is_counted() -> None:
    """It is refused, and the session is kept."""
    reading, refusal = partly(walking(component("cadence", valueInteger=90)))
    assert as_values(reading.done, refusal.reason, refusal.path) == (15, "not-mapped", "Observation.component[3]")


def test_a_session_without_exercise() -> None:
    """A session needs its exercise."""
    result = read_all(session(component("done", valueQuantity=quantity(15, "min"))))
    assert [(refusal.what, refusal.reason) for refusal in result.refusals] == [("session.exercise", "no-value")]


def lifted(day: int, load: object, unit: str = "kg") -> dict[str, Any]:
    """A leg-press session with a load."""
    parts = [component("exercise", valueCodeableConcept=concept("leg-press"))]
    parts.append(component("load", valueQuantity=quantity(load, unit)))
    period = {"start": f"2025-01-0{day}T10:00:00Z"}
    return session(*parts, id=f"s{day}", effectivePeriod=period)


@pytest.mark.parametrize(
    ("load", "reason"),
    [(80, None), (81, "implausible"), (88, "check-unit"), (18, "check-unit"), (20, None)],
)
def test_a_load_that_jumps(load: int, reason: str | None) -> None:
    """More than twice the last load, or a factor of 2.2 up or down, leaves the load unknown."""
    result = read_all(lifted(6, 40), lifted(8, load))
    loads = [reading.load for reading in result.readings if isinstance(reading, SessionReported)]
    assert loads == [40, load if reason is None else None]
    assert [refusal.reason for refusal in result.refusals] == ([] if reason is None else [reason])


def test_too_many_sessions_on_a_day() -> None:
    """The sixth session of an exercise on a day is reported, and all are kept as evidence."""
    sessions = [
        walking(id=f"s{hour}", effectivePeriod={"start": f"2025-01-10T{hour}:00:00Z"}) for hour in range(10, 16)
    ]
    result = read_all(*sessions)
    assert (len(result.readings), [refusal.what for refusal in result.refusals]) == (6, ["session.exercise"])


def test_a_trial() -> None:
    """A trial needs an exercise and an amount."""
    parts = [
        component("exercise", valueCodeableConcept=concept("walking")),
        component("done", valueQuantity=quantity(12, "min")),
        component("limiting-symptom", valueCodeableConcept=concept("pain")),
    ]
    reading = only_reading(observation("tolerance-trial", component=parts))
    assert isinstance(reading, TrialReported)
    assert as_values(reading.exercise, reading.done, reading.unit, reading.limiting_symptom) == (
        "walking",
        12,
        "min",
        "pain",
    )
    result = read_all(observation("tolerance-trial", component=parts[:1]))
    assert [(refusal.what, refusal.reason) for refusal in result.refusals] == [("trial.done", "no-value")]


def exercise_item(code: str = "walking") -> dict[str, Any]:
    """The item with the exercise."""
    return item("exercise", {"valueCoding": {"system": concept(code)["coding"][0]["system"], "code": code}})


def test_a_session_from_a_form() -> None:
    """The linkIds are the component codes, with start and end; the comment is a comment."""
    result = read_all(form(
        "session-check-in",
        item("started", {"valueDateTime": "2025-01-09T10:00:00Z"}),
        item("ended", {"valueDateTime": "2025-01-09T10:20:00Z"}),
        exercise_item(),
        item("prescribed", {"valueQuantity": quantity(15, "min")}),
        item("done", {"valueQuantity": quantity(900, "s")}),
        item("pain-peak", {"valueDecimal": Decimal("4.5")}),
        item("rpe-cr10", {"valueInteger": 3}),
        item("comment", {"valueString": "went well"}),
    ))  # fmt: skip
    (reading,) = [one for one in result.readings if isinstance(one, SessionReported)]
    assert as_values(reading.done, reading.unit, reading.pain_peak, reading.rpe) == (15, "min", Decimal("4.5"), 3)
    assert (str(reading.stamp.day), str(reading.stamp.end.time())) == ("2025-01-09", "10:20:00")
    assert str(reading.stamp.entered) == "2025-01-10 07:30:00+00:00"
    assert [one.text for one in result.readings if isinstance(one, Comment)] == ["went well"]
    assert result.refusals == ()


def test_two_exercises_in_one_form() -> None:
    """A group for each exercise gives a session for each."""
    groups = [
        {"linkId": "session", "item": [exercise_item(code), item("pain-peak", {"valueInteger": pain})]}
        for code, pain in (("walking", 2), ("leg-press", 4))
    ]
    result = read_all(form("session-check-in", *groups))
    sessions = {one.exercise: one.pain_peak for one in result.readings if isinstance(one, SessionReported)}
    assert sessions == {"walking": 2, "leg-press": 4}


def test_a_trial_from_a_form() -> None:
    """A date is the day of the trial."""
    reading = only_reading(form(
        "tolerance-trial", item("date", {"valueDate": "2025-01-07"}), exercise_item(),
        item("done", {"valueQuantity": quantity(9, "min")}),
    ))  # fmt: skip
    assert isinstance(reading, TrialReported)
    assert as_values(reading.done, str(reading.stamp.day), reading.stamp.timed) == (9, "2025-01-07", False)


def limited(*components: Resource, **more: Any) -> Resource:
    """A clinician's dose limit."""
    return observation("dose-limit", component=list(components), **({"performer": [PRACTITIONER]} | more))


WALK = component("exercise", valueCodeableConcept=concept("walking"))
TEN = component("amount", valueQuantity=quantity(10, "min"))
UNUSABLE_LIMITS: list[tuple[Resource, str, str, str | None]] = [
    (limited(TEN), "dose-limit.exercise", "no-value", None),
    (
        limited(component("exercise", valueCodeableConcept=concept("juggling")), TEN),
        "dose-limit.exercise",
        "not-mapped",
        None,
    ),
    (limited(component("exercise", valueInteger=3), TEN), "dose-limit.exercise", "wrong-value", None),
    (limited(WALK), "dose-limit.amount", "no-value", "walking"),
    (
        limited(WALK, component("amount", valueQuantity=quantity(10, "kPa"))),
        "dose-limit.amount",
        "wrong-unit",
        "walking",
    ),
    (limited(WALK, component("amount", valueString="ten")), "dose-limit.amount", "wrong-value", "walking"),
    (limited(WALK, TEN, effectiveDateTime=None), "dose-limit.exercise", "no-time", "walking"),
    (limited(WALK, TEN, effectiveDateTime="soon"), "dose-limit.exercise", "wrong-time", "walking"),
    (limited(TEN, effectiveDateTime="soon"), "dose-limit.exercise", "wrong-time", None),
    (limited(WALK, TEN, status="done"), "dose-limit.exercise", "wrong-value", "walking"),
    (limited(WALK, TEN, subject=None), "dose-limit.exercise", "malformed", "walking"),
    (limited(WALK, TEN, performer="Practitioner/physio"), "dose-limit.exercise", "malformed", "walking"),
    (limited(WALK, TEN, performer=[{"reference": 7}]), "dose-limit.exercise", "malformed", "walking"),
    (limited(WALK, TEN, performer=[PRACTITIONER, "physio"]), "dose-limit.exercise", "malformed", "walking"),
]


@pytest.mark.parametrize(("resource", "what", "reason", "exercise"), UNUSABLE_LIMITS)
def test_a_limit_that_cannot_be_used(resource: Resource, what: str, reason: str, exercise: str | None) -> None:
    """The refusal names the exercise where it is known, because a later limit of it replaces this one."""
    found = read_all(resource)
    assert [one for one in found.readings if isinstance(one, DoseLimit) and not one.stamp.preliminary] == []
    assert [(one.what, one.reason, one.exercise) for one in found.refusals] == [(what, reason, exercise)]


def test_a_limit_of_a_patient_is_refused_for_its_author() -> None:
    """It is no clinician's limit, and neither is one that names no one."""
    for performer in ([SUBJECT], None):
        (refused,) = read_all(limited(WALK, TEN, performer=performer)).refusals
        assert refused.reason == "not-a-practitioner"
