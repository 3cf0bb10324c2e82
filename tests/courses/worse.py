"""Small changes to a course for the invariants: one symptom worse, one value missing, one value at its best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.courses.examples import Course
from titrate.clinical.values.readings import (
    Measurement,
    PatientReadings,
    Reading,
    ReadingSource,
    SafetyAnswer,
    SessionReported,
    Source,
)

TEN = Decimal(10)
SYMPTOMS = ("pain-morning", "fatigue-morning")
PARTS = ("pain_peak", "rpe", "done", "prescribed", "last_set", "form", "sets", "load", "unit", "talk_test")


def with_readings(course: Course, readings: list[Reading]) -> Course:
    """The same patient, plan and time with other readings."""
    patient_readings, plan, at = course
    return (
        PatientReadings(
            patient_readings.person, tuple(readings), patient_readings.refusals, patient_readings.resources
        ),
        plan,
        at,
    )


def swapped(course: Course, index: int, reading: Reading | None) -> Course:
    """One reading replaced or removed."""
    readings = list(course[0].readings)
    readings[index : index + 1] = [] if reading is None else [reading]
    return with_readings(course, readings)


def _recent(course: Course, stamp: ReadingSource) -> bool:
    """Of the last seven local dates or of today (B11.34)."""
    today = course[2].astimezone(ZoneInfo(course[0].person.zone)).date()
    return (today - stamp.day).days <= 7


def _alone(course: Course, reading: Measurement) -> bool:
    """The only reading of its slot, and not 0: a resolved contradiction is not a worse symptom (B11.34)."""
    same = [
        r
        for r in course[0].readings
        if isinstance(r, Measurement) and r.what == reading.what and r.stamp.day == reading.stamp.day
    ]
    return len(same) == 1 and reading.value != 0


def _sent_once(course: Course, session: SessionReported) -> bool:
    same = [
        r
        for r in course[0].readings
        if isinstance(r, SessionReported) and r.exercise == session.exercise and r.stamp.when == session.stamp.when
    ]
    return len(same) == 1


def worse(course: Course) -> Iterator[tuple[str, Course]]:
    """Every symptom of the last week made worse, a little and a lot, each with a description."""
    for index, r in enumerate(course[0].readings):
        if not _recent(course, r.stamp):
            continue
        for words, changed in _worse(course, r):
            yield f"{r.stamp.source.reference} {words}", swapped(course, index, changed)
    yield from _added(course)


def _worse(course: Course, r: Reading) -> Iterator[tuple[str, Reading]]:
    if isinstance(r, Measurement) and r.what in SYMPTOMS and _alone(course, r):
        for more in ("0.5", "1", "2", "4"):
            if r.value + Decimal(more) <= TEN:
                yield f"+{more}", replace(r, value=r.value + Decimal(more))
    if isinstance(r, Measurement) and r.what in ("sleep-hours", "sleep-quality"):
        yield "poor", replace(r, value=Decimal(2))
    if isinstance(r, SessionReported) and _sent_once(course, r):
        yield from _worse_session(r)
    if isinstance(r, SafetyAnswer) and r.what in ("flare-self-report", "rescue-analgesia-new"):
        yield "yes", replace(r, value=True)


def _worse_session(r: SessionReported) -> Iterator[tuple[str, Reading]]:
    for more in (Decimal("0.5"), Decimal(1), Decimal(3)):
        if r.pain_peak is not None and r.pain_peak + more <= TEN:
            yield f"peak +{more}", replace(r, pain_peak=r.pain_peak + more)
        if r.rpe is not None and r.rpe + more <= TEN:
            yield f"effort +{more}", replace(r, rpe=r.rpe + more)
    if r.stop_reason in ("completed", "time", None):
        yield "stopped for pain", replace(r, stop_reason="pain")
    yield "sharp", replace(r, pain_quality="sharp")


def _added(course: Course) -> Iterator[tuple[str, Course]]:
    """An additional bad reading, today or two days ago."""
    readings, at = list(course[0].readings), course[2]
    for ago in (0, 2):
        stamp = ReadingSource(Source(f"Observation/more-{ago}"), _moment(at, ago))
        for what, value in (
            ("flare-self-report", True),
            ("daily-activity-kept", "no"),
            ("rescue-analgesia-new", True),
            ("stressor", "major"),
            ("rf01", True),
            ("rf25", True),
        ):
            yield f"more {what} {ago}", with_readings(course, [*readings, SafetyAnswer(what, value, stamp)])


def _moment(at: datetime, ago: int) -> datetime:
    return at - timedelta(days=ago)


def left_out(course: Course, pick: int) -> tuple[str, Course, list[Course]] | None:
    """A course without one recorded value, and the course with that value at its possible best (B11.28).

    `pick` says which, round and round; None where the course has no such value.
    """
    places = list(_places(course))
    if not places:
        return None
    index, part = places[pick % len(places)]
    r = course[0].readings[index]
    name = r.stamp.source.reference
    if isinstance(r, SessionReported):
        best = [swapped(course, index, changed) for changed in _best(r, part)]
        return f"{name} {part}", swapped(course, index, _with(r, part, None)), best
    if isinstance(r, Measurement):
        best = [swapped(course, index, replace(r, value=v)) for v in _values(r.value)]
        return name, swapped(course, index, None), best
    return None


def _places(course: Course) -> Iterator[tuple[int, str]]:
    """The positions of values: index of the reading, and the part of a session."""
    for index, r in enumerate(course[0].readings):
        if isinstance(r, Measurement) and r.what in SYMPTOMS:
            yield index, ""
        if isinstance(r, SessionReported):
            for part in PARTS:
                if getattr(r, part) is not None:
                    yield index, part


def _values(value: Decimal) -> list[Decimal]:
    """Scores on a coarse grid, and the recorded one."""
    return sorted({value, *(Decimal(v) for v in ("0", "1", "2", "2.5", "3", "4", "5", "5.5"))})


def _best(r: SessionReported, part: str) -> list[SessionReported]:
    """Candidates for the most favourable value of one part of a session."""
    choices: dict[str, list[object]] = {
        "pain_peak": [*_values(r.pain_peak or Decimal(0))],
        "rpe": [Decimal(1), Decimal(3), r.rpe],
        "done": [r.prescribed, r.done],
        "prescribed": [r.done, r.prescribed],
        "last_set": [r.last_set, 12, 14, 15],
        "form": ["good", r.form],
        "talk_test": ["comfortable", r.talk_test],
    }
    values = choices.get(part, [getattr(r, part)])
    return [_with(r, part, value) for value in values]


def _with(r: SessionReported, part: str, value: object) -> SessionReported:
    return replace(r, **{part: value})  # type: ignore[arg-type]
