"""Deviations from an uneventful course: one change to a draft each, with a day or session and a level 0-9."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from decimal import Decimal

from tests.courses.drafts import Bout, Draft, Morning
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.readings import (
    Clearance,
    Comment,
    DoseLimit,
    Refusal,
    RefusalReason,
    Reporter,
    Source,
)
from titrate.messages.refused_values import ValueMissing

Change = Callable[[Draft, int, int], None]
CLINICIAN = Reporter.PRACTITIONER
HALF = Decimal("0.5")


def morning(draft: Draft, ago: int) -> Morning:
    """The morning of that day, created if missing."""
    for m in draft.mornings:
        if m.ago == ago:
            return m
    made = Morning(ago, draft.usual_pain, draft.usual_fatigue)
    draft.mornings.append(made)
    return made


def bout(draft: Draft, which: int) -> Bout | None:
    """One of the sessions, counted back from the newest."""
    newest = sorted(draft.bouts, key=lambda b: b.ago)
    return newest[which % len(newest)] if newest else None


def clip(value: Decimal) -> Decimal:
    return max(Decimal(0), min(Decimal(10), value))


# --- mornings ---------------------------------------------------------------------------------------------------------
def pain(draft: Draft, ago: int, level: int) -> None:
    morning(draft, ago).pain = clip(draft.usual_pain + (level - 1) * HALF)


def fatigue(draft: Draft, ago: int, level: int) -> None:
    morning(draft, ago).fatigue = clip(draft.usual_fatigue + level * HALF)


def worn_out(draft: Draft, which: int, level: int) -> None:
    """Fatigue on the mornings after two sessions: near or above what counts as worsening after exertion."""
    for index in (which % 3, which % 3 + 1 + level % 2):
        found = bout(draft, index)
        if found is not None:
            morning(draft, max(found.ago - 1, 0)).fatigue = clip(draft.usual_fatigue + 2 + (level % 4) * HALF)


def two_bad_mornings(draft: Draft, ago: int, level: int) -> None:
    for day in (ago, max(ago - 1 - level // 5, 0)):
        morning(draft, day).pain = clip(draft.usual_pain + 2 + (level % 5) * HALF)


def raised_week(draft: Draft, ago: int, level: int) -> None:
    for day in range(max(0, ago - level), ago + 1):
        morning(draft, day).pain = clip(draft.usual_pain + 1)


def no_morning(draft: Draft, ago: int, level: int) -> None:
    draft.mornings = [m for m in draft.mornings if not ago <= m.ago <= ago + level // 3]


def no_fatigue(draft: Draft, ago: int, level: int) -> None:
    morning(draft, ago).fatigue = None


def no_mornings_since(draft: Draft, ago: int, level: int) -> None:
    draft.mornings = [m for m in draft.mornings if m.ago > ago // 2 + level]


def second_morning(draft: Draft, ago: int, level: int) -> None:
    m = morning(draft, ago)
    m.second = clip((m.pain or Decimal(0)) + (level - 2) * HALF)


def late_morning(draft: Draft, ago: int, level: int) -> None:
    morning(draft, max(ago, 3)).late = True


def preliminary_morning(draft: Draft, ago: int, level: int) -> None:
    m = morning(draft, ago)
    m.preliminary, m.pain = True, clip(draft.usual_pain + (level - 3) * HALF)


def odd_clock(draft: Draft, ago: int, level: int) -> None:
    morning(draft, ago).clock = (time(4, 0), time(12, 0), time(3, 59), time(12, 1), time(5, 30))[level % 5]


# --- flares, in the patient's words -----------------------------------------------------------------------------------
def tick(draft: Draft, ago: int, level: int) -> None:
    draft.answer("flare-self-report", level < 8, ago)


def activity(draft: Draft, ago: int, level: int) -> None:
    draft.answer("daily-activity-kept", ("no", "with-help", "yes")[level % 3], ago)


def rescue(draft: Draft, ago: int, level: int) -> None:
    draft.answer("rescue-analgesia-new", level < 8, ago)


def long_flare(draft: Draft, ago: int, level: int) -> None:
    for day in range(max(0, ago - 2 * level), ago + 1):
        morning(draft, day).pain = clip(draft.usual_pain + 2)


# --- sessions ---------------------------------------------------------------------------------------------------------
def _set(name: str, values: Callable[[Draft, Bout, int], object]) -> Change:
    def change(draft: Draft, which: int, level: int) -> None:
        found = bout(draft, which)
        if found is not None:
            found.values[name] = values(draft, found, level)

    return change


def _shares(b: Bout, level: int) -> Decimal:
    share = ("1.0", "0.9", "0.85", "0.6", "0.55", "0.5", "0.45", "1.2", "1.25", "1.5")[level]
    return b.dose.amount * Decimal(share)


peak = _set("pain_peak", lambda d, b, level: clip(Decimal(4) + level * HALF))
effort = _set("rpe", lambda d, b, level: clip(Decimal(3) + level * HALF))
amount_done = _set("done", lambda d, b, level: _shares(b, level))
stop = _set("stop_reason", lambda d, b, level: ("pain", "fatigue", "time", "breathless", "other", "dizzy")[level % 6])
quality = _set("pain_quality", lambda d, b, level: ("usual", "sharp", "electric")[level % 3])
form = _set("form", lambda d, b, level: ("good", "compensating", "lost", None)[level % 4])
talk = _set("talk_test", lambda d, b, level: ("comfortable", "equivocal", "not-comfortable", None)[level % 4])
last_set = _set("last_set", lambda d, b, level: None if level == 0 else 7 + level)
pulse = _set("heart_rate", lambda d, b, level: Decimal(100 + 8 * level))
heavier = _set("load", lambda d, b, level: None if level == 0 else (b.dose.load or Decimal(0)) + level - 4)
prescribed = _set("prescribed", lambda d, b, level: None if level < 3 else b.dose.amount + level - 4)


def technique(draft: Draft, which: int, level: int) -> None:
    """A compensatory movement, several, an explicit none, or a tempo."""
    found = bout(draft, which)
    seen = (("none",), ("shrug",), ("limp", "trunk-lean"), ("other",), None)[level % 5]
    if found is not None and level < 5:
        found.values["compensations"] = seen
    elif found is not None:
        found.values["tempo"] = ("as-planned", "slower", "faster", "unclear", "faster")[level % 5]


def other_unit(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    if found is not None and level < 5:
        found.values["unit"] = "m" if level else None


def missing_field(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    names = ("pain_peak", "rpe", "done", "prescribed", "last_set", "form", "sets", "load", "talk_test", "pain_before")
    if found is not None:
        found.values[names[level]] = None


def stopped_early(draft: Draft, which: int, level: int) -> None:
    stop(draft, which, level)
    amount_done(draft, which, 3 + level % 4)


def bad_session(draft: Draft, which: int, level: int) -> None:
    peak(draft, which, 3 + level // 2)


def bad_pair(draft: Draft, which: int, level: int) -> None:
    for index in (which % 3, which % 3 + 1):
        bad_session(draft, index, level)


def no_sessions_since(draft: Draft, ago: int, level: int) -> None:
    draft.bouts = [b for b in draft.bouts if b.ago > ago]


def no_session(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    if found is not None:
        draft.bouts.remove(found)


def late_session(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    if found is not None:
        found.late = True


def preliminary_session(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    if found is not None:
        found.preliminary = True


def sent_twice(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    if found is not None and level < 5:
        found.twice = True
    elif found is not None:
        found.other = {"pain_peak": clip(Decimal(level))}


def today_session(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    if found is not None:
        copy = Bout(0, found.exercise, found.dose, dict(found.values), clock=time(5, 0))
        copy.values["pain_peak"] = clip(Decimal(level))
        draft.bouts.append(copy)


def other_dose(draft: Draft, which: int, level: int) -> None:
    found = bout(draft, which)
    if found is not None and found.dose.amount > 1:
        amount = found.dose.amount - 1
        found.dose = replace(found.dose, amount=amount)
        found.values |= {"prescribed": amount, "done": amount}


# --- holds, screens, flags, limits ------------------------------------------------------------------------------------
def sleep(draft: Draft, ago: int, level: int) -> None:
    for day in range(ago, ago + 1 + level // 3):
        if level % 2:
            draft.measure("sleep-hours", Decimal("4.5"), day)
        else:
            draft.measure("sleep-quality", 3, day)


def stressor(draft: Draft, ago: int, level: int) -> None:
    draft.answer("stressor", ("major", "minor", "none")[level % 3], ago)


def score(draft: Draft, ago: int, level: int) -> None:
    what, value = (
        ("tsk-11", 29),
        ("tsk-11", 36),
        ("csi", 40),
        ("pseq", 19),
        ("phq-9", 10),
        ("tsk-17", 38),
        ("phq-9", 9),
        ("tsk-11", 28),
        ("pseq", 20),
        ("phq-9", 11),
    )[level]
    draft.measure(what, value, ago)


def clinician(draft: Draft, ago: int, level: int) -> None:
    what, value = (
        ("pain-ceiling", 6),
        ("pain-ceiling", 4),
        ("rpe-cap", 5),
        ("rpe-cap", 3),
        ("heart-rate-limit", 120),
        ("usual-pain", 2),
        ("usual-pain", 3),
        ("pain-ceiling", 7),
        ("usual-fatigue", 3),
        ("heart-rate-limit", 150),
    )[level]
    draft.measure(what, value, ago, CLINICIAN)


def clinician_yes(draft: Draft, ago: int, level: int) -> None:
    what = ("cautious-profile", "exposure-ladder-started")[level % 2]
    draft.answer(what, level < 7, ago, CLINICIAN)


def dose_limit(draft: Draft, ago: int, level: int) -> None:
    states = [s for s in draft.plan.exercises if s.dose is not None]
    if states:
        state = states[ago % len(states)]
        dose = state.dose or Dose(Decimal(1), "min")
        amount = max(Decimal(1), dose.amount + level - 4)
        stamp = draft.stamp("dose-limit", ago, by=CLINICIAN)
        draft.extra.append(DoseLimit(state.exercise, amount, dose.unit, stamp))


def load_limit(draft: Draft, ago: int, level: int) -> None:
    states = [s for s in draft.plan.exercises if s.dose is not None and s.dose.load is not None]
    if states:
        state = states[ago % len(states)]
        load = (state.dose.load if state.dose else None) or Decimal(1)
        stamp = draft.stamp("load-limit", ago, by=CLINICIAN)
        draft.extra.append(DoseLimit(state.exercise, max(Decimal(1), load + level - 4), "kg", stamp))


def unsure(draft: Draft, ago: int, level: int) -> None:
    """The last reading other than mornings and sessions becomes preliminary."""
    if draft.extra:
        last = draft.extra[-1]
        draft.extra[-1] = replace(last, stamp=replace(last.stamp, preliminary=True))


def flag(draft: Draft, ago: int, level: int) -> None:
    number = (1, 4, 7, 9, 23, 25, 16, 27, 19, 12)[level]
    draft.answer(f"rf{number:02d}", True, ago)


def cleared_flag(draft: Draft, ago: int, level: int) -> None:
    flag(draft, ago, level)
    name = f"rf{(1, 4, 7, 9, 23, 25, 16, 27, 19, 12)[level]:02d}"
    draft.extra.append(Clearance(name, draft.stamp("clearance", max(0, ago - 2), by=CLINICIAN)))


def unanswered(draft: Draft, ago: int, level: int) -> None:
    draft.answer(f"rf{1 + level:02d}", None, ago)


def old_screen(draft: Draft, ago: int, level: int) -> None:
    draft.screens = [2 * level] if level else []


def words(draft: Draft, ago: int, level: int) -> None:
    draft.extra.append(Comment("It was agony", draft.stamp("comment", ago)))
    morning(draft, ago).pain = Decimal(0)


def implausible(draft: Draft, ago: int, level: int) -> None:
    what = ("pain-morning", "mood-nrs")[level % 2]
    source, reason = Source("Observation/odd"), RefusalReason.IMPLAUSIBLE
    draft.refusals.append(Refusal(source, "valueQuantity", reason, ValueMissing(), what, draft.day(ago)))


def vital(draft: Draft, ago: int, level: int) -> None:
    what, value = (
        ("heart-rate", 100),
        ("heart-rate", 99),
        ("systolic", 179),
        ("systolic", 180),
        ("diastolic", 110),
        ("heart-rate", 121),
        ("spo2", 91),
        ("temperature", 38),
        ("spo2", 92),
        ("phq-9-item-9", 1),
    )[level]
    draft.measure(what, value, ago)


MILD: dict[str, Change] = {
    "pain": pain,
    "peak": peak,
    "effort": effort,
    "fatigue": fatigue,
    "amount_done": amount_done,
    "no_morning": no_morning,
    "no_fatigue": no_fatigue,
    "missing_field": missing_field,
    "no_session": no_session,
    "second_morning": second_morning,
    "late_morning": late_morning,
    "preliminary_morning": preliminary_morning,
    "late_session": late_session,
    "preliminary_session": preliminary_session,
    "other_dose": other_dose,
    "form": form,
    "talk": talk,
    "last_set": last_set,
    "pulse": pulse,
    "sleep": sleep,
    "stressor": stressor,
    "score": score,
    "clinician": clinician,
    "clinician_yes": clinician_yes,
    "odd_clock": odd_clock,
    "sent_twice": sent_twice,
    "today_session": today_session,
    "raised_week": raised_week,
    "heavier": heavier,
    "prescribed": prescribed,
    "stop": stop,
    "dose_limit": dose_limit,
    "rescue": rescue,
    "activity": activity,
    "load_limit": load_limit,
    "unsure": unsure,
    "other_unit": other_unit,
    "technique": technique,
}
GRAVE: dict[str, Change] = {
    "bad_session": bad_session,
    "bad_pair": bad_pair,
    "stopped_early": stopped_early,
    "tick": tick,
    "two_bad_mornings": two_bad_mornings,
    "long_flare": long_flare,
    "no_sessions_since": no_sessions_since,
    "no_mornings_since": no_mornings_since,
    "flag": flag,
    "cleared_flag": cleared_flag,
    "unanswered": unanswered,
    "old_screen": old_screen,
    "words": words,
    "implausible": implausible,
    "quality": quality,
    "worn_out": worn_out,
}
VITAL: dict[str, Change] = {"vital": vital}
