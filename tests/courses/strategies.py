"""Random courses: a plan in force in any phase, 35 uneventful days, and a few deviations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.courses import deviations as dev
from tests.courses.build import minutes, sets
from tests.courses.drafts import DAYS, Bout, Draft, Morning, course
from tests.courses.examples import Course
from titrate.clinical.values.plan import NO_PLAN, Dose, ExerciseState, FlareGrade, PastDecision, Phase, PlanInForce
from titrate.clinical.values.readings import TrialReported

SECOND = "s"
DOSES: dict[str, tuple[Dose, ...]] = {
    "walking": tuple(minutes(m) for m in ("15", "10", "2", "3.5", "7", "8.5", "9.5", "12", "20", "60")),
    "leg-press": (sets(3, 10, 40), sets(2, 8, 20), sets(3, 12, 40), sets(1, 8, 12), sets(3, 8, 42)),
    "sit-to-stand": (sets(2, 8), sets(1, 6), sets(3, 10), sets(1, 5), sets(2, 15), sets(1, 4)),
    "scaption": (sets(3, 12, 2), sets(2, 10, 5), sets(3, 15, 6), sets(1, 10, 10)),
    "mobility-routine": tuple(minutes(m) for m in ("5", "10", "12")),
    "balance-stance": tuple(Dose(Decimal(s), SECOND) for s in (30, 20, 15, 5, 60)),
    "cycling": tuple(minutes(m) for m in ("10", "25")),
}
WEEK = {2: (2, 5), 3: (1, 3, 5), 4: (1, 3, 5, 6), 5: (1, 2, 3, 5, 6)}
TODAYS = (date(2025, 1, 20), date(2025, 4, 2), date(2024, 11, 5))
ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata")
PHASES = (
    (Phase.LOADING,) * 10
    + (Phase.RETURN,) * 4
    + (Phase.FLARE, Phase.DELOAD, Phase.LIGHTER_WEEK) * 3
    + (Phase.INTAKE,) * 2
    + (Phase.BASELINE, Phase.MAINTENANCE, Phase.STOPPED, Phase.DISCHARGED)
)
PARTS = {
    Phase.LIGHTER_WEEK: ("0.60",),
    Phase.DELOAD: ("0.80",),
    Phase.FLARE: ("0.70", "0.50"),
    Phase.RETURN: ("0.80", "0.70", "0.50", "0.90", "1.00"),
}
ROLE = {
    Phase.LIGHTER_WEEK: "reference",
    Phase.DELOAD: "before_deload",
    Phase.FLARE: "before_flare",
    Phase.RETURN: "before_flare",
}
LOWERING = ("no_sessions_since", "bad_pair") * 8  # D3 and D4 are rare
LOW = {"leg-press": 8, "sit-to-stand": 5, "scaption": 10}


def part_of(dose: Dose, part: str, least: int | None) -> Dose:
    """A dose as an earlier draft would have lowered it; never nothing."""
    amount = dose.amount * Decimal(part)
    if dose.sets is None:
        step = Decimal("0.5") if dose.unit == "min" and amount < 10 else Decimal(1)
        return replace(dose, amount=max(amount // step * step, step))
    number = dose.sets
    while number > 1 and least is not None and int(amount) // number < least:
        number -= 1
    return replace(dose, sets=number, amount=max(Decimal(int(amount) // number * number), Decimal(number)))


@st.composite
def _state(draw: st.DrawFn, code: str, phase: Phase, today: date, since: int) -> ExerciseState:
    """One exercise whose dose and recorded doses fit the phase that began `since` days ago."""
    before = draw(st.sampled_from(DOSES[code]))
    dose = part_of(before, draw(st.sampled_from(PARTS[phase])), LOW.get(code)) if phase in PARTS else before
    ago = since if phase in PARTS and phase is not Phase.RETURN else draw(st.integers(0, 25))
    ago = min(ago, since) if phase is Phase.RETURN else ago
    raised = draw(st.sampled_from((None, ago, ago + 14)))
    waiting = phase is Phase.BASELINE or draw(st.integers(0, 14)) == 14
    state = ExerciseState(
        code,
        None if waiting else dose,
        draw(st.sampled_from((3, 2, 4, 5))),
        start=part_of(before, draw(st.sampled_from(("0.80", "1.00", "0.50"))), None),
        dose_since=today - timedelta(days=ago),
        last_raised=None if raised is None or (phase in PARTS and raised == ago) else today - timedelta(days=raised),
        goal_linked=draw(st.booleans()),
    )
    return replace(state, **{ROLE[phase]: before}) if phase in ROLE else state  # type: ignore[arg-type]


@st.composite
def _history(draw: st.DrawFn, today: date) -> tuple[PastDecision, ...]:
    found = []
    for ago in sorted(draw(st.sets(st.integers(1, 40), max_size=4)), reverse=True):
        outcome, phase = draw(
            st.sampled_from(
                (
                    ("reactive-deload", Phase.DELOAD),
                    ("flare-protocol", Phase.FLARE),
                    ("hold", Phase.LOADING),
                    ("hold", Phase.DELOAD),
                    ("progress", Phase.LOADING),
                )
            )
        )
        day = today - timedelta(days=ago)
        recorded = datetime.combine(day, time(13), UTC)
        found.append(PastDecision(day, outcome, phase, recorded))
    return tuple(found)


@st.composite
def plans(draw: st.DrawFn, today: date, usual_pain: Decimal, usual_fatigue: Decimal) -> PlanInForce:
    """A plan in force: its phase, the dates of the phase, and 1-3 exercises."""
    phase = draw(st.sampled_from(PHASES))
    if phase is Phase.INTAKE:
        return NO_PLAN
    longest = {Phase.LIGHTER_WEEK: 9, Phase.FLARE: 20, Phase.RETURN: 20, Phase.DELOAD: 20}.get(phase, 30)
    since = draw(st.integers(0, longest))
    count = draw(st.sampled_from((1, 2, 2, 3)))
    codes = draw(st.lists(st.sampled_from(tuple(DOSES)), min_size=count, max_size=count, unique=True))
    states = tuple(draw(_state(code, phase, today, since)) for code in codes)
    began = today - timedelta(days=since)
    newest = max(s.dose_since or began for s in states)
    return PlanInForce(
        reference="CarePlan/1",
        version="v1",
        phase=phase,
        phase_since=began,
        exercises=states,
        started=today - timedelta(days=since + draw(st.sampled_from((0, 10, 40)))),
        approved=max(newest, began),
        loading_since=began if phase is Phase.LOADING else None,
        flare_first_day=began - timedelta(days=1) if phase is Phase.FLARE else None,
        flare_grade=draw(st.sampled_from(tuple(FlareGrade))) if phase is Phase.FLARE else None,
        usual_pain=usual_pain,
        usual_fatigue=usual_fatigue,
        state_date=max(newest, began),
        history=draw(_history(today)),
    )


def _bouts(plan: PlanInForce, today: date, usual_pain: Decimal) -> list[Bout]:
    """Sessions as prescribed on the days of the week, at the dose in force on that day."""
    found = []
    for state in plan.exercises:
        if state.dose is None:
            continue
        before = state.before_flare or state.before_deload or state.reference or state.start or state.dose
        for ago in range(1, DAYS):
            if (ago - 1) % 7 + 1 in WEEK[state.weekly_frequency]:
                old = state.dose_since is not None and today - timedelta(days=ago) < state.dose_since
                found.append(_bout(ago, state, before if old else state.dose, usual_pain))
    return found


def _bout(ago: int, state: ExerciseState, dose: Dose, usual_pain: Decimal) -> Bout:
    target = {"leg-press": 10, "scaption": 12}.get(state.exercise)
    extra = 0 if target is None or dose.sets is None else max(0, target + 2 - int(dose.amount) // dose.sets)
    aerobic = state.exercise in ("walking", "cycling")
    values: dict[str, object] = {
        "unit": dose.unit,
        "prescribed": dose.amount,
        "done": dose.amount + extra,
        "sets": dose.sets,
        "load": dose.load,
        "pain_before": usual_pain,
        "pain_peak": min(usual_pain + 1, Decimal(4)),
        "rpe": Decimal(3),
        "last_set": None if target is None else target + 2,
        "form": None if aerobic else "good",
        "talk_test": "comfortable" if aerobic else None,
        "stop_reason": "completed",
    }
    return Bout(ago, state.exercise, dose, values)


@st.composite
def _trials(draw: st.DrawFn, draft: Draft) -> None:
    waiting = [s.exercise for s in draft.plan.exercises if s.dose is None] or ["walking", "sit-to-stand"]
    if draft.plan is not NO_PLAN and all(s.dose is not None for s in draft.plan.exercises):
        return
    for code in waiting:
        dose = DOSES[code][0]
        days = draw(st.lists(st.sampled_from((1, 3, 5, 8, 14, 15, 20)), min_size=2, max_size=4))
        for index, ago in enumerate(days):
            done = Decimal(draw(st.integers(4, 12)))
            stamp = draft.stamp(f"trial-{code}-{index}", ago, time(11))
            draft.extra.append(TrialReported(code, done, dose.unit, stamp, "pain"))


@st.composite
def drafts(draw: st.DrawFn, vitals: bool = True, most: int = 6) -> Draft:
    """A draft that is uneventful except for up to `most` deviations. `vitals` allows measurements that open flags."""
    today, zone = draw(st.sampled_from(TODAYS)), draw(st.sampled_from(ZONES))
    usual_pain = Decimal(draw(st.sampled_from(("2", "2", "3", "4", "2.5", "1", "0", "5", "5.5"))))
    usual_fatigue = Decimal(draw(st.sampled_from(("3", "4", "2.5"))))
    plan = draw(plans(today, usual_pain, usual_fatigue))
    mornings = [Morning(ago, usual_pain, usual_fatigue) for ago in range(DAYS)]
    clock = draw(st.sampled_from((time(13), time(6), time(23, 30), time(0, 10))))
    draft = Draft(
        today,
        clock,
        zone,
        plan,
        usual_pain,
        usual_fatigue,
        mornings,
        _bouts(plan, today, usual_pain),
        [draw(st.integers(0, 8)), 20],
    )
    if draw(st.integers(0, 5)) == 5:  # screens changed long ago: only the short questions since
        draft.screens = draft.screens[:1]
    draw(_trials(draft))
    if plan.phase is Phase.FLARE:
        _flare_course(draw, draft)
    kinds = dev.MILD | dev.GRAVE | (dev.VITAL if vitals else {})
    calm = draw(st.booleans())
    names = st.sampled_from(tuple(dev.MILD) if calm else tuple(dev.GRAVE) * 2 + tuple(kinds) + LOWERING)
    days = st.sampled_from((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 25, 30))
    changes = draw(st.lists(st.tuples(names, days, st.integers(0, 9)), max_size=most // 2 if calm else most))
    draft.changes = changes
    for name, day, level in changes:
        kinds[name](draft, day, level)
    return draft


def _flare_course(draw: st.DrawFn, draft: Draft) -> None:
    """Bad mornings from the first day on, followed by usual ones from some day or not yet."""
    first = (draft.today - (draft.plan.flare_first_day or draft.today)).days
    calm = draw(st.integers(0, first))
    for ago in range(calm, first + 1):
        dev.morning(draft, ago).pain = dev.clip(draft.usual_pain + 2)


def courses(vitals: bool = True) -> st.SearchStrategy[Course]:
    """Random courses as values: readings, the plan in force, and the time."""
    return drafts(vitals).map(course)
