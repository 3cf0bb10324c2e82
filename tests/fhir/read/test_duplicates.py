"""Two equal reports are one reading, in any order."""

from __future__ import annotations

from itertools import permutations

from tests.fhir.read.sample_resources import (
    as_values,
    component,
    concept,
    form,
    item,
    pain,
    patient,
    quantity,
    read_all,
    walking,
)
from titrate.clinical.values.readings import Measurement, SessionReported


def test_same_code_instant_and_value() -> None:
    """Sent again with another zone and format, it is one reading."""
    again = pain(valueInteger=None, valueQuantity=quantity("3.0", "{score}"), id="again",
                 effectiveDateTime="2025-01-10T08:30:00+01:00")  # fmt: skip
    result = read_all(pain(3), again)
    assert (len(result.readings), [refusal.reason for refusal in result.refusals]) == (1, ["duplicate"])


def test_another_value_at_the_same_instant_stays() -> None:
    """Both are kept, so that the conflict is visible."""
    assert len(read_all(pain(3), pain(5, id="other")).readings) == 2


def test_the_final_reading_is_kept() -> None:
    """Of a preliminary and a final record of one reading the final one counts."""
    result = read_all(pain(3, id="a", status="preliminary"), pain(3, id="b"))
    assert [one.stamp.preliminary for one in result.readings] == [False]


def test_the_order_of_resources_makes_no_difference() -> None:
    """The same input in any order gives the same readings and refusals in the same order."""
    resources = [patient(), pain(3), pain(3, id="x"), walking(), pain(11, id="y")]
    results = {repr(read_all(*order)) for order in permutations(resources)}
    assert len(results) == 1


def test_a_session_made_from_a_form_completes_it() -> None:
    """The heart rate of the Observation is kept, and the session counts once."""
    code = {"system": concept("walking")["coding"][0]["system"], "code": "walking"}
    answered = form("session-check-in", item("exercise", {"valueCoding": code}),
                    item("pain-peak", {"valueInteger": 4}))  # fmt: skip
    made = walking(component("heart-rate", valueQuantity=quantity(110, "/min")),
                   derivedFrom=[{"reference": "QuestionnaireResponse/q-session-check-in"}])  # fmt: skip
    result = read_all(answered, made)
    (reading,) = result.readings
    assert isinstance(reading, SessionReported)
    assert as_values(reading.pain_peak, reading.heart_rate, reading.done) == (4, 110, 15)
    assert [refusal.reason for refusal in result.refusals] == ["duplicate"]


def test_a_session_that_contradicts_its_form_is_kept() -> None:
    """With another peak pain than in the form it is no duplicate."""
    code = {"system": concept("walking")["coding"][0]["system"], "code": "walking"}
    answered = form("session-check-in", item("exercise", {"valueCoding": code}),
                    item("pain-peak", {"valueInteger": 4}))  # fmt: skip
    made = walking(component("pain-peak", valueInteger=7),
                   derivedFrom=[{"reference": "QuestionnaireResponse/q-session-check-in"}])  # fmt: skip
    assert len(read_all(answered, made).readings) == 2


def test_measured_twice_a_day_is_two() -> None:
    """Different instants are different readings."""
    result = read_all(pain(3), pain(3, id="later", effectiveDateTime="2025-01-10T08:00:00Z"))
    assert len([one for one in result.readings if isinstance(one, Measurement)]) == 2
