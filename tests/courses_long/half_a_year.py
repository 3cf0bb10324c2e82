"""26 weeks of one patient: manual edits, a rejection, a red flag with clearance, a gap, a second exercise."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from tests.courses_long.life import Life, Mood, days
from tests.courses_long.twelve_weeks import CALM
from tests.fixtures.diary import mornings, screen, trial
from tests.fixtures.values import by_clinician, concept, observation, score
from tests.fixtures.who import Who, patient
from tests.plan_lifecycle.ehr_server import EhrServer, Json

FIRST = date(2025, 2, 3)
WEEKS = 26
REWORDED, REJECTED, FEVER, CLEARED = 11, 28, 58, 61
AWAY = range(85, 101)  # sixteen days without a word
TRIALS = {126: 12, 128: 11, 130: 12}
LOWERED = 173


def moods(day: date) -> Mood:
    """Calm; on fever days no training; away for sixteen days."""
    number = (day - FIRST).days
    if number in AWAY:
        return Mood(logs=False)
    return Mood(trains=False) if FEVER <= number <= CLEARED else CALM


def answers(life: Life, at: datetime) -> str:
    """The clinician approves, but turns down the first rise of the fifth week, and waits while a flag is open."""
    number = (at.date() - FIRST).days
    if number in AWAY or FEVER <= number < CLEARED:
        return "left"
    if number >= REJECTED and not any(step.answer == "rejected" for step in life.steps):
        return life.reject(at)
    return life.approve(at)


def enrolled_patient(ehr_server: EhrServer) -> Life:
    """Three trials of walking; sit-to-stand was tried once and waits."""
    who = Who(f"course-{secrets.token_hex(4)}", "Europe/Vienna", "1958-11-23", "male")
    trials = [(FIRST - timedelta(days=ago), minutes) for ago, minutes in ((6, 25), (4, 24), (2, 26))]
    ehr_server.put(
        [
            patient(who),
            *mornings(who, (FIRST - timedelta(days=7)).isoformat(), "3 3 3 3 3 3 3", fatigue=3),
            *(trial(who, f"{day} 11:00", "walking", minutes, "min") for day, minutes in trials),
            trial(who, f"{FIRST - timedelta(days=4)} 15:00", "sit-to-stand", 10, "{repetitions}"),
            observation(who, "tsk-11", f"{FIRST - timedelta(days=2)} 16:00", valueQuantity=score(20)),
            screen(who, f"{FIRST - timedelta(days=1)} 17:00"),
        ]
    )
    return Life(ehr_server, who, moods, answers)


def lived(life: Life, *, every: int = 1, weeks: int = WEEKS) -> Life:
    """Live through it, with a run each `every` days and on every day of an event."""
    life.decide(FIRST - timedelta(days=1))
    recorded = {REWORDED, FEVER, CLEARED, AWAY.start + 14, AWAY.stop, LOWERED}
    for number, day in enumerate(days(FIRST, 7 * weeks)):
        life.live(day)
        happens(life, number, day)
        if number % every == every - 1 or number in recorded:
            life.decide(day)
    return life


def happens(life: Life, number: int, day: date) -> None:
    """What is not part of an ordinary day."""
    who, ehr_server = life.who, life.ehr_server
    life.ordered = None
    if number == REWORDED:
        ehr_server.change(_walking(life), _rewritten)
    if number == FEVER:
        ehr_server.put([observation(who, "rf05", f"{day} 12:00", valueBoolean=True)])
    if number == CLEARED:
        value = concept("rf05")
        ehr_server.put([by_clinician(who, "flag-clearance", f"{day} 12:00", valueCodeableConcept=value)])
    if number == AWAY.stop:
        ehr_server.put([screen(who, f"{day} 17:00", short=True)])
    if number in TRIALS:
        ehr_server.put([trial(who, f"{day} 16:00", "sit-to-stand", TRIALS[number], "{repetitions}")])
    if number == LOWERED:
        ehr_server.change(_walking(life), _lowered)


def _walking(life: Life) -> str:
    return f"ServiceRequest/{life.ehr_server.orders(life.who.id)['walking']['id']}"


def _rewritten(order: Json) -> None:
    """The clinician asks for fewer sessions and rewords the order."""
    order["occurrenceTiming"]["repeat"]["frequency"] = 3
    order["patientInstruction"] = "Walk on the flat, with your stick."


def _lowered(order: Json) -> None:
    """The clinician takes the dose down, in the EHR, without a word to us."""
    order["quantityQuantity"]["value"] = order["quantityQuantity"]["value"] - 2
