"""The numbers of the mappings, repeated by hand from the clinical rules and the published instruments.

A number that is changed by mistake differs from this file; an intended change needs both.
"""

from __future__ import annotations

import tomllib
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from tests.project.sources import ROOT
from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.rulebook import Measure
from titrate.rulebook import load, load_with_lookup, standard_folder
from titrate.rulebook.files import parse_toml

BOOK, LOOKUP = load_with_lookup()
# B0: what a clinician may choose from.
RANGES = {
    "ALARMING_TEXT_DAYS": "14 56",
    "PAIN_CEILING": "2 7", "PAIN_PEAK_SEVERE": "7 10", "CARRY_OK": "0 1", "CARRY_X": "2 3", "RPE_CAP": "2 6",
    "START_FACTOR": "0.50 0.90", "START_FACTOR_CAUTIOUS": "0.50 0.90", "TRIALS_MIN": "3 5", "STEP_PCT": "0.025 0.20",
    "STEP_PCT_CAUTIOUS": "0.025 0.20", "N_SESS": "2 6", "MIN_DAYS_AT_DOSE": "5 28", "ADH_MIN": "0.6 0.9",
    "WEEK_RISE_HOLD": "0 1", "LOAD_STEP": "0.02 0.10", "LOAD_STEP_MAX": "0.02 0.10", "LIGHT_WEEK_AFTER_DAYS": "21 35",
    "LIGHT_WEEK_VOL": "0.50 0.70", "REACTIVE_DELOAD": "0.50 0.80", "FLARE_F1": "0.5 0.8", "FLARE_F2": "0.5 0.8",
    "LOAD_SAME": "0 0.2", "GAP_FACTOR": "0.50 0.90", "GAP_FACTOR_LONG": "0.30 0.60", "DAILY_REDUCED": "0.50 0.90",
    "DAILY_MINIMUM": "0.50 0.70",
    "REST_DAYS": "1 2", "FEAR_LOW": "10 40", "FEAR_FALL": "0.30 0.70", "FEAR_EXPOSURES": "2 5",
    "BALANCE_SESSIONS": "2 6", "MINOR_TRAUMA_AGE": "65 70",
    "TUG_FALLS": "10 14", "PACING_CHUNK": "0.50 0.90", "PACING_CHUNK_CAUTIOUS": "0.50 0.80", "PACING_REST": "0.25 2",
    "PACING_REST_LEAST": "1 10", "CONTACT_DAYS_START": "2 14", "CONTACT_DAYS_STEADY": "7 28",
    "CONTACT_DAYS_MAINTENANCE": "28 84", "CONTACT_START_DAYS": "14 56", "REENTRY_ADHERENCE": "0.30 0.70",
    "REENTRY_SESSIONS": "1 3", "CONTACT_FLARE_DAYS": "3 7", "CONTACT_FLARE_REASSESS": "8 14",
    "DRAFT_VALID_DAYS": "7 28", "REJECTION_VALID_DAYS": "3 28",
}  # fmt: skip
# B3, B4, B7, B8, C09, C31, C47, C50, D: numbers for readers of a plan. Those that rules use have probes of
# their own (tests/clinical/thresholds).
FOR_READERS = {
    "OUTLOOK_WEEKS": "12", "OUTLOOK_STEPS_MAX": "104", "OUTLOOK_TAKEN_HIGH": "0.75", "OUTLOOK_TAKEN_LOW": "0.50",
    "HR_ZONE_LOW": "0.30", "HR_ZONE_HIGH": "0.39", "HR_ZONE_FLARE": "0.30", "HRMAX_RATE_LIMITED": "164",
    "HRMAX_INTERCEPT": "208", "HRMAX_SLOPE": "0.7", "VITALS_RECENT_DAYS": "30", "VITALS_RECENT_DAYS_ABNORMAL": "7",
    "ADHERENCE_DAYS": "14", "ADHERENCE_ALERT": "0.60", "PACING_UNEVEN": "2", "DAILY_REDUCED": "0.70",
    "DAILY_MINIMUM": "0.50", "REST_SAME_TISSUE": "48", "REST_DAYS": "2", "FLARE_RPE_MAX": "3", "MORNING_FROM": "4",
    "MORNING_TO": "12", "ASSESSMENT_DAYS": "14",
    "PROM_RECENT_DAYS": "42", "BOOM_BUST_UNEVEN": "2", "LATENCY_LATE": "60", "SETTLING_SHORT": "60",
    "SETTLING_LONG": "1440", "IRRITABLE_PAIN": "5", "IMPORTANCE_ENOUGH": "7", "CONFIDENCE_ENOUGH": "7",
    "FEAR_PICK": "50", "FEAR_LOW": "30", "FEAR_FALL": "0.50",
    "FEAR_EXPOSURES": "2",
    "BALANCE_SESSIONS": "3", "TUG_FALLS": "12", "PACING_CHUNK": "0.80", "PACING_CHUNK_CAUTIOUS": "0.70",
    "PACING_REST": "0.50", "PACING_REST_LEAST": "2", "CONTACT_DAYS_START": "7", "CONTACT_DAYS_STEADY": "14",
    "CONTACT_DAYS_MAINTENANCE": "42", "CONTACT_START_DAYS": "28", "CONTACT_FLARE_DAYS": "7",
    "CONTACT_FLARE_REASSESS": "14", "REENTRY_ADHERENCE": "0.50", "REENTRY_SESSIONS": "2", "REENTRY_ENTRIES": "3",
    "DRAFT_VALID_DAYS": "14", "REJECTION_VALID_DAYS": "7",
}  # fmt: skip
# Limits for plausible sessions; tests/fhir/read/test_plausibility.py tries each number below, at and above.
PLAUSIBLE_SESSIONS = {
    "SESSIONS_PER_DAY_MAX": "5", "REPETITIONS_PER_SET_MAX": "100", "LOAD_JUMP_MAX": "2", "LOAD_UNIT_TOLERANCE": "0.025",
}  # fmt: skip
# B9: the smallest important change, by its sign the direction that is better; then what sources span.
CHANGES = {
    "PSFS_CHANGE": "2.0 1.9 2.0", "ODI_CHANGE": "-10", "ODI_PART": "0.30", "RMDQ_CHANGE": "-5", "RMDQ_PART": "0.30",
    "NDI_CHANGE": "-7", "QUICKDASH_CHANGE": "-13.4 -13.6 -10.8", "QUICKDASH_CERTAIN": "17.1", "KOOS_CHANGE": "10 8 10",
    "PEG_CHANGE": "-1 -1.75 -0.6", "PEG_PART": "0.30", "SIX_MINUTE_WALK_CHANGE": "30.5 14 30.5",
    "CHAIR_STAND_CHANGE": "2",
    "TIMED_UP_AND_GO_CHANGE": "-1.1 -1.4 -0.8", "GAIT_SPEED_CHANGE": "0.1 0.07 0.115", "PSEQ_CHANGE": "5.5 5.5 11",
    "TSK_11_CHANGE": "-5.6 -5.6 -4", "TSK_17_CHANGE": "-5.5", "TSK_17_PART": "0.18", "PHQ9_CHANGE": "-5",
    "FATIGUE_CHANGE": "-1.4", "PAIN_CHANGE": "-2", "PAIN_PART": "0.30", "PAIN_SUBSTANTIAL": "4",
    "PAIN_SUBSTANTIAL_PART": "0.50",
}  # fmt: skip
# D and the published instruments: lowest, highest, finest step.
PLAUSIBLE = {
    "0 10": "pain-morning pain-other pain-clinic fatigue-morning fatigue-other sleep-quality mood"
    " session.pain-before session.pain-peak session.rpe-cr10 usual-pain usual-fatigue"
    " psfs peg pain-week peg-enjoyment peg-activity bpi-interference pain-now"
    " pain-average pain-worst pain-best block.symptom",
    "0 10 1": "perceived-capability goal-importance change-importance change-confidence",
    "0 2880": "pain-latency",
    "0 20160": "pain-settling",
    "0 1440": "active-good-day active-bad-day",
    "5 480": "free-minutes",
    "0 10 2": "pain-faces pain-faces-revised",
    "0 100": "odi koos-jr hoos-jr quickdash pain-vas koos-symptoms koos-pain koos-daily-living koos-sport"
    " koos-quality-of-life hoos-symptoms hoos-pain hoos-daily-living hoos-sport hoos-quality-of-life",
    "20 85": "promis-pain-interference promis-fatigue promis-29-physical-function promis-29-pain-interference"
    " promis-29-fatigue promis-29-sleep-disturbance promis-29-social-participation promis-29-depression"
    " promis-29-anxiety",
    "15 75": "promis-physical-function", "15 70": "promis-10-physical promis-10-mental",
    "6 30 1": "promis-pain-interference-raw promis-physical-function-raw",
    "11 44 1": "tsk-11", "17 68 1": "tsk-17",
    "0 100 1": "csi session.last-set-repetitions fear-stairs fear-rise-and-kneel fear-bend fear-lift"
    " fear-walk", "0 60 1": "pseq",
    "0 27 1": "phq-9", "0 3 1": " ".join(f"phq-9-item-{number}" for number in range(1, 10)),
    "0 6 1": "phq-2 ladder-step-stairs", "0 21 1": "gad-7",
    "0 9 1": "start-back",
    "0 24 1": "rmdq", "0 50": "ndi", "1 7 1": "pgic", "6 20 1": "session.rpe-6-20",
    "2 7 0.5": "pain-ceiling", "2 6 0.5": "rpe-cap", "60 220": "heart-rate-limit",
    "30 140": "heart-rate", "40 220": "heart-rate-exercise session.heart-rate", "40 240": "heart-rate-day-highest",
    "60 260": "systolic systolic-standing", "30 160": "diastolic", "50 100": "spo2 spo2-exercise",
    "34 43": "temperature",
    "20 400": "weight", "30 250": "height", "0.5 60": "glucose", "0 24": "sleep-hours",
    "0 240": "amount.min tolerated-sitting tolerated-standing tolerated-housework tolerated-errands"
    " tolerated-garden",
    "0 960": "wanted-sitting wanted-standing wanted-housework wanted-errands wanted-garden"
    " block.minutes",
    "0 5 1": "ladder-step-rise-and-kneel ladder-step-bend ladder-step-lift ladder-step-walk",
    "0 7 1": "ladder-step-balance", "0 3600": "amount.s", "0 42195": "amount.m", "0 1000 1": "amount.{repetitions}",
    "1 20 1": "session.sets", "0.01 400": "session.load",
    "0 60000": "steps steps-counted", "0 7": "exercise-days strength-days", "0 480": "exercise-minutes",
    "0 3360": "aerobic-minutes", "0 600": "exercise-duration moderate-minutes vigorous-minutes",
    "0 1000": "six-minute-walk", "3 180": "timed-up-and-go", "0 40 1": "chair-stand", "0.1 2.5": "gait-speed",
    "0 90": "grip-strength",
    "0 180": "shoulder-flexion-active shoulder-abduction-active shoulder-flexion-passive shoulder-abduction-passive",
    "0 110": "shoulder-external-rotation-active shoulder-internal-rotation-active shoulder-external-rotation-passive"
    " shoulder-internal-rotation-passive",
}  # fmt: skip
# Repetitions a set, target of the 2-for-2 rule, smallest plates.
LIBRARY = {
    "sit-to-stand": "5 15 - -", "step-up": "5 15 - -", "hip-abduction": "8 15 - -", "heel-raise": "8 15 - -",
    "leg-press": "8 12 10 2", "scaption": "10 15 12 0.5", "row": "8 12 10 1",
}  # fmt: skip
PROGRAMMES = {
    "general": "walking 5x1, sit-to-stand 2x1",
    "knee-pain": "walking 3x1, sit-to-stand 2x1, step-up 2x1, hip-abduction 2x1",
}
# LOINC's answers of the 0-10 pain scale and of PHQ-9, from 0 upwards.
PAIN_ANSWERS = (
    "LA6111-4 LA6112-2 LA6113-0 LA6114-8 LA6115-5 LA10137-0 LA10138-8 LA10139-6 LA10140-4 LA10141-2 LA13942-0"
)
PHQ_ANSWERS = "LA6568-5 LA6569-3 LA6570-1 LA6571-9"
# Exertion from 6 to 20 as CR10: the higher of the same words on both scales and of Borg's equation, up to halves.
CR10 = "0.5 1 1 1.5 2 2.5 4 4 5 5 7 7 10 10 10"


def joined(*numbers: Decimal | int | None) -> str:
    """Numbers as written, without trailing missing ones."""
    return " ".join("-" if n is None else f"{n}" for n in numbers).rstrip(" -")


def test_ranges_to_choose_from() -> None:
    """Each number that a site may choose has the range of the clinical rules, and no other number has one."""
    found = {
        n: joined(c.low, c.high) for n, c in BOOK.constants.items() if c.low is not None and not n.endswith("_CHANGE")
    }
    assert found == RANGES


def test_numbers_for_readers() -> None:
    """Numbers that are shown with a decision."""
    assert {name: joined(BOOK.number(name)) for name in FOR_READERS} == FOR_READERS


def test_numbers_of_plausible_sessions() -> None:
    """Numbers by which titrate.fhir.read refuses a session, a load or a number of repetitions."""
    assert {name: joined(BOOK.number(name)) for name in PLAUSIBLE_SESSIONS} == PLAUSIBLE_SESSIONS


def test_smallest_important_changes() -> None:
    """Every number of outcomes.toml, with the range of its sources."""
    content = (standard_folder() / "outcomes.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(content)) == set(CHANGES)
    constants = {name: BOOK.constants[name] for name in CHANGES}
    assert {name: joined(c.value, c.low, c.high) for name, c in constants.items()} == CHANGES


def _bounds(measure: Measure) -> str:
    return joined(measure.low, measure.high, measure.grid)


def test_plausible_ranges() -> None:
    """Lowest, highest and finest step of each measure with a range."""
    expected = {name: bounds for bounds, names in PLAUSIBLE.items() for name in names.split()}
    assert {name: _bounds(m) for name, m in BOOK.measures.items() if _bounds(m)} == expected


def test_exercise_library() -> None:
    """Range of repetitions, target and smallest plates of each exercise that has them."""
    library = {e.code: joined(e.range_low, e.range_high, e.target, e.increment) for e in BOOK.exercises.values()}
    assert {code: row for code, row in library.items() if row} == {c: row.rstrip(" -") for c, row in LIBRARY.items()}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_programmes(name: str) -> None:
    """The weekly frequency and the sets at the start."""
    exercises = BOOK.programmes[name].exercises
    assert ", ".join(f"{e.exercise} {e.weekly_frequency}x{e.sets}" for e in exercises) == PROGRAMMES[name]


def test_ladders() -> None:
    """The number of first steps with a helper, which is at most the number of steps."""
    ladders = BOOK.guidance.ladders
    assert {name: one.watched for name, one in ladders.items()} == {
        "stairs": 2,
        "rise-and-kneel": 1,
        "bend": 1,
        "lift": 2,
        "walk": 2,
        "balance": 2,
    }
    assert {name: BOOK.measures[f"ladder-step-{name}"].high for name in ladders} == {
        name: len(one.steps) for name, one in ladders.items()
    }


def test_answers_with_a_number() -> None:
    """The number of each code."""
    expected: dict[tuple[str, str], Any] = {
        ("http://loinc.org", code): number
        for answers in (PAIN_ANSWERS, PHQ_ANSWERS)
        for number, code in enumerate(answers.split())
    }
    assert LOOKUP.numbers == expected


def test_exertion_on_the_6_to_20_scale() -> None:
    """Every step of the 6-20 scale, never below Borg's equation."""
    found = LOOKUP.rpe
    assert joined(*(found[Decimal(n)] for n in range(6, 21))) == CR10
    assert all(6 + Decimal("2.8") * (cr10 - Decimal("0.3")) ** Decimal("0.79") >= long for long, cr10 in found.items())


def test_the_typed_numbers_are_those_of_the_file() -> None:
    """ClinicalNumbers has one field for each entry of constants.toml, in its order and with its value."""
    entries = tomllib.loads((ROOT / "mappings" / "constants.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    assert [field.name for field in fields(ClinicalNumbers)] == [name.lower() for name in entries]
    book = load()
    assert {name: getattr(book.numbers, name.lower()) for name in entries} == {
        name: Decimal(entry["value"]) for name, entry in entries.items()
    }


@pytest.mark.parametrize("written", ["1e-999999999", "1e9999999999999999999", "1" * 41, "9" * 5000])
def test_a_number_out_of_bounds(written: str) -> None:
    """The file is refused with a sentence before anything computes with the number."""
    document, (problem,) = parse_toml("constants.toml", f"[N]\nvalue = {written}".encode())
    assert (document, problem.file) == ({}, "constants.toml")
    assert "A number has more than 40 digits" in str(problem)
