"""The numbers of B0 and B11, written down a second time so that a wrong one in the rulebook is noticed."""

from __future__ import annotations

from decimal import Decimal as D

PAIN_CEILING = D(5)
RPE_CAP = D(4)
CARRY_X = D(2)
RPE_X = D(2)  # above the cap
FATIGUE_OK, FATIGUE_X = D(1), D(3)  # above usual
DONE_LOW, DONE_HIGH, DONE_X, DONE_COUNTS = D("0.90"), D("1.20"), D("0.60"), D("0.50")
WEEK_RISE = D("0.5")
ADHERENCE = D("0.70")
START, START_CAUTIOUS = D("0.80"), D("0.70")
STEP, STEP_CAUTIOUS, STEP_MAX, STEP_MAX_MIN = D("0.10"), D("0.05"), D("0.20"), D(5)
LOAD_STEP, LOAD_INCREMENT_MAX = D("0.05"), D("0.10")
LIGHT, DELOAD, FLOOR = D("0.60"), D("0.80"), D("0.50")
F1, F2 = D("0.70"), D("0.50")
GAP = ((28, None), (14, D("0.50")), (7, D("0.70")))
LENGTH = ((15, None), (8, D("0.50")), (4, D("0.70")), (1, D("0.80")))
RETURN_MAX = D("0.80")
RUNG, NEXT_MAX = D("0.10"), D("1.20")
WEEK_CAP, MONTH_CAP = D("1.20"), D("1.30")
LOADING_DAYS, LIGHT_DAYS, HOLD_AT_FULL = 21, 7, 7
LOG_DAYS, SESSION_DAYS, SCREEN_DAYS, EXPIRY_DAYS, LIMIT_DAYS = 3, 7, 7, 14, 42
MORNINGS, EVALUABLE, EVALUABLE_RETURN, EVALUABLE_DAYS = 5, 3, 2, 21
CONFLICT_DAYS, SESSION_CONFLICT_DAYS = 14, 21
STALL_DAYS, REPEAT_DAYS = 28, 28
CAUTIOUS_DAYS = 14
LOAD_SAME = D("0.1")
LATE_HOURS = 48
ONE_BOUT_MINUTES, ONE_BOUT_PART, RISE_DATES = 5, D("1.10"), 2
UNREADABLE_DAYS = 7
CLINIC_PAIN = D(3)  # above usual
STOPS = ("pain", "fatigue", "breathless", "dizzy", "chest-symptom", "other")
QUALITIES = ("sharp", "electric", "locking", "night-unremitting")
CLEAR_AFTER_HOURS = {"rf10": 28 * 24, "rf15": 48, "rf17": 24}
EXERTION_FATIGUE, EXERTION_HOURS, EXERTION_OF = D(4), (12, 72), 3
