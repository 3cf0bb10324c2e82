"""The fourteen gates of a step up (B6, B11.4-7, .23-24, .32, .35). What a gate needs and is absent fails the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from service.clinical.decision import ClassedSession, Gate, SessionClass, TraceEntry
from service.clinical.dosing import Form
from service.clinical.lowering import completed, light_week_due
from service.clinical.plan import Dose, ExerciseState, Phase
from service.clinical.readings import SessionReported, Source
from service.clinical.rulebook import Domain
from service.clinical.situation import Situation, newest_resting
from service.clinical.sufficiency import evaluable_count, missing, mornings_known


@dataclass(frozen=True, slots=True)
class Asked:
    """What the gates are asked about: one exercise, the dose it has and the dose it would rise to (None: no step)."""

    situation: Situation
    state: ExerciseState
    form: Form
    step: Dose | None

    @property
    def starting(self) -> bool:
        """Whether the exercise waits for its first dose: gates about sessions then do not apply."""
        return self.state.dose is None

    @property
    def at_dose(self) -> list[ClassedSession]:
        """Sessions of the exercise at the dose in force, any class, oldest first."""
        return [s for s in self.situation.sessions if s.exercise == self.state.exercise and s.at_dose]

    @property
    def run(self) -> list[ClassedSession]:
        """The last sessions that rule G4 looks at: evaluable, since the dose began."""
        since = self.state.dose_since
        last = [s for s in self.situation.evaluable(self.state.exercise) if since is None or s.day >= since]
        return last[-int(self.number("N_SESS")):]

    def number(self, name: str) -> Decimal:
        """A constant of the rulebook."""
        return self.situation.record.rulebook.number(name)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate's answer with the condition as it was evaluated."""

    gate: Gate
    entry: TraceEntry


def all_gates(asked: Asked) -> dict[str, Verdict]:
    """All gates of one exercise, G1 to G14, in order."""
    return {name: judge(asked) for name, judge in _GATES.items()}


def _verdict(
    asked: Asked, name: str, held: bool | None, text: str,
    *, value: object = None, operator: str | None = None, limit: object = None, unit: str | None = None,
    sources: tuple[Source, ...] = (),
) -> Verdict:
    gate = Gate.NOT_APPLICABLE if held is None else Gate.PASS if held else Gate.FAIL
    entry = TraceEntry(
        name, text, bool(held), None if value is None else str(value), operator, None if limit is None else str(limit),
        unit, asked.state.exercise, sources,
    )
    return Verdict(gate, entry)


def _g1(asked: Asked) -> Verdict:
    flags = asked.situation.safety.flags
    return _verdict(asked, "G1", not flags, "open red flags", value=len(flags), operator="=", limit=0,
                    sources=tuple(s for f in flags for s in f.sources))


def _g2(asked: Asked) -> Verdict:
    phase = asked.situation.phase
    return _verdict(asked, "G2", phase is Phase.LOADING and not asked.situation.returning, "phase",
                    value=phase.value, operator="=", limit=Phase.LOADING.value)


def _g3(asked: Asked) -> Verdict:
    lacking = list(missing(asked.situation))
    count = evaluable_count(asked.situation, asked.state.exercise)
    needed = asked.number("SESSIONS_MIN")
    if not asked.starting and count < needed:
        lacking.append(f"{count} evaluable sessions of the exercise")
    text = "data sufficient" if not lacking else "; ".join(lacking)
    return _verdict(asked, "G3", not lacking, text, value=mornings_known(asked.situation), operator=">=",
                    limit=asked.number("MORNINGS_MIN"), unit="mornings", sources=_week_sources(asked, 1))


def _g4(asked: Asked) -> Verdict:
    if asked.starting:
        return _verdict(asked, "G4", None, "no dose yet")
    run, needed = asked.run, int(asked.number("N_SESS"))
    tolerated = [s for s in run if s.at_dose and s.klass is SessionClass.T]
    text = f"last {needed} evaluable sessions tolerated at this dose: {' '.join(s.klass.value for s in run) or 'none'}"
    return _verdict(asked, "G4", len(tolerated) == needed, text, value=len(tolerated), operator=">=", limit=needed,
                    unit="sessions", sources=tuple(x for s in run for x in s.sources[:1]))


def _g5(asked: Asked) -> Verdict:
    since = last_upward(asked)
    needed = asked.number("MIN_DAYS_AT_DOSE")
    if since is None:
        return _verdict(asked, "G5", False, "no session at the raised dose yet, or its start is not known",
                        operator=">=", limit=needed, unit="d")
    days = asked.situation.record.days_ago(since)
    return _verdict(asked, "G5", days >= needed, f"days since the last rise, {since}", value=days, operator=">=",
                    limit=needed, unit="d")


def last_upward(asked: Asked) -> date | None:
    """The day the newest rise of any exercise was taken: its first session at the raised dose; else the dose's start."""
    exercises = asked.situation.record.plan.exercises
    raised = [e for e in exercises if e.dose and e.last_raised]
    if not raised:
        starts = [e.dose_since for e in exercises if e.dose]
        known = [d for d in starts if d is not None]
        return max(known) if known and len(known) == len(starts) else asked.situation.record.plan.started
    taken = [_taken(asked, e) for e in raised]
    return None if any(d is None for d in taken) else max(d for d in taken if d is not None)


def _taken(asked: Asked, state: ExerciseState) -> date | None:
    raised = state.last_raised
    assert raised is not None
    if state.dose_since is not None and state.dose_since > raised:
        return raised  # the dose has changed since; the rise lies behind it
    first = [s.day for s in asked.situation.sessions if s.exercise == state.exercise and s.at_dose and s.day >= raised]
    return min(first, default=None)


def _g6(asked: Asked) -> Verdict:
    record, usual = asked.situation.record, asked.situation.usual.pain
    now, before = _finals(asked, 1), _finals(asked, 2)
    needed, limit = asked.number("MORNINGS_MIN"), asked.number("WEEK_RISE_HOLD")
    if len(now) < needed or len(before) < needed or usual is None:
        return _verdict(asked, "G6", False, f"week's mean not comparable: {len(now)} and {len(before)} mornings",
                        operator="<=", limit=limit, unit="{score}")
    compared = min(Fraction(sum(before)) / len(before), Fraction(usual))
    rise = Fraction(sum(now)) / len(now) - compared
    shown = f"{float(rise):+.2f}"
    return _verdict(asked, "G6", rise <= Fraction(limit), "rise of the week's mean morning pain", value=shown, operator="<=",
                    limit=limit, unit="{score}", sources=tuple(s for d in record.week() if d in record.pain for s in record.pain[d].sources))


def _finals(asked: Asked, back: int) -> list[Decimal]:
    record = asked.situation.record
    return [v for d in record.week(back) if d in record.pain and (v := record.pain[d].final) is not None]


def _week_sources(asked: Asked, back: int) -> tuple[Source, ...]:
    record = asked.situation.record
    return tuple(s for d in record.week(back) if d in record.pain for s in record.pain[d].sources)


def _g7(asked: Asked) -> Verdict:
    if asked.starting:
        return _verdict(asked, "G7", None, "no dose yet")
    adherence = adherence_of(asked.situation, asked.state)
    limit = asked.number("ADH_MIN")
    return _verdict(asked, "G7", adherence >= Fraction(limit), "adherence in the last 7 days",
                    value=f"{float(adherence):.2f}", operator=">=", limit=limit, unit="1")


def adherence_of(situation: Situation, state: ExerciseState) -> Fraction:
    """Completed sessions of the last seven days over the week's frequency, at most 1 (B11.6)."""
    if state.weekly_frequency <= 0:
        return Fraction(0)
    week = set(situation.record.week())
    done = sum(1 for s in completed(situation) if s.exercise == state.exercise and s.day in week)
    return min(Fraction(done, state.weekly_frequency), Fraction(1))


def _g8(asked: Asked) -> Verdict:
    because = strain(asked.situation)
    return _verdict(asked, "G8", not because, "; ".join(because) or "no hold for sleep, mood or stress",
                    value=len(because), operator="=", limit=0)


def strain(situation: Situation) -> tuple[str, ...]:
    """What holds a rise outside the exercise itself: bad nights, low mood, a major stressor, pulse, fear (B10, B11.26)."""
    record, book = situation.record, situation.record.rulebook
    found = []
    dates = (*record.week(), record.today)
    nights = sum(1 for d in dates if _bad_night(situation, d))
    if nights >= book.number("SLEEP_NIGHTS"):
        found.append(f"{nights} bad nights")
    phq = record.latest("phq-9")
    if phq is not None and phq.value >= book.number("PHQ9_HOLD"):
        found.append(f"PHQ-9 {phq.value}")
    if record.ever("stressor", "major", dates):
        found.append("a major stressor")
    pulse = newest_resting(situation)
    if pulse is not None and pulse.value >= book.number("HR_REST_HOLD"):
        found.append(f"resting heart rate {pulse.value}")
    tsk = record.latest("tsk-11")
    started = [a for a in record.answered.get("exposure-ladder-started", ()) if a.value is True]
    if tsk is not None and tsk.value >= book.number("TSK_11_HIGH") and not started:
        found.append(f"TSK-11 {tsk.value} without an exposure ladder")
    return tuple(found)


def _bad_night(situation: Situation, day: date) -> bool:
    record, book = situation.record, situation.record.rulebook
    quality = [m.value for m in record.measured.get("sleep-quality", ()) if m.stamp.day == day]
    hours = [m.value for m in record.measured.get("sleep-hours", ()) if m.stamp.day == day]
    return any(q <= book.number("SLEEP_QUALITY_LOW") for q in quality) or any(h < book.number("SLEEP_HOURS_LOW") for h in hours)


def _g9(asked: Asked) -> Verdict:
    if asked.starting or asked.state.dose is None:
        return _verdict(asked, "G9", None, "no dose yet")
    planned = _weekly(asked, asked.step or asked.state.dose)
    week = _done(asked, 7)
    limit = asked.number("LOAD_WEEK_CAP")
    ratio = f"{planned / week:.3f}" if week else "no work done"
    held, text = planned <= limit * week, "planned week over the last seven days' work"
    first = min((s.day for s in asked.situation.sessions if s.exercise == asked.state.exercise), default=None)
    if held and first is not None and asked.situation.record.days_ago(first) >= asked.number("LOAD_MONTH_DATA_DAYS"):
        mean, limit_month = _done(asked, 28) / 4, asked.number("LOAD_MONTH_CAP")
        if planned > limit_month * mean:
            held, text, limit = False, "planned week over the mean week of the last 28 days", limit_month
            ratio = f"{planned / mean:.3f}" if mean else "no work done"
    return _verdict(asked, "G9", held, text, value=ratio, operator="<=", limit=limit, unit="1")


def _weekly(asked: Asked, dose: Dose) -> Decimal:
    return dose.amount * (dose.load or 1) * asked.state.weekly_frequency


def _done(asked: Asked, days: int) -> Decimal:
    """Work done on the last `days` local dates: amounts, times kg where there is a load."""
    record = asked.situation.record
    loaded = asked.state.dose is not None and asked.state.dose.load is not None
    total = Decimal(0)
    for s in asked.situation.sessions:
        if s.exercise == asked.state.exercise and not s.preliminary and s.done is not None and 1 <= record.days_ago(s.day) <= days:
            total += s.done * (s.load or 0) if loaded else s.done
    return total


def _g10(asked: Asked) -> Verdict:
    if asked.starting:
        return _verdict(asked, "G10", None, "no dose yet")
    last = _last_reports(asked)
    forms = [r.form for r in last]
    aerobic = asked.form.exercise.domain is Domain.AEROBIC
    if aerobic:
        return _verdict(asked, "G10", all(f in (None, "good") for f in forms), "form in the last 2 sessions")
    needed = int(asked.number("TWO_FOR_TWO_SESSIONS"))
    good = len(forms) == needed and all(f == "good" for f in forms)
    text = "form good in the last 2 sessions" if good else "form not good, or not recorded, in the last 2 sessions"
    return _verdict(asked, "G10", good, text, value=sum(1 for f in forms if f == "good"), operator=">=", limit=needed)


def _last_reports(asked: Asked) -> list[SessionReported]:
    """The reports behind the last two sessions at dose, of any class."""
    wanted = {(s.end, s.exercise) for s in asked.at_dose[-int(asked.number("TWO_FOR_TWO_SESSIONS")):]}
    return [r for r in asked.situation.record.sessions if (r.stamp.end, r.exercise) in wanted]


def _g11(asked: Asked) -> Verdict:
    if asked.starting or not asked.form.exercise.loaded:
        return _verdict(asked, "G11", None, "no load")
    needed = int(asked.number("TWO_FOR_TWO_SESSIONS"))
    last, reports = asked.at_dose[-needed:], _last_reports(asked)
    goal = two_for_two_goal(asked)
    counts = [r.last_set for r in reports]
    if len(last) < needed or goal is None or any(c is None for c in counts):
        return _verdict(asked, "G11", False, "2-for-2 not evaluable: last-set repetitions not recorded")
    held = all(s.klass is SessionClass.T for s in last) and all(c is not None and c >= goal for c in counts)
    shown = ", ".join(str(c) for c in counts)
    return _verdict(asked, "G11", held, "repetitions of the last set in the last 2 sessions, both tolerated", value=shown,
                    operator=">=", limit=goal, unit="{repetitions}")


def two_for_two_goal(asked: Asked) -> int | None:
    """Repetitions that the last set must reach: two above the target, and above what a set asks for now."""
    dose = asked.state.dose
    if dose is None:
        return None
    each = int(dose.amount) // (dose.sets or 1)
    return max(each, asked.form.target or each) + int(asked.number("TWO_FOR_TWO"))


def _g12(asked: Asked) -> Verdict:
    since = asked.situation.loading_since
    if since is None:
        return _verdict(asked, "G12", asked.situation.phase is Phase.LOADING, "start of loading not known")
    days = asked.situation.record.days_ago(since)
    return _verdict(asked, "G12", not light_week_due(asked.situation), "days of loading", value=days, operator="<",
                    limit=asked.number("LIGHT_WEEK_AFTER_DAYS"), unit="d")


def _g13(asked: Asked) -> Verdict:
    if asked.starting:
        return _verdict(asked, "G13", None, "no dose yet")
    run = asked.run
    if len(run) < asked.number("N_SESS"):
        return _verdict(asked, "G13", False, "too few sessions to judge exertion")
    reports = [
        r for r in asked.situation.record.sessions
        if r.exercise == asked.state.exercise and r.stamp.end >= run[0].end
    ]
    wrong = _too_hard(asked, reports)
    highest = max((r.rpe for r in reports if r.rpe is not None), default=None)
    return _verdict(asked, "G13", not wrong, "; ".join(wrong) or "exertion within its cap", value=highest, operator="<=",
                    limit=asked.situation.limits.rpe_value, unit="{score}")


def _too_hard(asked: Asked, reports: list[SessionReported]) -> list[str]:
    limits, found = asked.situation.limits, []
    counted = [r for r in reports if (r.stamp.end, r.exercise) in {(s.end, s.exercise) for s in asked.run}]
    if any(r.rpe is None for r in counted) or any(r.rpe is not None and r.rpe > limits.rpe_value for r in reports):
        found.append("exertion above its cap or not recorded")
    if any(r.talk_test not in (None, "comfortable") for r in reports):
        found.append("talk test not comfortable")
    rate = limits.heart_rate.value
    if rate is not None and any(r.heart_rate is not None and r.heart_rate > rate for r in reports):
        found.append("heart rate above its limit")
    return found


def _g14(asked: Asked) -> Verdict:
    renewed, limit = asked.situation.limits.renewed, asked.number("LIMITS_VALID_DAYS")
    if renewed is None:
        return _verdict(asked, "G14", False, "no limits approved by a clinician", operator="<=", limit=limit, unit="d")
    days = asked.situation.record.days_ago(renewed)
    return _verdict(asked, "G14", days <= limit, f"days since limits were approved, {renewed}", value=days, operator="<=",
                    limit=limit, unit="d")


_GATES: dict[str, Callable[[Asked], Verdict]] = {
    "G1": _g1, "G2": _g2, "G3": _g3, "G4": _g4, "G5": _g5, "G6": _g6, "G7": _g7, "G8": _g8, "G9": _g9, "G10": _g10,
    "G11": _g11, "G12": _g12, "G13": _g13, "G14": _g14,
}

