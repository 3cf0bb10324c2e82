"""One session sent several times, codings that disagree, and a pulse beside its session."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.faults.expectations import (
    NO_RISE,
    RISES,
    WALKING,
    WALKING_HELD,
    Case,
    Expected,
    flag,
)
from tests.faults.records import (
    CLINICIAN,
    FORMS_URL,
    LOCAL,
    LOINC,
    SNOMED,
    Change,
    Json,
    add,
    added,
    answer,
    component,
    concept,
    observation,
    quantity,
    response,
    walk,
)

YES, NO = (
    {"system": SNOMED, "code": "373066001", "display": "Yes"},
    {"system": SNOMED, "code": "373067005", "display": "No"},
)

UNKNOWN = {"system": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "code": "UNK"}


def moved(session: Json, minutes: float, id_: str) -> Json:
    """A copy of a session that starts and ends later."""
    copy = deepcopy(session)
    shift = timedelta(minutes=minutes)
    copy["effectivePeriod"] = {
        name: (datetime.fromisoformat(time) + shift).isoformat() for name, time in copy["effectivePeriod"].items()
    }
    copy["id"] = id_
    return copy


def one_walk(*minutes: float, **more: Any) -> Change:
    """Only the walk of the 10th remains, and comes again that many minutes later."""

    def change(bundle: Json) -> None:
        last = walk(bundle)
        bundle["entry"] = [
            entry
            for entry in bundle["entry"]
            if "-walking-2025" not in entry["resource"]["id"] or entry["resource"] is last
        ]
        for number, later in enumerate(minutes):
            add(bundle, {**moved(last, later, f"again-{number}"), **more})

    return change


def copy_of(day: str, minutes: float, **values: float) -> Change:
    """The walk of a day comes again from a watch, with other amounts."""

    def change(bundle: Json) -> None:
        copy = moved(walk(bundle, day), minutes, "watch-1")
        copy["performer"] = [{"reference": "Device/watch"}]
        for name, value in values.items():
            component(copy, name.replace("_", "-"))["valueQuantity"]["value"] = value
        add(bundle, copy)

    return change


def part(day: str, code: str, value: Json) -> Change:
    """One component of the walk of a day."""

    def change(bundle: Json) -> None:
        held = walk(bundle, day)
        held["component"] = [old for old in held["component"] if old["code"]["coding"][0]["code"] != code]
        held["component"].append({"code": concept(code), **value})

    return change


def coded(*codings: Json) -> Json:
    """A value with these codings."""
    return {"valueCodeableConcept": {"coding": list(codings)}}


def local(code: str) -> Json:
    """A coding of the local code system."""
    return {"system": LOCAL, "code": code}


def form_walk(bundle: Json) -> None:
    """Only the walk of the 10th remains; it is reported twice in forms too."""
    one_walk()(bundle)
    for number, start in enumerate(("2025-01-10T10:03:00+00:00", "2025-01-10T10:13:00+00:00")):
        items = [
            answer("exercise", valueCoding=local("walking")),
            answer("started", valueDateTime=start),
            answer("prescribed", valueQuantity=quantity(15, "min")),
            answer("done", valueQuantity=quantity(15, "min")),
            answer("pain-before", valueInteger=2),
            answer("pain-peak", valueInteger=3),
            answer("rpe-cr10", valueInteger=3),
        ]
        add(
            bundle,
            {**response(items, f"{FORMS_URL}/session-check-in", "2025-01-10T10:30:00+00:00"), "id": f"form-{number}"},
        )


ONE_SESSION = Expected(rule="D10", raised=frozenset({"leg-press"}), walks=1)
DOUBLES = (
    Case("walk again after 3 and 7 minutes", ONE_SESSION, one_walk(3, 7)),
    Case("walk in a chain, each 14 minutes after the last", ONE_SESSION, one_walk(14, 28, 42)),
    Case(
        "walk again with identifiers of its own but overlapping",
        ONE_SESSION,
        one_walk(2, 4, identifier=[{"system": "urn:watch", "value": "1"}]),
    ),
    Case("walk in two forms and a record", ONE_SESSION, form_walk),
    Case("walk again with less done", NO_RISE, copy_of("10", 1, done=9)),
    Case("walk again with more pain", NO_RISE, copy_of("10", 1, pain_peak=7)),
    Case("walk again with more exertion", NO_RISE, copy_of("08", 1, rpe_cr10=6)),
    Case("walk again in other seconds", Expected(rule="D10", raised=WALKING, walks=3), copy_of("10", 0.2)),
    Case("walk again with a minute less", Expected(rule="D10", raised=WALKING, walks=3), copy_of("10", 0.2, done=14)),
    Case("walk in the afternoon too", Expected(rule="D10", raised=WALKING, walks=4), copy_of("10", 300)),
)
SAFETY = (
    Case("yes and no in one answer", flag("rf01"), added(observation("rf01", **coded(NO, YES)))),
    Case(
        "yes and no as two answers of a form",
        flag("rf02"),
        added(
            response(
                [{"linkId": "rf02", "answer": [{"valueBoolean": False}, {"valueBoolean": True}]}],
                f"{FORMS_URL}/safety-screen-short",
            )
        ),
    ),
    Case(
        "yes and no as two items of a form",
        flag("rf05"),
        added(
            response(
                [answer("rf05", valueBoolean=True), answer("rf05", valueBoolean=False)],
                f"{FORMS_URL}/safety-screen-short",
            )
        ),
    ),
    Case(
        "code no with the display Yes",
        flag("rf09"),
        added(observation("rf09", valueCodeableConcept={"coding": [NO], "text": "Yes"})),
    ),
    Case("no and unknown in one answer", Expected(rule="D7"), added(observation("rf09", **coded(NO, UNKNOWN)))),
    Case(
        "two questions in one code",
        flag("rf09"),
        added(observation({"coding": [local("mood-nrs"), local("rf09")]}, valueBoolean=True)),
    ),
    Case(
        "two codings of no",
        RISES,
        added(observation("rf09", **coded(NO, {"system": LOINC, "code": "LA32-8", "display": "No"}))),
    ),
    Case(
        "no beside a code of a site",
        RISES,
        added(observation("rf09", **coded(NO, {"system": "urn:site", "code": "N17"}))),
    ),
)
CODINGS = (
    Case(
        "talk test comfortable and not",
        NO_RISE,
        part("10", "talk-test", coded(local("comfortable"), local("not-comfortable"))),
    ),
    Case(
        "stopped for chest symptoms and completed",
        flag("rf09"),
        part("10", "stop-reason", coded(local("completed"), local("chest-symptom"))),
    ),
    Case("flare yes and no", NO_RISE, added(observation("flare-self-report", **coded(NO, YES)))),
    Case(
        "two scales of exertion that disagree",
        NO_RISE,
        lambda bundle: walk(bundle)["component"].append(
            {"code": concept("rpe-6-20"), "valueQuantity": quantity(18, "{score}")}
        ),
    ),
    Case(
        "peak twice in one session",
        NO_RISE,
        lambda bundle: walk(bundle)["component"].append(
            {"code": concept("pain-peak"), "valueQuantity": quantity(8, "{score}")}
        ),
    ),
    Case("stressor none and major", NO_RISE, added(observation("stressor", **coded(local("none"), local("major"))))),
    Case("exercise walking and cycling", NO_RISE, part("10", "exercise", coded(local("cycling"), local("walking")))),
    Case(
        "two scales of exertion",
        Expected(rule="D5"),
        lambda bundle: walk(bundle)["component"].append(
            {"code": concept("rpe-6-20"), "valueQuantity": quantity(11, "{score}")}
        ),
    ),
    Case(
        "talk test with a code of a site",
        RISES,
        part("10", "talk-test", coded(local("comfortable"), {"system": "urn:site", "code": "TT1"})),
    ),
)
LIMIT = observation(
    "heart-rate-limit",
    "2025-01-04T09:00:00+00:00",
    "limit-1",
    valueQuantity=quantity(120, "/min"),
    performer=[{"reference": CLINICIAN}],
)


def pulse(rate: float, at: str | None, code: str = "8867-4", **more: Any) -> Change:
    """A pulse of its own beside a limit of 120."""
    return added(LIMIT, observation(concept(code, LOINC), at, "pulse-1", valueQuantity=quantity(rate, "/min"), **more))


def two_pulses(bundle: Json) -> None:
    """A pulse below the limit, and a minute later one above it."""
    pulse(110, "2025-01-10T10:05:00+00:00")(bundle)
    above = quantity(121, "/min")
    add(bundle, observation(concept("8867-4", LOINC), "2025-01-10T10:06:00+00:00", "pulse-2", valueQuantity=above))


PULSES = (
    Case("pulse in the middle of the walk", WALKING_HELD, pulse(150, "2025-01-10T10:07:00+00:00")),
    Case("pulse at the end of the walk", WALKING_HELD, pulse(150, "2025-01-10T10:15:00+00:00")),
    Case("pulse of the walk in another zone", WALKING_HELD, pulse(150, "2025-01-10T05:05:00-05:00")),
    Case(
        "pulse of the walk as its period",
        WALKING_HELD,
        pulse(150, None, effectivePeriod={"start": "2025-01-10T10:00:00+00:00", "end": "2025-01-10T10:15:00+00:00"}),
    ),
    Case(
        "pulse of the walk as an instant", WALKING_HELD, pulse(150, None, effectiveInstant="2025-01-08T10:03:00.250Z")
    ),
    Case("exercise pulse by its own code", WALKING_HELD, pulse(150, "2025-01-06T10:05:00+00:00", "55426-1")),
    Case(
        "pulse in a vital signs panel",
        WALKING_HELD,
        added(
            LIMIT,
            observation(
                concept("85353-1", LOINC),
                "2025-01-10T10:05:00+00:00",
                component=[{"code": concept("8867-4", LOINC), "valueQuantity": quantity(150, "/min")}],
            ),
        ),
    ),
    Case(
        "mean and highest pulse of the walk",
        WALKING_HELD,
        two_pulses,
    ),
    Case("pulse at rest on that morning", flag("rf13"), pulse(130, "2025-01-10T08:00:00+00:00")),
    Case("pulse of the walk at the limit", RISES, pulse(120, "2025-01-10T10:07:00+00:00")),
    Case(
        "pulse of the walk without a limit",
        RISES,
        added(observation(concept("8867-4", LOINC), "2025-01-10T10:07:00+00:00", valueQuantity=quantity(138, "/min"))),
    ),
)


def part_of_walk(code: Any) -> Change:
    """The last walk has another part, a rating with this code."""

    def change(bundle: Json) -> None:
        walk(bundle)["component"].append({"code": code, "valueInteger": 2})

    return change


PARTS = (
    Case("part of a walk that is a text", NO_RISE, lambda bundle: walk(bundle)["component"].append("pain peak 6")),
    Case("part of a walk that is null", RISES, lambda bundle: walk(bundle)["component"].append(None)),
    Case("part of a walk without a code", NO_RISE, part_of_walk({})),
    Case("part of a walk with a code of another type", NO_RISE, part_of_walk([{"code": "pain-peak"}])),
    Case("part of a walk known by its text alone", NO_RISE, part_of_walk({"text": "pain peak"})),
    Case("part of a walk with a text for something else", RISES, part_of_walk({"text": "cadence"})),
    Case("part of a walk with a code that is not mapped", RISES, part_of_walk(concept("cadence"))),
)
FILE_CASES = (*DOUBLES, *SAFETY, *CODINGS, *PULSES, *PARTS)
ON_THE_EHR = {
    "walk again after 3 and 7 minutes",
    "walk in two forms and a record",
    "walk again in other seconds",
    "yes and no in one answer",
    "talk test comfortable and not",
    "two codings of no",
    "pulse of the walk as an instant",
    "pulse of the walk at the limit",
}
EHR_CASES = tuple(case for case in FILE_CASES if case.id in ON_THE_EHR)
