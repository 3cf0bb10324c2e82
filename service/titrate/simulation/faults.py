"""What bad devices and apps send beside a day's true reports, or in their place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from titrate.fhir.elements import Json
from titrate.simulation.diary import Day
from titrate.simulation.fhir_reports import PAIN, ReportWriter, quantity, score

POUNDS = Decimal("2.2")
AHEAD = 21


@dataclass(frozen=True, slots=True)
class Sent:
    """What arrives of a day. `truly` is what would have arrived without the fault, `fault` its name or empty."""

    arrived: tuple[Json, ...]
    truly: tuple[Json, ...]
    fault: str = ""


def sent(pen: ReportWriter, day: Day, told: Sequence[Json]) -> Sent:
    """The day's reports, with one fault where the chance has it so."""
    faults, chance = pen.person.archetype.faults, pen.person.chance
    truly = tuple(told)
    if faults is None or day.number < 0 or not chance.happens(faults.chance, day.number, "fault"):
        return Sent(truly, truly)
    names = tuple(FAULTS)
    name = names[int(chance.part(day.number, "which fault") * len(names))]
    return Sent(tuple(FAULTS[name](pen, day, copy.deepcopy(list(told)))), truly, name)


def _impossible_pain(pen: ReportWriter, day: Day, told: list[Json]) -> list[Json]:
    at = pen.person.clock(day.date, 7, 31)
    return [*told, pen.observation(PAIN, at, valueQuantity=score(37))]


def _second_pain(pen: ReportWriter, day: Day, told: list[Json]) -> list[Json]:
    """A tracker that says 0 beside what the person says."""
    at = pen.person.clock(day.date, 8, 5)
    return [*told, pen.observation(PAIN, at, valueQuantity=score(0))]


def _better_draft(pen: ReportWriter, day: Day, told: list[Json]) -> list[Json]:
    """A preliminary value that flatters."""
    at = pen.person.clock(day.date, 7, 40)
    return [*told, pen.observation(PAIN, at, status="preliminary", valueQuantity=score(1))]


def _twice(_pen: ReportWriter, _day: Day, told: list[Json]) -> list[Json]:
    """Everything once more, under other ids."""
    return [*told, *({**copy.deepcopy(one), "id": f"{one['id']}-b"} for one in told)]


def _seconds(_pen: ReportWriter, _day: Day, told: list[Json]) -> list[Json]:
    """Seconds that are called minutes."""
    return [_changed(one, lambda value: value * 60) for one in told]


def _much_more(_pen: ReportWriter, _day: Day, told: list[Json]) -> list[Json]:
    """An amount in another unit than it says: 2.2 times as much."""
    return [_changed(one, lambda value: (value * POUNDS).quantize(Decimal(1))) for one in told]


def _racing_heart(pen: ReportWriter, day: Day, told: list[Json]) -> list[Json]:
    at = pen.person.clock(day.date, 9)
    return [*told, pen.observation("8867-4", at, valueQuantity=quantity(300, "/min"))]


def _from_the_future(pen: ReportWriter, day: Day, told: list[Json]) -> list[Json]:
    """A device whose clock is three weeks ahead."""
    at = pen.person.clock(day.date + timedelta(days=AHEAD), 7, 30)
    return [*told, pen.observation(PAIN, at, valueQuantity=score(0))]


def _somebody_else(pen: ReportWriter, day: Day, told: list[Json]) -> list[Json]:
    at = pen.person.clock(day.date, 7, 45)
    stranger = {"reference": "Patient/cohort-somebody-else"}
    return [*told, pen.observation(PAIN, at, valueQuantity=score(0), subject=stranger)]


def _withdrawn(_pen: ReportWriter, _day: Day, told: list[Json]) -> list[Json]:
    """The day's reports marked as entered in error."""
    return [{**one, "status": "entered-in-error"} for one in told if one["resourceType"] == "Observation"]


def _unknown_unit(_pen: ReportWriter, _day: Day, told: list[Json]) -> list[Json]:
    return [_in_unit(one, "furlong") for one in told]


FAULTS: dict[str, Callable[[ReportWriter, Day, list[Json]], list[Json]]] = {
    "a pain of 37": _impossible_pain,
    "a second pain of 0": _second_pain,
    "a preliminary pain of 1": _better_draft,
    "everything twice": _twice,
    "seconds called minutes": _seconds,
    "2.2 times as much": _much_more,
    "a pulse of 300": _racing_heart,
    "a pain from the future": _from_the_future,
    "somebody else's pain": _somebody_else,
    "reports entered in error": _withdrawn,
    "an unknown unit": _unknown_unit,
}


def _changed(resource: Json, change: Callable[[Decimal], Decimal]) -> Json:
    """A session whose amount done is another; anything else as it is."""
    for component in resource.get("component", ()):
        if component["code"]["coding"][0]["code"] == "done":
            component["valueQuantity"]["value"] = change(Decimal(component["valueQuantity"]["value"]))
    return resource


def _in_unit(resource: Json, unit: str) -> Json:
    for component in resource.get("component", ()):
        if component["code"]["coding"][0]["code"] == "done":
            component["valueQuantity"] = {"value": component["valueQuantity"]["value"], "unit": unit}
    return resource
