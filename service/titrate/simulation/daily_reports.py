"""The reports of a day as Observations or forms, and faulty reports of devices and apps beside or instead of them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from titrate.fhir.elements import Json
from titrate.simulation.diary import Day, Session
from titrate.simulation.fhir_reports import PAIN, ReportWriter, item, quantity, score

MORNING, SCREEN_TIME, TRIAL_TIME = (7, 30), (19, 0), (16, 0)
SESSION_HOURS = (10, 13, 15)
# Weekdays on which the app also asks for sleep and stressors.
EXTENDED_DAYS = (2, 6)
LATE = timedelta(hours=60)
FULL_SCREEN = tuple(f"rf{number:02}" for number in range(1, 28))
SHORT_SCREEN = ("rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19")
POUNDS = Decimal("2.2")
AHEAD = 21


def reports(writer: ReportWriter, day: Day) -> list[Json]:
    """All reports of a day."""
    return [
        *_morning(writer, day),
        *(_session(writer, day, session, place) for place, session in enumerate(day.sessions) if session.reported),
        *_trials(writer, day),
        *_screen(writer, day),
        *_flag_reports(writer, day),
    ]


def _morning(writer: ReportWriter, day: Day) -> Iterator[Json]:
    if not day.logged:
        return
    at = writer.patient.clock(day.date, *MORNING)
    if writer.patient.number % 2:
        yield from _ratings(writer, day)
    else:
        yield writer.form("daily-check-in", at, list(_answers(writer, day)))


def _ratings(writer: ReportWriter, day: Day) -> Iterator[Json]:
    at = writer.patient.clock(day.date, *MORNING)
    yield writer.observation(PAIN, at, valueQuantity=score(day.pain))
    if day.fatigue_reported:
        yield writer.observation("fatigue-nrs", at, valueQuantity=score(day.fatigue))
    if day.bad_night or day.date.weekday() in EXTENDED_DAYS:
        yield writer.observation("sleep-quality-nrs", at, valueQuantity=score(3 if day.bad_night else 7))
    if day.flare_reported:
        yield writer.observation("flare-self-report", at, valueBoolean=True)
    if day.stressed or day.date.weekday() in EXTENDED_DAYS:
        stressor = "major" if day.stressed else "none"
        yield writer.observation("stressor", at, valueCodeableConcept=writer.concept(stressor))


def _answers(writer: ReportWriter, day: Day) -> Iterator[Json]:
    """The same as items of a form, where pain and sleep are integers."""
    yield item("date", valueDate=day.date.isoformat())
    yield item("pain-morning", valueInteger=int(day.pain))
    if day.fatigue_reported:
        yield item("fatigue-morning", valueInteger=int(day.fatigue))
    yield item("sleep-quality", valueInteger=3 if day.bad_night else 7)
    yield item("flare", valueBoolean=day.flare_reported)
    stressor = writer.concept("major" if day.stressed else "none")["coding"][0]
    yield item("stressor", valueCoding=stressor)


def _session(writer: ReportWriter, day: Day, session: Session, place: int) -> Json:
    start = writer.patient.clock(day.date, SESSION_HOURS[place % len(SESSION_HOURS)])
    end = start + timedelta(minutes=20)
    issued = end + (LATE if session.late else timedelta(minutes=5))
    shape = writer.activity("exercise-session", start, list(_parts(writer, session)), issued=issued.isoformat())
    del shape["effectiveDateTime"]
    shape["id"] = f"{writer.patient.id}-{session.exercise}-{start:%Y%m%d%H%M}"
    shape["effectivePeriod"] = {"start": start.isoformat(), "end": end.isoformat()}
    return shape


def _parts(writer: ReportWriter, session: Session) -> Iterator[Json]:
    yield writer.part("exercise", valueCodeableConcept=writer.concept(session.exercise))
    yield writer.part("prescribed", valueQuantity=quantity(session.prescribed, session.unit))
    yield writer.part("done", valueQuantity=quantity(session.done, session.unit))
    if session.sets is not None:
        yield writer.part("sets", valueInteger=session.sets)
    if session.load is not None:
        yield writer.part("load", valueQuantity=quantity(session.load, "kg"))
    yield writer.part("pain-peak", valueQuantity=score(session.peak))
    if session.complete:
        yield writer.part("rpe-cr10", valueQuantity=score(session.effort))
    yield writer.part("form", valueCodeableConcept=writer.concept(session.form))
    yield writer.part("talk-test", valueCodeableConcept=writer.concept("comfortable"))
    yield writer.part("stop-reason", valueCodeableConcept=writer.concept(session.stop))


def _trials(writer: ReportWriter, day: Day) -> Iterator[Json]:
    for place, trial in enumerate(day.trials):
        at = writer.patient.clock(day.date, TRIAL_TIME[0] + place)
        done = writer.part("done", valueQuantity=quantity(trial.done, trial.unit))
        exercise = writer.part("exercise", valueCodeableConcept=writer.concept(trial.exercise))
        yield writer.activity("tolerance-trial", at, [exercise, done])


def _screen(writer: ReportWriter, day: Day) -> Iterator[Json]:
    """The weekly short screen, or the full one at intake, with the flags of the day answered yes."""
    if day.screened:
        full = day.number < 0
        items = [
            item(flag, valueBoolean=flag in day.reported_flags) for flag in (FULL_SCREEN if full else SHORT_SCREEN)
        ]
        name = "safety-screen-full" if full else "safety-screen-short"
        yield writer.form(name, writer.patient.clock(day.date, *SCREEN_TIME), items)


def _flag_reports(writer: ReportWriter, day: Day) -> Iterator[Json]:
    for flag in day.reported_flags:
        yield writer.observation(flag, writer.patient.clock(day.date, 12), valueBoolean=True)


@dataclass(frozen=True, slots=True)
class DayReports:
    """The reports that arrive of a day. `fault` is empty or its name; `without_fault`: the true reports."""

    arrived: tuple[Json, ...]
    without_fault: tuple[Json, ...]
    fault: str = ""


def arriving_reports(writer: ReportWriter, day: Day, reports: Sequence[Json]) -> DayReports:
    """The reports of a day, one of them faulty if the random draw selects a fault."""
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
