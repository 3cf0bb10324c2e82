"""The boundary rows of E9 that need no FHIR, each a single change to a course that is ready to progress."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from tests.courses.build import (
    Number,
    answered,
    measured,
    minutes,
    mornings,
    on,
    patient_readings,
    plan,
    screen,
    session,
    sets,
    stamp,
    state,
)
from tests.courses.examples import Course
from titrate.clinical.values.plan import Dose, Phase
from titrate.clinical.values.readings import Comment, Reading

SINCE, AT = date(2025, 1, 6), date(2025, 1, 20)
GOOD = (2,) * 14


def ready(
    dose: Dose | None = None,
    more: tuple[Reading, ...] = (),
    peak: Number = 3,
    pain: tuple[Number | None, ...] = GOOD,
    weekly: int = 3,
) -> Course:
    """Two weeks of walking at usual 2 without a problem: the next step is due."""
    walk = dose or minutes(20)
    days = [SINCE + timedelta(days=n) for n in (0, 2, 4, 7, 9, 11)]
    if weekly == 5:
        days = [SINCE + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    walks = [session("walking", day, walk, (2, 3), 3) for day in days[:-1]]
    readings = [
        *mornings(SINCE, pain, fatigue=3),
        *screen(AT - timedelta(days=3)),
        *walks,
        session("walking", days[-1], walk, (2, peak), 3),
        *more,
    ]
    return (
        patient_readings(readings),
        plan(Phase.LOADING, SINCE, (state("walking", walk, weekly, SINCE),)),
        on(AT, time(13)),
    )


def peak_allowed() -> Course:
    """A peak of 5.0 is not above the ceiling."""
    return ready(peak="5.0")


def peak_above() -> Course:
    """A peak of 5.5 is above the ceiling."""
    return ready(peak="5.5")


def rise_allowed() -> Course:
    """A week that is +0.50 above usual passes: 15 / 6 - 2."""
    return ready(pain=(*GOOD[:7], 3, 2, 3, 2, 3, 2, None))


def rise_above() -> Course:
    """A week that is 4/7 above usual fails."""
    return ready(pain=(*GOOD[:7], 3, 2, 3, 2, 3, 2, 3))


def two_minutes() -> Course:
    """The smallest step of 0.5 min is 25 % of 2 min: no step."""
    return ready(dose=minutes(2), weekly=5)


def eight_minutes_cautious() -> Course:
    """5 % of 8 min is 0.4: the step is one unit."""
    return ready(dose=minutes(8), more=(answered("cautious-profile", True, on(SINCE)),))


def small_load() -> Course:
    """1 kg is more than 10 % of 6 kg: repetitions are added instead."""
    press = sets(3, 10, 6)
    sessions = [
        session("leg-press", SINCE + timedelta(days=n), press, (2, 3), 3, last_set=12, done=Decimal(32))
        for n in (0, 2, 4, 7, 9, 11)
    ]
    readings = [*mornings(SINCE, GOOD, fatigue=3), *screen(AT - timedelta(days=3)), *sessions]
    press_state = state("leg-press", press, 3, SINCE, increment=Decimal(1))
    return patient_readings(readings), plan(Phase.LOADING, SINCE, (press_state,)), on(AT, time(13))


def gap_of_16_days() -> Course:
    """No session for 16 days: half of the last dose."""
    since = AT - timedelta(days=20)
    readings = [
        *mornings(since, (2,) * 20, fatigue=3),
        *screen(AT - timedelta(days=3)),
        session("walking", AT - timedelta(days=16), minutes(20), (2, 3), 3),
    ]
    in_force = plan(Phase.LOADING, since, (state("walking", minutes(20), 3, since),))
    return patient_readings(readings), in_force, on(AT, time(13))


def blood_pressure() -> Course:
    """184/96 at rest opens RF11."""
    when = on(AT, time(9))
    return ready(more=(measured("systolic", 184, when), measured("diastolic", 96, when)))


def flare_tick_alone() -> Course:
    """The patient's report is enough, with pain at its usual level."""
    return ready(more=(answered("flare-self-report", True, on(AT)), *mornings(AT, (2,))))


def zero_and_agony() -> Course:
    """Pain 0 with "agony" in a comment of the same morning is a conflict."""
    return ready(more=(*mornings(AT, (0,)), Comment("Agony all night", stamp("comment", on(AT)))))


def fluoroquinolone() -> Course:
    """A new medicine of RF25 holds."""
    return ready(more=(answered("rf25", True, on(AT - timedelta(days=1))),))
