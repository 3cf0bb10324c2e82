"""Faulty reports of devices and apps, in addition to the true reports of a day or in their place."""

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
class DayReports:
    """The reports that arrive of a day. `fault` is empty or its name; `without_fault`: the true reports."""

    arrived: tuple[Json, ...]
    without_fault: tuple[Json, ...]
    fault: str = ""


def arriving_reports(writer: ReportWriter, day: Day, reports: Sequence[Json]) -> DayReports:
    """The reports of a day, with one fault if one is drawn."""
    faults, chance = writer.patient.archetype.faults, writer.patient.chance
    without_fault = tuple(reports)
    if faults is None or day.number < 0 or not chance.happens(faults.chance, day.number, "fault"):
        return DayReports(without_fault, without_fault)
    names = tuple(FAULTS)
    name = names[int(chance.part(day.number, "which fault") * len(names))]
    return DayReports(tuple(FAULTS[name](writer, day, copy.deepcopy(list(reports)))), without_fault, name)


def _impossible_pain(writer: ReportWriter, day: Day, reports: list[Json]) -> list[Json]:
    at = writer.patient.clock(day.date, 7, 31)
    return [*reports, writer.observation(PAIN, at, valueQuantity=score(37))]


def _second_pain(writer: ReportWriter, day: Day, reports: list[Json]) -> list[Json]:
    """A tracker that reports 0 in addition to the patient's rating."""
    at = writer.patient.clock(day.date, 8, 5)
    return [*reports, writer.observation(PAIN, at, valueQuantity=score(0))]


def _better_draft(writer: ReportWriter, day: Day, reports: list[Json]) -> list[Json]:
    """A preliminary value that is too good."""
    at = writer.patient.clock(day.date, 7, 40)
    return [*reports, writer.observation(PAIN, at, status="preliminary", valueQuantity=score(1))]


def _twice(_pen: ReportWriter, _day: Day, reports: list[Json]) -> list[Json]:
    """Every report twice, under different ids."""
    return [*reports, *({**copy.deepcopy(one), "id": f"{one['id']}-b"} for one in reports)]


def _seconds(_pen: ReportWriter, _day: Day, reports: list[Json]) -> list[Json]:
    """Seconds labelled as minutes."""
    return [_changed(one, lambda value: value * 60) for one in reports]


def _much_more(_pen: ReportWriter, _day: Day, reports: list[Json]) -> list[Json]:
    """An amount in pounds labelled as kilograms: 2.2 times as much."""
    return [_changed(one, lambda value: (value * POUNDS).quantize(Decimal(1))) for one in reports]


def _racing_heart(writer: ReportWriter, day: Day, reports: list[Json]) -> list[Json]:
    at = writer.patient.clock(day.date, 9)
    return [*reports, writer.observation("8867-4", at, valueQuantity=quantity(300, "/min"))]


def _from_the_future(writer: ReportWriter, day: Day, reports: list[Json]) -> list[Json]:
    """A device whose clock is three weeks ahead."""
    at = writer.patient.clock(day.date + timedelta(days=AHEAD), 7, 30)
    return [*reports, writer.observation(PAIN, at, valueQuantity=score(0))]


def _other_patient(writer: ReportWriter, day: Day, reports: list[Json]) -> list[Json]:
    at = writer.patient.clock(day.date, 7, 45)
    other = {"reference": "Patient/cohort-other-patient"}
    return [*reports, writer.observation(PAIN, at, valueQuantity=score(0), subject=other)]


def _withdrawn(_pen: ReportWriter, _day: Day, reports: list[Json]) -> list[Json]:
    """The day's reports marked as entered in error."""
    return [{**one, "status": "entered-in-error"} for one in reports if one["resourceType"] == "Observation"]


def _unknown_unit(_pen: ReportWriter, _day: Day, reports: list[Json]) -> list[Json]:
    return [_in_unit(one, "furlong") for one in reports]


FAULTS: dict[str, Callable[[ReportWriter, Day, list[Json]], list[Json]]] = {
    "a pain of 37": _impossible_pain,
    "a second pain of 0": _second_pain,
    "a preliminary pain of 1": _better_draft,
    "everything twice": _twice,
    "seconds labelled minutes": _seconds,
    "2.2 times as much": _much_more,
    "a pulse of 300": _racing_heart,
    "a pain from the future": _from_the_future,
    "the pain of another patient": _other_patient,
    "reports entered in error": _withdrawn,
    "an unknown unit": _unknown_unit,
}


def _changed(resource: Json, change: Callable[[Decimal], Decimal]) -> Json:
    """A session with a changed amount; other reports are unchanged."""
    for component in resource.get("component", ()):
        if component["code"]["coding"][0]["code"] == "done":
            component["valueQuantity"]["value"] = change(Decimal(component["valueQuantity"]["value"]))
    return resource


def _in_unit(resource: Json, unit: str) -> Json:
    for component in resource.get("component", ()):
        if component["code"]["coding"][0]["code"] == "done":
            component["valueQuantity"] = {"value": component["valueQuantity"]["value"], "unit": unit}
    return resource
