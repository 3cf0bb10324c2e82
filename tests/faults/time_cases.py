"""Periods that end with a date, clock changes, empty dates, and dates in the future."""

from __future__ import annotations

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    WALKING,
    Case,
    Expected,
    flag,
)
from tests.faults.records import (
    FORMS_URL,
    LOINC,
    Change,
    Json,
    add,
    added,
    answer,
    component,
    concept,
    condition,
    marked,
    observation,
    one,
    patient,
    response,
    walk,
)


def period(start: str, end: str | None, day: str = "10") -> Change:
    """The walk of a day in this period."""

    def change(bundle: Json) -> None:
        walk(bundle, day)["effectivePeriod"] = {"start": start, **({"end": end} if end else {})}

    return change


def bounds(**more: str) -> Change:
    """The order for walking with other bounds."""
    return lambda bundle: one(bundle, "order-walking")["occurrenceTiming"]["repeat"].update(
        boundsPeriod={"start": "2025-01-04", **more}
    )


def in_zone(zone: str, start: str, end: str) -> Change:
    """The patient lives in a zone, and the walk of the 10th was at these local times."""

    def change(bundle: Json) -> None:
        patient(bundle)["extension"][0]["valueCode"] = zone
        period(start, end)(bundle)

    return change


def state(code: str, day: str) -> Change:
    """A date of the state that our last decision recorded."""

    def change(bundle: Json) -> None:
        component(one(bundle, "-decision"), code)["valueDateTime"] = day

    return change


KEPT = Expected(rule="D10", raised=WALKING, walks=3)
HELD = Expected(rule="D5")

PERIODS = (
    Case("walk from a time to the same date", KEPT, period("2025-01-10T10:00:00+00:00", "2025-01-10")),
    Case("walk without an end", KEPT, period("2025-01-10T10:00:00+00:00", None)),
    Case("walk from a time to the month", NO_RISE, period("2025-01-10T10:00:00+00:00", "2025-01")),
    Case("walk from a date to the same date", KEPT, period("2025-01-10", "2025-01-10")),
    Case("walk that ends before it starts", NO_RISE, period("2025-01-10T10:00:00+00:00", "2025-01-10T09:00:00+00:00")),
    Case("walk that ends a date before it starts", NO_RISE, period("2025-01-10T10:00:00+00:00", "2025-01-09")),
    Case(
        "plan that ends today", RISES, marked("e2-progress-plan", period={"start": "2025-01-04", "end": "2025-01-13"})
    ),
    Case("order that ends today", RISES, bounds(end="2025-01-13")),
    Case(
        "diagnosis that abates today",
        flag("rf01"),
        added(
            condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G83.4"}, abatementDateTime="2025-01-13")
        ),
    ),
    Case(
        "yes in a period that ends with a date",
        flag("rf02"),
        added(
            {
                **observation("rf02", None, valueBoolean=True),
                "effectivePeriod": {"start": "2025-01-12T08:00:00+00:00", "end": "2025-01-12"},
            }
        ),
    ),
)

ZONES = (
    Case(
        "clock goes back in New York",
        Expected(walks=1),
        at="2024-11-04T14:00:00Z",
        change=in_zone("America/New_York", "2024-11-03T01:50:00", "2024-11-03T01:05:00"),
    ),
    Case(
        "clock goes back by half an hour",
        Expected(walks=1),
        at="2024-04-08T00:00:00Z",
        change=in_zone("Australia/Lord_Howe", "2024-04-07T01:50:00", "2024-04-07T01:35:00"),
    ),
    Case(
        "clock goes forward",
        Expected(walks=1),
        at="2024-04-01T09:00:00Z",
        change=in_zone("Europe/London", "2024-03-31T00:55:00", "2024-03-31T02:10:00"),
    ),
    Case(
        "walk within the hour that is skipped",
        Expected(walks=1),
        at="2024-04-01T09:00:00Z",
        change=in_zone("Europe/London", "2024-03-31T01:10:00", "2024-03-31T01:25:00"),
    ),
    Case(
        "walk within the hour that comes twice",
        Expected(walks=1),
        at="2024-10-28T09:00:00Z",
        change=in_zone("Europe/London", "2024-10-27T01:10:00", "2024-10-27T01:25:00"),
    ),
)


def yes_at(day: str, zone: str = "Europe/London") -> Change:
    """A yes at this time, of a patient of this zone."""

    def change(bundle: Json) -> None:
        patient(bundle)["extension"][0]["valueCode"] = zone
        add(bundle, observation("rf09", day, valueBoolean=True))

    return change


PAST = (
    *(
        Case(f"yes at {day} in {zone}", flag("rf09"), yes_at(day, zone))
        for day, zone in (
            ("1899-12-30", "Europe/Amsterdam"),
            ("1899-12-30T00:00:00", "Asia/Kolkata"),
            ("1601-01-01T00:00:00Z", "America/New_York"),
            ("0001-01-01T00:00:00Z", "Asia/Kolkata"),
            ("1753-01-01", "Africa/Monrovia"),
            ("1900", "Europe/Paris"),
            ("1970-01-01T00:00:00Z", "America/New_York"),
        )
    ),
    Case(
        "diagnosis since 1900",
        flag("rf01"),
        added(condition({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G83.4"}, onsetDateTime="1900-01-01")),
    ),
    Case(
        "yes in a form of 1899",
        flag("rf05"),
        added(response([answer("rf05", valueBoolean=True)], f"{FORMS_URL}/safety-screen-short", "1899-12-30T00:00:00")),
    ),
    Case("no at an empty date", RISES, added(observation("rf09", "1900-01-01", valueBoolean=False))),
    Case(
        "pain at an empty date",
        RISES,
        added(observation(concept("72514-3", LOINC), "1900-01-01T08:00:00", valueInteger=9)),
    ),
    Case("yes in the future", flag("rf09"), yes_at("2025-03-13T07:30:00Z")),
    Case("yes in the year 9999", flag("rf09"), yes_at("9999-12-31")),
)

FUTURE = (
    Case("state of the past", RISES, state("phase-since", "2025-01-03")),
    Case("phase since next month", HELD, state("phase-since", "2025-02-13")),
    Case("dose since tomorrow", HELD, state("walking.dose-since", "2025-01-14")),
    Case("order written next week", HELD, marked("e2-progress-order-walking", authoredOn="2025-01-20T09:00:00+00:00")),
    Case("order written today", RISES, marked("e2-progress-order-walking", authoredOn="2025-01-13T23:00:00+00:00")),
    Case("order that begins next month", HELD, bounds(start="2025-02-13")),
    Case("order that begins tomorrow", HELD, bounds(start="2025-01-14")),
    Case("order that begins today", RISES, bounds(start="2025-01-13")),
    Case("loading since next year", HELD, state("loading-since", "2026-01-04")),
    Case("dose of the other exercise since next month", HELD, state("leg-press.dose-since", "2025-02-13")),
    Case(
        "decision of tomorrow",
        HELD,
        marked("-decision", effectiveDateTime="2025-01-14T09:00:00+00:00", issued="2025-01-14T09:00:00+00:00"),
    ),
    Case(
        "plan created next week",
        HELD,
        marked("e2-progress-plan", created="2025-01-20T09:00:00+00:00", period={"start": "2025-01-20"}),
    ),
    Case("approval of next week", HELD, marked("-approval", recorded="2025-01-20T09:00:00+00:00")),
)
ON_THE_EHR = {
    "walk from a time to the same date",
    "plan that ends today",
    "clock goes back in New York",
    "no at an empty date",
    "state of the past",
    "dose since tomorrow",
}
FILE_CASES = (*PERIODS, *ZONES, *PAST, *FUTURE)
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
