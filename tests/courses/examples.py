"""The worked examples E1-E5 of the clinical rules, as values: readings, the plan in force, and the time."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from tests.courses.build import (
    answered,
    limit,
    measured,
    minutes,
    mornings,
    on,
    patient_readings,
    plan,
    screen,
    session,
    sets,
    state,
    trial,
)
from titrate.clinical.values.plan import NO_PLAN, Phase, PlanInForce
from titrate.clinical.values.readings import PatientReadings, Reading, SessionReported

Course = tuple[PatientReadings, PlanInForce, datetime]
WALK_15, WALK_20, WALK_12 = minutes(15), minutes(20), minutes(12)
PRESS, SCAPTION = sets(3, 10, 40), sets(3, 12, 2)
NOON = time(13)


def _walk(day: date, dose_done: int, pain: tuple[int, int], rpe: int, **other: object) -> SessionReported:
    return session("walking", day, WALK_20, pain, rpe, done=Decimal(dose_done), **other)


def e1() -> Course:
    """Ms A: three trials, TSK-11 31, no plan yet: BASELINE."""
    readings: list[Reading] = [
        *mornings(date(2024, 12, 1), [4, 4, 3, 5, 4, 4], fatigue=4),
        *screen(date(2024, 12, 2)),
        measured("tsk-11", 31, on(date(2024, 12, 2))),
        measured("csi", 36, on(date(2024, 12, 2))),
        measured("heart-rate", 72, on(date(2024, 12, 2))),
        measured("systolic", 132, on(date(2024, 12, 2))),
        measured("diastolic", 84, on(date(2024, 12, 2))),
    ]
    for day, planned, stood in ((2, 12, 9), (4, 9, 8), (6, 10, 10)):
        readings.append(trial("walking", date(2024, 12, day), planned, "min"))
        readings.append(trial("sit-to-stand", date(2024, 12, day), stood, "{repetitions}"))
    return patient_readings(readings, born=date(1966, 5, 5)), NO_PLAN, on(date(2024, 12, 7), NOON)


def e2() -> Course:
    """Mr B: three tolerated walks and 2-for-2 on the leg press; walking is goal-linked: PROGRESS."""
    since, january = date(2025, 1, 4), [date(2025, 1, day) for day in range(1, 14)]
    readings: list[Reading] = [
        *mornings(date(2024, 12, 30), [2, 2, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], fatigue=3),
        *screen(january[7]),
        measured("tsk-11", 20, on(january[0])),
        session("walking", january[5], WALK_15, (2, 3), 3),
        session("walking", january[7], WALK_15, (2, 4), 3),
        session("walking", january[9], WALK_15, (2, 3), 3),
        session("leg-press", january[3], PRESS, (2, 3), 3, last_set=10),
        session("leg-press", january[6], PRESS, (2, 3), 3, last_set=12, done=Decimal(32)),
        session("leg-press", january[8], PRESS, (2, 3), 3, last_set=12, done=Decimal(32)),
    ]
    exercises = (state("walking", WALK_15, 3, since, goal_linked=True), state("leg-press", PRESS, 2, since))
    return (
        patient_readings(readings, born=date(1960, 6, 6)),
        plan(Phase.LOADING, since, exercises),
        on(date(2025, 1, 13), NOON),
    )


def e3() -> Course:
    """Ms C: one marginal session and a rising week: HOLD."""
    since = date(2025, 2, 3)
    readings: list[Reading] = [
        *mornings(date(2025, 1, 27), [2] * 7 + [3, 2, 3, 3, 3, 2, 3], fatigue=3),
        *screen(date(2025, 2, 6)),
        session("scaption", date(2025, 2, 3), SCAPTION, (3, 4), 4),
        session("scaption", date(2025, 2, 5), SCAPTION, (2, 5), 4),
        session("scaption", date(2025, 2, 7), SCAPTION, (2, 4), 4),
    ]
    in_force = plan(Phase.LOADING, since, (state("scaption", SCAPTION, 3, since),))
    return patient_readings(readings, born=date(1979, 7, 7)), in_force, on(date(2025, 2, 10), NOON)


def _e4(more: list[Reading], at: datetime) -> Course:
    since = date(2025, 3, 1)
    readings: list[Reading] = [
        *mornings(date(2025, 2, 22), [3] * 10, fatigue=4),
        *screen(date(2025, 3, 3)),
        *mornings(date(2025, 3, 4), [3], fatigue=4),
        *mornings(date(2025, 3, 5), [3], fatigue=4),
        *mornings(date(2025, 3, 6), [4], fatigue=6),
        *mornings(date(2025, 3, 7), [3], fatigue=4),
        *mornings(date(2025, 3, 8), [5], fatigue=7),
        _walk(date(2025, 3, 3), 20, (3, 4), 4),
        _walk(date(2025, 3, 5), 20, (3, 6), 5),
        _walk(date(2025, 3, 7), 14, (3, 5), 6),
        session("leg-press", date(2025, 3, 4), PRESS, (3, 4), 4, last_set=10),
        *more,
    ]
    exercises = (
        state("walking", WALK_20, 3, since, start=minutes(14)),
        state("leg-press", PRESS, 2, since, start=sets(2, 10)),
    )
    usual = {"usual_pain": Decimal(3), "usual_fatigue": Decimal(4)}
    return patient_readings(readings, born=date(1985, 8, 8)), plan(Phase.LOADING, since, exercises, **usual), at


def e4() -> Course:
    """Mr D: two of the last three sessions not tolerated: REACTIVE_DELOAD."""
    return _e4([], on(date(2025, 3, 8), NOON))


def e4_becomes_flare() -> Course:
    """Mr D a day later: a second morning at usual+2, therefore FLARE_PROTOCOL F1."""
    return _e4(mornings(date(2025, 3, 9), [5], fatigue=6), on(date(2025, 3, 9), NOON))


def _e4b(readings: list[Reading], in_force: PlanInForce, at: date) -> Course:
    pain = mornings(date(2025, 3, 1), [3] * (at - date(2025, 3, 1)).days, fatigue=4)
    return patient_readings([*pain, *screen(at), *readings], born=date(1985, 8, 8)), in_force, on(at, NOON)


def e4b() -> Course:
    """Mr D without symptoms after three loading weeks: LIGHTER_WEEK."""
    since, usual = date(2025, 3, 3), {"usual_pain": Decimal(3), "usual_fatigue": Decimal(4)}
    readings: list[Reading] = [_walk(date(2025, 3, day), 20, (3, 4), 4) for day in (10, 12, 14, 17, 19, 21)]
    readings += [session("leg-press", date(2025, 3, day), PRESS, (3, 4), 4, last_set=10) for day in (13, 18, 20)]
    exercises = (
        state("walking", WALK_20, 3, since, start=minutes(14)),
        state("leg-press", PRESS, 2, since, start=sets(2, 10)),
    )
    return _e4b(readings, plan(Phase.LOADING, since, exercises, **usual), date(2025, 3, 24))


def e4b_week_after() -> Course:
    """Mr D seven days into the lighter week: the earlier doses are restored."""
    since, usual = date(2025, 3, 24), {"usual_pain": Decimal(3), "usual_fatigue": Decimal(4)}
    light, press = minutes(12), sets(2, 9, 40)
    readings: list[Reading] = [session("walking", date(2025, 3, day), light, (3, 4), 3) for day in (25, 27, 29)]
    readings += [session("leg-press", date(2025, 3, day), press, (3, 4), 3, last_set=9) for day in (26, 28)]
    exercises = (
        state("walking", light, 3, since, start=minutes(14), reference=WALK_20),
        state("leg-press", press, 2, since, start=sets(2, 10), reference=PRESS),
    )
    return _e4b(readings, plan(Phase.LIGHTER_WEEK, since, exercises, **usual), date(2025, 3, 31))


def e5() -> Course:
    """Ms E: two mornings at usual+2 and more, and her report of a flare: FLARE_PROTOCOL F1."""
    since, stand = date(2025, 3, 3), sets(2, 8)
    readings: list[Reading] = [
        *mornings(date(2025, 3, 3), [4] * 8 + [6, 7], fatigue=5),
        *screen(date(2025, 3, 10)),
        limit("pain-ceiling", 6, since),
        answered("flare-self-report", True, on(date(2025, 3, 12))),
        answered("daily-activity-kept", "with-help", on(date(2025, 3, 12))),
        session("walking", date(2025, 3, 10), WALK_12, (4, 5), 3),
        session("sit-to-stand", date(2025, 3, 8), stand, (4, 5), 3),
    ]
    exercises = (state("walking", WALK_12, 5, since), state("sit-to-stand", stand, 2, since))
    usual = {"usual_pain": Decimal(4), "usual_fatigue": Decimal(5)}
    in_force = plan(Phase.LOADING, since, exercises, **usual)
    return patient_readings(readings, born=date(1972, 9, 9)), in_force, on(date(2025, 3, 12), NOON)
