"""Twelve weeks of one patient: baseline, rises, a lighter week, a flare, the return, rises again."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from tests.courses_long.life import Life, Mood, days
from tests.fixtures.diary import mornings, screen, trial
from tests.fixtures.values import observation, score
from tests.fixtures.who import Who, patient
from tests.plan_lifecycle.ehr_server import EhrServer

FIRST = date(2025, 1, 6)  # a Monday; the plan begins on it, intake is the week before
WEEKS = 12
FLARE = range(44, 48)  # days of the course with worse mornings
CALM, SORE = Mood(), Mood(pain=6, trains=False, flare=True)


def moods(day: date) -> Mood:
    """Calm but for the days of the flare."""
    return SORE if (day - FIRST).days in FLARE else CALM


def enrolled_patient(ehr_server: EhrServer, zone: str = "Europe/Vienna") -> Life:
    """The patient after intake: a week of mornings, three trials, all questions answered."""
    who = Who(f"course-{secrets.token_hex(4)}", zone, "1970-04-02", "female")
    trials = [(FIRST - timedelta(days=ago), minutes) for ago, minutes in ((6, 20), (4, 18), (2, 19))]
    ehr_server.put(
        [
            patient(who),
            *mornings(who, (FIRST - timedelta(days=7)).isoformat(), "3 3 3 3 3 3 3", fatigue=3),
            *(trial(who, f"{day} 11:00", "walking", minutes, "min") for day, minutes in trials),
            observation(who, "tsk-11", f"{FIRST - timedelta(days=2)} 16:00", valueQuantity=score(20)),
            screen(who, f"{FIRST - timedelta(days=1)} 17:00"),
        ]
    )
    return Life(ehr_server, who, moods)


def lived(life: Life, *, every: int = 1, weeks: int = WEEKS) -> Life:
    """Live through it, with a run each `every` days and on every day of the flare."""
    life.decide(FIRST - timedelta(days=1))
    for number, day in enumerate(days(FIRST, every * 0 + 7 * weeks)):
        life.live(day)
        if number % every == every - 1 or number in FLARE:
            life.decide(day)
    return life
