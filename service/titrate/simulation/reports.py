"""A day as the person reports it: mornings, sessions, trials and screens, as Observations or as forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from titrate.fhir.elements import Json
from titrate.simulation.diary import Bout, Day
from titrate.simulation.fhir_reports import PAIN, ReportWriter, item, quantity, score

WAKES, SCREENS, TRIES = (7, 30), (19, 0), (16, 0)
TRAINS = (10, 13, 15)
# Weekdays on which an app asks for more than pain and fatigue.
ASKED = (2, 6)
LATE = timedelta(hours=60)
FULL = tuple(f"rf{number:02}" for number in range(1, 28))
SHORT = ("rf01", "rf02", "rf05", "rf08", "rf09", "rf15", "rf19")


def reports(pen: ReportWriter, day: Day) -> list[Json]:
    """Everything that the person tells of a day."""
    return [
        *_morning(pen, day),
        *(_session(pen, day, bout, place) for place, bout in enumerate(day.bouts) if bout.told),
        *_trials(pen, day),
        *_screen(pen, day),
        *_alarms(pen, day),
    ]


def _morning(pen: ReportWriter, day: Day) -> Iterator[Json]:
    if not day.logged:
        return
    at = pen.person.clock(day.date, *WAKES)
    if pen.person.number % 2:
        yield from _ratings(pen, day)
    else:
        yield pen.form("daily-check-in", at, list(_answers(pen, day)))


def _ratings(pen: ReportWriter, day: Day) -> Iterator[Json]:
    at = pen.person.clock(day.date, *WAKES)
    yield pen.observation(PAIN, at, valueQuantity=score(day.pain))
    if day.fatigue_told:
        yield pen.observation("fatigue-nrs", at, valueQuantity=score(day.fatigue))
    if day.bad_night or day.date.weekday() in ASKED:
        yield pen.observation("sleep-quality-nrs", at, valueQuantity=score(3 if day.bad_night else 7))
    if day.ticked:
        yield pen.observation("flare-self-report", at, valueBoolean=True)
    if day.stressed or day.date.weekday() in ASKED:
        stressor = "major" if day.stressed else "none"
        yield pen.observation("stressor", at, valueCodeableConcept=pen.concept(stressor))


def _answers(pen: ReportWriter, day: Day) -> Iterator[Json]:
    """The same as a form says it; pain and sleep are whole numbers there."""
    yield item("date", valueDate=day.date.isoformat())
    yield item("pain-morning", valueInteger=int(day.pain))
    if day.fatigue_told:
        yield item("fatigue-morning", valueInteger=int(day.fatigue))
    yield item("sleep-quality", valueInteger=3 if day.bad_night else 7)
    yield item("flare", valueBoolean=day.ticked)
    stressor = pen.concept("major" if day.stressed else "none")["coding"][0]
    yield item("stressor", valueCoding=stressor)


def _session(pen: ReportWriter, day: Day, bout: Bout, place: int) -> Json:
    start = pen.person.clock(day.date, TRAINS[place % len(TRAINS)])
    end = start + timedelta(minutes=20)
    told = end + (LATE if bout.late else timedelta(minutes=5))
    shape = pen.activity("exercise-session", start, list(_parts(pen, bout)), issued=told.isoformat())
    del shape["effectiveDateTime"]
    shape["id"] = f"{pen.person.id}-{bout.exercise}-{start:%Y%m%d%H%M}"
    shape["effectivePeriod"] = {"start": start.isoformat(), "end": end.isoformat()}
    return shape


def _parts(pen: ReportWriter, bout: Bout) -> Iterator[Json]:
    yield pen.part("exercise", valueCodeableConcept=pen.concept(bout.exercise))
    yield pen.part("prescribed", valueQuantity=quantity(bout.asked, bout.unit))
    yield pen.part("done", valueQuantity=quantity(bout.done, bout.unit))
    if bout.sets is not None:
        yield pen.part("sets", valueInteger=bout.sets)
    if bout.load is not None:
        yield pen.part("load", valueQuantity=quantity(bout.load, "kg"))
    yield pen.part("pain-peak", valueQuantity=score(bout.peak))
    if bout.whole:
        yield pen.part("rpe-cr10", valueQuantity=score(bout.effort))
    yield pen.part("form", valueCodeableConcept=pen.concept(bout.form))
    yield pen.part("talk-test", valueCodeableConcept=pen.concept("comfortable"))
    yield pen.part("stop-reason", valueCodeableConcept=pen.concept(bout.stop))


def _trials(pen: ReportWriter, day: Day) -> Iterator[Json]:
    for place, trial in enumerate(day.trials):
        at = pen.person.clock(day.date, TRIES[0] + place)
        done = pen.part("done", valueQuantity=quantity(trial.done, trial.unit))
        exercise = pen.part("exercise", valueCodeableConcept=pen.concept(trial.exercise))
        yield pen.activity("tolerance-trial", at, [exercise, done])


def _screen(pen: ReportWriter, day: Day) -> Iterator[Json]:
    """The short screen of a week; all questions at intake. What was said yes to that day is said here too."""
    if day.screened:
        full = day.number < 0
        items = [item(flag, valueBoolean=flag in day.yes) for flag in (FULL if full else SHORT)]
        name = "safety-screen-full" if full else "safety-screen-short"
        yield pen.form(name, pen.person.clock(day.date, *SCREENS), items)


def _alarms(pen: ReportWriter, day: Day) -> Iterator[Json]:
    for flag in day.yes:
        yield pen.observation(flag, pen.person.clock(day.date, 12), valueBoolean=True)
