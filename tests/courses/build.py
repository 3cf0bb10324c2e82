"""Short constructors for readings: mornings, sessions, screens, limits. Times are in one zone, London by default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from titrate.clinical.values.plan import Dose, ExerciseState, Phase, PlanInForce
from titrate.clinical.values.readings import (
    Measurement,
    PatientDetails,
    PatientReadings,
    Reading,
    ReadingSource,
    Reporter,
    SafetyAnswer,
    SessionReported,
    Source,
    TrialReported,
)
from titrate.fhir.elements import on_the_clock

ZONE = "Europe/London"
MORNING, EVENING = time(8, 0), time(17, 0)
Number = int | str | Decimal


def on(day: date, clock: time = MORNING, zone: str = ZONE) -> datetime:
    """A moment in the patient's zone."""
    return on_the_clock(datetime.combine(day, clock), ZoneInfo(zone))


def dec(value: Number | None) -> Decimal | None:
    """A Decimal from a short notation; None stays None."""
    return None if value is None else Decimal(str(value))


def stamp(
    what: str, when: datetime, *, until: datetime | None = None, by: Reporter = Reporter.PATIENT
) -> ReadingSource:
    """A final record, entered when it happened, with a source named after its measure and time."""
    return ReadingSource(
        Source(f"Observation/{what}-{when:%y%m%d%H%M}", "1"), when, until, entered=until or when, reporter=by
    )


def measured(what: str, value: Number, when: datetime, by: Reporter = Reporter.PATIENT) -> Measurement:
    """One number."""
    return Measurement(what, Decimal(str(value)), stamp(what, when, by=by))


def answered(what: str, value: bool | str | None, when: datetime, by: Reporter = Reporter.PATIENT) -> SafetyAnswer:
    """One answer."""
    return SafetyAnswer(what, value, stamp(what, when, by=by))


def limit(what: str, value: Number, day: date) -> Measurement:
    """A limit that a practitioner set on `day`."""
    return measured(what, value, on(day, time(9)), Reporter.PRACTITIONER)


def mornings(first: date, pain: Sequence[Number | None], fatigue: Number | None = None) -> list[Reading]:
    """Morning pain from `first` on, a value a day (None: no entry), with the same fatigue each morning."""
    readings: list[Reading] = []
    for index, value in enumerate(pain):
        when = on(first + timedelta(days=index))
        if value is not None:
            readings.append(measured("pain-morning", value, when))
        if value is not None and fatigue is not None:
            readings.append(measured("fatigue-morning", fatigue, when))
    return readings


def screen(day: date, flags: Iterable[str] | None = None) -> list[Reading]:
    """Every safety question answered with no."""
    names = flags or [f"rf{n:02d}" for n in range(1, 28)]
    return [answered(name, False, on(day, time(7, 30))) for name in names]


def session(
    exercise: str,
    day: date,
    dose: Dose,
    pain: tuple[Number | None, Number | None],
    rpe: Number | None,
    **other: object,
) -> SessionReported:
    """A session of `dose` on an evening: pain before and peak, RPE. All of the dose is done unless `done` is given."""
    start = on(day, EVENING)
    fields: dict[str, object] = {
        "unit": dose.unit,
        "prescribed": dose.amount,
        "done": dose.amount,
        "sets": dose.sets,
        "load": dose.load,
        "talk_test": "comfortable" if dose.unit == "min" else None,
        "form": None if dose.unit == "min" else "good",
        "stop_reason": "completed",
    }
    at = stamp(exercise, start, until=start + timedelta(minutes=20))
    before, peak = pain
    values = dict(fields, pain_before=dec(before), pain_peak=dec(peak), rpe=dec(rpe))
    return SessionReported(exercise, at, **(values | other))  # type: ignore[arg-type]


def trial(exercise: str, day: date, done: Number, unit: str) -> TrialReported:
    """A tolerance trial, ended by pain."""
    return TrialReported(exercise, Decimal(str(done)), unit, stamp(f"trial-{exercise}", on(day, time(11))), "pain")


def minutes(amount: Number) -> Dose:
    """A duration."""
    return Dose(Decimal(str(amount)), "min")


def sets(number: int, repetitions: int, load: Number | None = None) -> Dose:
    """Sets of repetitions; the amount is their total."""
    return Dose(Decimal(number * repetitions), "{repetitions}", number, dec(load))


def state(exercise: str, dose: Dose | None, weekly: int, since: date | None, **other: object) -> ExerciseState:
    """An exercise of the plan in force; it starts at the dose it has, unless `start` is given."""
    return ExerciseState(exercise, dose, weekly, dose_since=since, **({"start": dose} | other))  # type: ignore[arg-type]


def plan(phase: Phase, since: date, exercises: Sequence[ExerciseState], **other: object) -> PlanInForce:
    """An approved plan in force since `since`; loading since then, if the phase is loading."""
    fields: dict[str, object] = {
        "started": since,
        "approved": since,
        "loading_since": since if phase is Phase.LOADING else None,
        "state_date": since,
        "usual_pain": Decimal(2),
        "usual_fatigue": Decimal(3),
    }
    return PlanInForce(
        reference="CarePlan/1",
        version="v1",
        phase=phase,
        phase_since=since,
        exercises=tuple(exercises),
        **(fields | other),  # type: ignore[arg-type]
    )


def patient_readings(readings: Iterable[Reading], born: date = date(1965, 1, 1), zone: str = ZONE) -> PatientReadings:
    """All readings of one enrolled adult patient."""
    return PatientReadings(PatientDetails("p1", zone, birth_date=born, enrolled=True), tuple(readings), (), {})
