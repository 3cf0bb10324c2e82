"""A small hand-written rulebook: twelve exercises, one programme, 27 flags, the numbers of table B0. Reads no file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from titrate.clinical.values.rulebook import (
    Coding,
    Constant,
    Domain,
    Exercise,
    Kind,
    Measure,
    Programme,
    ProgrammeExercise,
    RedFlag,
    Rulebook,
    Urgency,
)
from titrate.rulebook import load

LOCAL = "https://titrate.example/fhir/CodeSystem/titrate"
SHORT = (1, 2, 5, 8, 9, 15, 19)
URGENCY = {
    Urgency.E0: (1, 2, 8, 9, 19, 21, 22, 24),
    Urgency.E1: (3, 4, 5, 6, 10, 11, 12, 13, 14, 18, 20),
    Urgency.B: (15, 16, 17, 26),
    Urgency.E2: (7, 23, 25, 27),
}
# By name: value and unit.
NUMBERS = {
    "PAIN_SAFE_MAX": ("2", "{score}"),
    "PAIN_CEILING": ("5", "{score}"),
    "CARRY_OK": ("0", "{score}"),
    "CARRY_X": ("2", "{score}"),
    "WEEK_RISE_HOLD": ("0.5", "{score}"),
    "FATIGUE_OK": ("1", "{score}"),
    "FATIGUE_X": ("3", "{score}"),
    "RPE_CAP": ("4", "{score}"),
    "START_FACTOR": ("0.80", "1"),
    "START_FACTOR_CAUTIOUS": ("0.70", "1"),
    "TRIALS_MIN": ("3", "1"),
    "STEP_PCT": ("0.10", "1"),
    "STEP_PCT_CAUTIOUS": ("0.05", "1"),
    "STEP_MAX_PCT": ("0.20", "1"),
    "N_SESS": ("3", "1"),
    "MIN_DAYS_AT_DOSE": ("7", "d"),
    "ADH_MIN": ("0.70", "1"),
    "LOAD_STEP": ("0.05", "1"),
    "LIGHT_WEEK_EVERY": ("4", "wk"),
    "LIGHT_WEEK_VOL": ("0.60", "1"),
    "REACTIVE_DELOAD": ("0.80", "1"),
    "FLARE_F1": ("0.70", "1"),
    "FLARE_F2": ("0.50", "1"),
    "LOAD_WEEK_CAP": ("1.20", "1"),
}
# By name: unit, low, high, grid, and whether it decides.
SCORES = {
    "pain-morning": ("{score}", "0", "10", "0.5", True),
    "fatigue-morning": ("{score}", "0", "10", "0.5", True),
    "usual-pain": ("{score}", "0", "10", "0.5", True),
    "usual-fatigue": ("{score}", "0", "10", "0.5", True),
    "sleep-hours": ("h", "0", "24", None, True),
    "sleep-quality": ("{score}", "0", "10", "0.5", True),
    "mood-nrs": ("{score}", "0", "10", "0.5", False),
    "pain-ceiling": ("{score}", "2", "7", "0.5", True),
    "rpe-cap": ("{score}", "2", "6", "0.5", True),
    "heart-rate-limit": ("/min", "40", "220", None, True),
    "tsk-11": ("{score}", "11", "44", "1", True),
    "tsk-17": ("{score}", "17", "68", "1", True),
    "csi": ("{score}", "0", "100", "1", True),
    "pseq": ("{score}", "0", "60", "1", True),
    "phq-9": ("{score}", "0", "27", "1", True),
    "phq-9-item-9": ("{score}", "0", "3", "1", True),
    "heart-rate": ("/min", "30", "140", None, True),
    "systolic": ("mm[Hg]", "60", "260", None, True),
    "diastolic": ("mm[Hg]", "30", "160", None, True),
    "spo2": ("%", "50", "100", None, True),
    "temperature": ("Cel", "34", "43", None, True),
}
# Of these an unreadable value leaves its slot empty (B13.13).
MISSING = frozenset({"pain-morning", "fatigue-morning", "sleep-hours", "sleep-quality"})
ANSWERS = {
    "flare-self-report": (),
    "rescue-analgesia-new": (),
    "cautious-profile": (),
    "exposure-ladder-started": (),
    "daily-activity-kept": ("yes", "with-help", "no"),
    "stressor": ("none", "minor", "major"),
}
# code: (domain, unit, loaded, increment, range low, range high, target)
LIBRARY = {
    "walking": (Domain.AEROBIC, "min", False, None, None, None, None),
    "cycling": (Domain.AEROBIC, "min", False, None, None, None, None),
    "pool-walking": (Domain.AEROBIC, "min", False, None, None, None, None),
    "sit-to-stand": (Domain.STRENGTH, "{repetitions}", False, None, 5, 15, None),
    "step-up": (Domain.STRENGTH, "{repetitions}", False, None, 5, 15, None),
    "heel-raise": (Domain.STRENGTH, "{repetitions}", False, None, 8, 15, None),
    "leg-press": (Domain.STRENGTH, "{repetitions}", True, "2", 8, 12, 10),
    "scaption": (Domain.STRENGTH, "{repetitions}", True, "0.5", 10, 15, 12),
    "row": (Domain.STRENGTH, "{repetitions}", True, "2.5", 8, 12, 10),
    "lift-and-carry": (Domain.STRENGTH, "m", False, None, None, None, None),
    "mobility-routine": (Domain.MOBILITY, "min", False, None, None, None, None),
    "balance-stance": (Domain.NEUROMOTOR, "s", False, None, None, None, None),
}


def _coding(code: str) -> tuple[Coding, ...]:
    return (Coding(LOCAL, code, code),)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _score(name: str, row: tuple[str, str, str, str | None, bool]) -> Measure:
    unit, low, high, grid, decides = row
    return Measure(
        name,
        Kind.NUMBER,
        name,
        _coding(name),
        unit,
        (unit,),
        Decimal(low),
        Decimal(high),
        _number(grid),
        decides,
        (),
        "B9",
        missing=name in MISSING,
    )


def _answer(name: str, options: tuple[str, ...]) -> Measure:
    kind = Kind.CODE if options else Kind.BOOLEAN
    return Measure(name, kind, name, _coding(name), "1", (), None, None, None, False, options, "C")


def _exercise(code: str) -> Exercise:
    domain, unit, loaded, increment, low, high, target = LIBRARY[code]
    return Exercise(
        code,
        code,
        domain,
        unit,
        loaded,
        _number(increment),
        low,
        high,
        target,
        code,
        _coding(code),
        "Slowly.",
    )


def _flag(number: int) -> RedFlag:
    name = f"rf{number:02d}"
    urgency = next(u for u, numbers in URGENCY.items() if number in numbers)
    return RedFlag(name, urgency, number in SHORT, f"{name}?", "Needs assessment.", "C")


def _constants() -> dict[str, Constant]:
    """The numbers above; the others as shipped, but flags may be cleared at once."""
    own = {n: Constant(n, Decimal(v), u, None, None, "B0", "P", n) for n, (v, u) in NUMBERS.items()}
    shipped = {
        name: replace(constant, value=Decimal(0)) if name.startswith("CLEAR_AFTER_") else constant
        for name, constant in load().constants.items()
    }
    return {**shipped, **own}


def rulebook() -> Rulebook:
    """The rulebook that the examples and courses are written for."""
    flags = {f"rf{n:02d}": _flag(n) for n in range(1, 28)}
    measures = {name: _score(name, row) for name, row in SCORES.items()}
    measures |= {name: _answer(name, options) for name, options in ANSWERS.items()}
    measures |= {name: _answer(name, ()) for name in flags}
    general = Programme(
        "general",
        "General",
        (ProgrammeExercise("walking", 5, 1), ProgrammeExercise("sit-to-stand", 2, 1)),
        "week",
        "warm up",
        "cool down",
        (),
        (),
        (),
        (),
        (),
        "B2",
    )
    return Rulebook(
        version="test",
        digest="0" * 64,
        constants=_constants(),
        measures=measures,
        exercises={code: _exercise(code) for code in LIBRARY},
        programmes={"general": general},
        flags=flags,
        alarm_words=("suicide", "kill myself"),
        conflict_words=("worst", "unbearable", "agony"),
        names={"G8": "no hold for sleep, mood or a stressor"},
    )
