"""Which orders put a dose in force, which only bound it, and whose signature approves (B13.7, B13.8, B13.16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.clinical.thresholds.probe import Case
from tests.fhir.example import AT, PERSON, PRESS, SITE, WALK, minutes, repetitions
from tests.fhir.plan_state.resources import decision, measured, order, plan, service_plan, verified
from titrate.clinical.record.conflicts import report_conflicts
from titrate.clinical.record.limits import dose_cap, limits_of
from titrate.clinical.record.patient_record import patient_record
from titrate.clinical.values.plan import Dose, PlanInForce
from titrate.fhir.plan_state import PlanResources, current_plan
from titrate.rulebook import load

BOOK = load()
TIMING = {"frequency": 3, "period": 1, "periodUnit": "wk"}


def in_force(*resources: dict[str, Any]) -> PlanInForce:
    """The plan in force among these resources, by the rulebook that ships."""
    return current_plan(PlanResources.sort(resources, PERSON, BOOK, SITE, AT))


def walking(**more: Any) -> PlanInForce:
    """A plan with one order for 15 minutes of walking."""
    return in_force(service_plan("1", "w"), order("w", WALK, "15", "min", **more))


def doses(found: PlanInForce) -> list[Dose | None]:
    """The doses in force."""
    return [state.dose for state in found.exercises]


def ends(day: str) -> dict[str, Any]:
    """A timing whose period ends on a date; AT is on 2025-01-13."""
    return {"occurrenceTiming": {"repeat": {**TIMING, "boundsPeriod": {"start": "2025-01-01", "end": day}}}}


@pytest.mark.parametrize("frequency", [57, 10**12, Decimal(10**20), "3", [3], {}])
def test_a_frequency_that_cannot_be_meant_is_left_out(frequency: object) -> None:
    """More sessions a week than hours, or no number: the recorded frequency counts, else one."""
    timing = {"repeat": {"frequency": frequency, "period": 1, "periodUnit": "d"}}
    assert [state.weekly_frequency for state in walking(occurrenceTiming=timing).exercises] in ([1], [7])


@pytest.mark.parametrize("system", [{}, [], 7, None, {"value": 1}])
def test_an_identifier_system_of_any_type_is_read(system: object) -> None:
    """It is no identifier of the service."""
    found = in_force(plan("1", "w", identifier=[{"system": system, "value": "x"}]), order("w", WALK, "15", "min"))
    assert found.written_by_clinician


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_a_decision_without_a_time_is_read_in_every_zone(zone: str) -> None:
    """It counts as long ago."""
    undated = decision("d", "2025-01-06T09:00:00Z", "hold", {}, basedOn=[{"reference": "CarePlan/1"}])
    undated.pop("effectiveDateTime")
    resources = (service_plan("1", "w"), order("w", WALK, "15", "min"), undated)
    found = current_plan(PlanResources.sort(resources, replace(PERSON, zone=zone), BOOK, SITE, AT))
    assert len(found.history) == 1


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, True),
        ({"intent": "plan"}, True),
        ({"intent": "proposal"}, False),
        ({"intent": "option"}, False),
        ({"intent": ["order"]}, True),
        (ends("2025-01-12"), False),
        (ends("2025-01-13"), True),
        (ends("2025-01-14"), True),
        (ends("soon"), True),
        ({"occurrencePeriod": {"end": "2025-01-12"}}, False),
        ({"status": "on-hold"}, False),
        ({**ends("2025-01-12"), "identifier": [{"system": SITE.resource_system, "value": "w"}]}, True),
    ],
)
def test_which_order_puts_a_dose_in_force(more: dict[str, Any], counts: bool) -> None:
    """Active, more than a suggestion, and not over; the end of the service's own order is its review."""
    assert (minutes("15") in doses(walking(**more))) is counts


@pytest.mark.parametrize(("amount", "plausible"), [("239", True), ("240", True), ("241", False), ("100000", False)])
def test_minutes_that_cannot_be_meant(amount: str, plausible: bool) -> None:
    """240 minutes are the most of a session. More puts no dose in force and is named."""
    found = in_force(service_plan("1", "w"), order("w", WALK, amount, "min"))
    assert doses(found) == [minutes(amount) if plausible else None]
    assert found.implausible_orders == (() if plausible else ("ServiceRequest/w",))


@pytest.mark.parametrize(
    ("words", "dose"),
    [
        ("3 x 100 @ 40 kg", repetitions(3, 100, "40")),
        ("3 x 101 @ 40 kg", None),
        ("20 x 5 @ 40 kg", repetitions(20, 5, "40")),
        ("21 x 4 @ 40 kg", None),
        ("3 x 10 @ 80 kg", repetitions(3, 10, "80")),
        ("3 x 10 @ 80.5 kg", None),
    ],
)
def test_sets_and_loads_that_cannot_be_meant(words: str, dose: Dose | None) -> None:
    """100 repetitions a set, 20 sets, and twice the load that was recorded are the most."""
    state = {
        "leg-press.sets": measured("3", "1"),
        "leg-press.repetitions": measured("30", "{repetitions}"),
        "leg-press.load": measured("40", "kg"),
    }
    based = {"basedOn": [{"reference": "CarePlan/1"}]}
    press = order("p", PRESS, words.split(" x ", maxsplit=1)[0], "{repetitions}", words)
    press.pop("quantityQuantity")
    found = in_force(service_plan("1", "p"), press, decision("d", "2025-01-06T09:00:00Z", "hold", state, **based))
    assert doses(found) == [dose]
    assert bool(found.implausible_orders) is (dose is None)


def test_a_dose_that_cannot_be_meant_holds_the_plan() -> None:
    """D5, and the order is named."""
    reported, _, at = Case().course()
    plan_now = in_force(service_plan("1", "w"), order("w", WALK, "100000", "min"))
    record = patient_record(reported, plan_now, BOOK, at)
    assert "the order ServiceRequest/w states an implausible dose: correct the order" in [
        str(found) for found in report_conflicts(record, limits_of(record))
    ]


@pytest.mark.parametrize(
    ("more", "bound"),
    [
        ({}, minutes("12")),
        ({"doNotPerform": True}, minutes("0")),
        ({"doNotPerform": True, "status": "revoked"}, None),
        ({"status": "completed"}, None),
        ({"intent": "proposal"}, None),
        ({"identifier": [{"system": SITE.resource_system, "value": "x"}]}, None),
        ({"subject": {"reference": "Patient/other"}}, None),
    ],
)
def test_a_clinicians_order_outside_a_plan_is_an_upper_bound(more: dict[str, Any], bound: Dose | None) -> None:
    """`doNotPerform` allows none. Orders of the service, and those that are over, bound nothing."""
    own, other = order("w", WALK, "15", "min"), order("x", WALK, "12", "min", **more)
    found = in_force(service_plan("1", "w"), own, other)
    assert [(item.dose, item.plan) for item in found.bounds] == ([] if bound is None else [(bound, "ServiceRequest/x")])
    assert doses(found) == [minutes("15")]


def test_the_bound_of_an_order_caps_the_dose() -> None:
    """The least of all bounds counts, and who set it is named."""
    found = in_force(
        service_plan("1", "w"), order("w", WALK, "15", "min"), order("x", WALK, "12", "min"),
        plan("2", "y"), order("y", WALK, "14", "min"),
    )  # fmt: skip
    reported, _, at = Case().course()
    assert dose_cap(patient_record(reported, found, BOOK, at), WALK) == (Decimal(12), None)


def signed(who: dict[str, Any] | None, *more: dict[str, Any]) -> PlanInForce:
    """A plan since 1 January whose approval on 8 January has this signer."""
    recorded = verified("CarePlan/1", "2025-01-08T10:00:00Z")
    recorded["agent"][0]["who"] = who
    return in_force(service_plan("1", "w"), order("w", WALK, "15", "min"), recorded, *more)


@pytest.mark.parametrize(
    ("who", "approves"),
    [
        ({"reference": "Practitioner/p"}, True),
        ({"reference": "PractitionerRole/r"}, True),
        ({"type": "Practitioner", "identifier": {"value": "1"}}, True),
        ({"reference": "Patient/b"}, False),
        ({"reference": "RelatedPerson/m"}, False),
        ({"reference": "Device/d"}, False),
        ({"type": "Patient", "identifier": {"value": "1"}}, False),
        ({"reference": "Practitioner/gone"}, False),
        ({"reference": "PractitionerRole/ended"}, False),
        ({"reference": "PractitionerRole/ends-today"}, True),
        ({"reference": "PractitionerRole/left"}, False),
        ({"reference": "PractitionerRole/of-gone"}, False),
        ({"reference": "PractitionerRole/begins-tomorrow"}, False),
        ({"reference": "PractitionerRole/unreadable"}, False),
        ({"reference": "Practitioner/modified"}, False),
        ({"reference": "Practitioner/unsure"}, False),
        ({"type": "Practitioner", "identifier": {"system": "urn:staff", "value": "7"}}, False),
        ({"type": "Practitioner", "identifier": {"system": "urn:other", "value": "7"}}, True),
        ({"reference": "https://other.example/fhir/Practitioner/p"}, False),
        ({"reference": "#p", "type": "Practitioner"}, False),
        ({"type": "Practitioner", "display": "A clinician"}, False),
        ({"type": "Practitioner"}, False),
        ({"display": "A clinician"}, False),
        (None, False),
        ("Practitioner/p", False),
    ],
)
def test_who_approves(who: dict[str, Any] | None, approves: bool) -> None:
    """An active Practitioner or PractitionerRole; without an approval the plan's first day counts."""
    today, yesterday, tomorrow = (AT - timedelta(days=days) for days in (0, 1, -1))
    number = {"system": "urn:staff", "value": "7"}
    signers = (
        {"resourceType": "Practitioner", "id": "gone", "active": False, "identifier": [number]},
        {"resourceType": "Practitioner", "id": "modified", "modifierExtension": [{"url": "urn:x"}]},
        {"resourceType": "Practitioner", "id": "unsure", "active": "no"},
        {"resourceType": "PractitionerRole", "id": "of-gone", "practitioner": {"reference": "Practitioner/gone"}},
        {"resourceType": "PractitionerRole", "id": "unreadable", "period": {"end": "last winter"}},
        {"resourceType": "PractitionerRole", "id": "begins-tomorrow", "period": {"start": tomorrow.date().isoformat()}},
        {"resourceType": "PractitionerRole", "id": "left", "active": False},
        {"resourceType": "PractitionerRole", "id": "ended", "period": {"end": yesterday.date().isoformat()}},
        {"resourceType": "PractitionerRole", "id": "ends-today", "period": {"end": today.date().isoformat()}},
    )
    approved = signed(who, *signers).approved
    assert approved is not None
    assert approved.isoformat() == ("2025-01-08" if approves else "2025-01-01")
