"""Session classes (B1, B11.4, B11.21, B11.29, B11.36) and counts of sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.second_evaluator import numbers as n
from tests.second_evaluator.doses import REPETITIONS, exercise
from tests.second_evaluator.facts import Facts, ceiling, helps, is_late, rpe_cap, slots, usual
from tests.second_evaluator.reported import in_plan, more_load, other_dose, overshoot, ratio, since
from titrate.clinical.values.plan import ExerciseState
from titrate.clinical.values.readings import Measurement, ReadingSource, SessionReported

WORST = "XMNT"


@dataclass(frozen=True)
class Classed:
    """One session, with every version of it that was sent (`variants`), and its class."""

    exercise: str
    day: date
    end: datetime
    klass: str
    variants: tuple[SessionReported, ...]
    preliminary: bool
    complete: bool  # peak, next morning and morning fatigue known from records that help (B11.11)
    whole: bool  # peak and next morning known, in the same way

    @property
    def evaluable(self) -> bool:
        return self.klass in ("T", "M", "X")

    @property
    def counts(self) -> bool:
        """Whether it may be evidence for anything but harm (B11.36)."""
        return not self.preliminary

    @property
    def peak(self) -> Decimal:
        return max((v.pain_peak for v in self.variants if v.pain_peak is not None), default=Decimal(-1))


def classed(f: Facts) -> list[Classed]:
    """Every session with its class, by end. What several sources report of one bout is one session (B13.1)."""
    return sorted((_classed(f, _versions(f, bout)) for bout in bouts(f)), key=lambda c: (c.end, c.exercise))


def bouts(f: Facts) -> list[list[SessionReported]]:
    """The reports by bout: those of one exercise that are linked, directly or by others."""
    left = sorted(f.sessions(), key=lambda s: s.stamp.when)
    found = []
    while left:
        bout = [left.pop(0)]
        while more := [s for s in left if any(_linked(s, one) for one in bout)]:
            bout += more
            left = [s for s in left if s not in more]
        found.append(bout)
    return found


def _linked(a: SessionReported, b: SessionReported) -> bool:
    """Overlapping periods, or starts within 5 minutes unless both are sets of their own (B13.1)."""
    if a.exercise != b.exercise:
        return False
    first, later = (a, b) if a.stamp.when <= b.stamp.when else (b, a)
    if later.stamp.when < first.stamp.end or (later.stamp.when == first.stamp.end and _moment(first, later)):
        return True
    apart = first.stamp.until is not None and later.stamp.until is not None
    own_sets = first.sets is not None and later.sets is not None and (apart or first.sets == later.sets == 1)
    return not own_sets and later.stamp.when - first.stamp.when <= timedelta(minutes=n.ONE_BOUT_MINUTES)


def _moment(first: SessionReported, later: SessionReported) -> bool:
    return first.stamp.end == first.stamp.when or later.stamp.end == later.stamp.when


def _versions(f: Facts, bout: list[SessionReported]) -> list[SessionReported]:
    """Each report at the time of the bout; what a final one leaves out is taken from the other final ones."""
    start, end = min(s.stamp.when for s in bout), max(s.stamp.end for s in bout)
    until = None if end == start and all(s.stamp.until is None for s in bout) else end
    placed = [replace(s, stamp=replace(s.stamp, when=start, until=until)) for s in bout] if len(bout) > 1 else bout
    finals = [s for s in placed if not s.stamp.preliminary]
    return [_filled(s, finals) if s in finals else s for s in placed]


def _filled(s: SessionReported, finals: list[SessionReported]) -> SessionReported:
    """What is missing: harm from the report of the most, amounts from the report of the least."""
    known = {name: [v for o in finals if (v := getattr(o, name)) is not None] for name in (*_MOST, *_LEAST)}
    most = {name: max(known[name]) for name in _MOST if getattr(s, name) is None and known[name]}
    least = {name: min(known[name]) for name in _LEAST if getattr(s, name) is None and known[name]}
    return replace(s, **most, **least)


_MOST = ("pain_before", "pain_peak", "rpe", "heart_rate", "load", "prescribed", "sets", "unit")
_LEAST = ("done", "last_set")


def _classed(f: Facts, group: list[SessionReported]) -> Classed:
    variants = _distinct(group)
    classes = [_final_class(f, s) for s in variants]
    first = variants[0]
    return Classed(
        first.exercise,
        first.stamp.day,
        max(v.stamp.end for v in variants),
        min(classes, key=WORST.index),
        tuple(variants),
        all(v.stamp.preliminary for v in variants),
        all(_complete(f, v) for v in variants),
        all(v.pain_peak is not None and next_morning_pain(f, v) is not None for v in variants),
    )


def _content(s: SessionReported) -> SessionReported:
    return replace(
        s, stamp=ReadingSource(replace(s.stamp.source, reference="", version=None), s.stamp.when, s.stamp.until)
    )


def _distinct(group: list[SessionReported]) -> list[SessionReported]:
    """Same exercise, instant and values: one reading, final if one of them is, entered when the first of them was."""
    if len(group) == 1:
        return group
    found: dict[SessionReported, SessionReported] = {}
    for s in sorted(group, key=lambda s: (s.stamp.preliminary, s.stamp.entered or s.stamp.end)):
        found.setdefault(_content(s), s)
    return list(found.values())


def session_conflicts(f: Facts) -> list[str]:
    """Two versions of one session that differ: by more than 1 point in a score, or at all elsewhere (B11.8)."""
    found = []
    for c in classed(f):
        if f.days_ago(c.day) <= n.SESSION_CONFLICT_DAYS and any(_differs(c.variants, name) for name in FIELDS):
            found.append(f"session {c.exercise} {c.day}")
    return found


SCORES = ("pain_before", "pain_peak", "rpe")
AMOUNTS = ("done", "load")
FIELDS = (*SCORES, *AMOUNTS, "unit", "prescribed", "sets", "last_set", "form", "talk_test", "stop_reason")


def _differs(variants: Iterable[SessionReported], name: str) -> bool:
    values = [v for v in (getattr(s, name) for s in variants) if v is not None]
    if name in SCORES:
        return len(values) > 1 and max(values) - min(values) > 1
    if name in AMOUNTS:
        return len(values) > 1 and max(values) > min(values) * n.ONE_BOUT_PART
    return len(set(values)) > 1


# --- the next morning -------------------------------------------------------------------------------------------------
def _next(f: Facts, s: SessionReported, what: str) -> list[Measurement]:
    """Readings of the following local date's morning, 8-36 elapsed hours after the end."""
    found = slots(f, what).get(s.stamp.day + timedelta(days=1), [])
    return [r for r in found if not r.stamp.timed or _hours(s, r)]


def _hours(s: SessionReported, r: Measurement) -> bool:
    seconds = r.stamp.when.timestamp() - s.stamp.end.timestamp()
    return 8 * 3600 <= seconds <= 36 * 3600


def _highest(readings: list[Measurement], only_final: bool) -> tuple[Decimal | None, bool]:
    """The higher value of a slot (B11.8), and whether a full record of it was entered late."""
    kept = [r for r in readings if helps(r.stamp) or not only_final]
    return max((r.value for r in kept), default=None), any(is_late(r.stamp) for r in kept if helps(r.stamp))


def _complete(f: Facts, s: SessionReported) -> bool:
    pain, _ = _highest(_next(f, s, "pain-morning"), True)
    fatigue, _ = _highest(_next(f, s, "fatigue-morning"), True)
    return s.pain_peak is not None and pain is not None and fatigue is not None


def next_morning_pain(f: Facts, s: SessionReported) -> Decimal | None:
    return _highest(_next(f, s, "pain-morning"), True)[0]


# --- the class --------------------------------------------------------------------------------------------------------
def _final_class(f: Facts, s: SessionReported) -> str:
    """B11.36: a preliminary morning only makes it worse; alone it makes at most N."""
    sure, doubtful = _class(f, s, True), _class(f, s, False)
    if sure == "N":
        return doubtful if doubtful in ("M", "X") else "N"
    return min(sure, "T" if doubtful == "N" else doubtful, key=WORST.index)


def _class(f: Facts, s: SessionReported, only_final: bool) -> str:
    pain, late_pain = _highest(_next(f, s, "pain-morning"), only_final)
    fatigue, late_fatigue = _highest(_next(f, s, "fatigue-morning"), only_final)
    usual_pain, usual_fatigue = usual(f, "pain"), usual(f, "fatigue")
    carry = None if pain is None or usual_pain is None else pain - usual_pain
    tired = None if fatigue is None or usual_fatigue is None else fatigue - usual_fatigue
    if _not_tolerated(f, s, carry, tired):
        return "X"
    morning = (carry is not None and carry > 0) or (tired is not None and tired > n.FATIGUE_OK)
    if morning or _marginal(f, s) or late_pain or late_fatigue:
        return "M"
    if s.pain_peak is None or carry is None:
        return "N"  # B1, B11.29: nothing known speaks against T
    # B11.21, B11.36; a preliminary morning is no reason to ask for the fatigue that belongs to it.
    return "M" if only_final and (tired is None or s.stamp.preliminary) else "T"


def _not_tolerated(f: Facts, s: SessionReported, carry: Decimal | None, tired: Decimal | None) -> bool:
    share = ratio(s)
    return (
        (s.pain_peak is not None and s.pain_peak > ceiling(f))
        or (carry is not None and carry >= n.CARRY_X)
        or (s.rpe is not None and s.rpe >= rpe_cap(f) + n.RPE_X)
        or (tired is not None and tired >= n.FATIGUE_X)
        or (s.stop_reason in n.STOPS and share is not None and share < Fraction(n.DONE_X))
    )


def _marginal(f: Facts, s: SessionReported) -> bool:
    """What speaks against T without the morning (B11.21, B11.29)."""
    share = ratio(s)
    return (
        s.rpe is None
        or s.rpe > rpe_cap(f)
        or share is None
        or share < Fraction(n.DONE_LOW)
        or overshoot(f, s)
        or more_load(f, s)
        or s.stop_reason in n.STOPS
        or s.pain_quality in n.QUALITIES
        or is_late(s.stamp)
    )


# --- at dose (B11.4) --------------------------------------------------------------------------------------------------
def at_dose(f: Facts, sessions: list[Classed], state: ExerciseState) -> list[Classed]:
    """Sessions at the present dose, or not known to be at another one, since that dose began."""
    mine = [c for c in since_dose(f, sessions, state) if state.dose is not None]
    return [c for c in mine if not all(other_dose(v, state) for v in c.variants)]


def since_dose(f: Facts, sessions: list[Classed], state: ExerciseState) -> list[Classed]:
    """Sessions of the exercise, at any dose, since the current dose began."""
    return [c for c in sessions if c.exercise == state.exercise and c.day >= since(f, state)]


def surely_at_dose(c: Classed, state: ExerciseState) -> bool:
    """No version of it was at another dose; only then is it evidence for a step."""
    return not any(other_dose(v, state) for v in c.variants)


# --- counts -----------------------------------------------------------------------------------------------------------
def done(f: Facts, c: Classed) -> Decimal:
    """The smallest amount reported; 0 without a report, or when it is in another unit."""
    own = exercise(f, c.exercise).amount_unit
    if any(v.unit not in (None, own) for v in c.variants):
        return Decimal(0)
    return min((v.done for v in c.variants if v.done is not None), default=Decimal(0))


def full_dose(c: Classed) -> Decimal | None:
    return max((v.prescribed for v in c.variants if v.prescribed is not None), default=None)


def half_done(f: Facts, c: Classed) -> bool:
    """B11.6: done at least half of the full dose; without a prescribed amount, of the dose in force."""
    state, reported = in_plan(f, c.exercise), any(v.done is not None for v in c.variants)
    in_force = state.dose.amount if state is not None and state.dose is not None else None
    whole = in_force if full_dose(c) is None else full_dose(c)
    other = any(v.unit not in (None, exercise(f, c.exercise).amount_unit) for v in c.variants)
    return reported and not other and whole is not None and done(f, c) >= whole * n.DONE_COUNTS


def work(f: Facts, c: Classed, loaded: bool) -> Decimal:
    """B11.7: minutes, metres, seconds, or repetitions x kg; a missing load counts as 0. An overshoot earns nothing."""
    prescribed = min((v.prescribed for v in c.variants if v.prescribed is not None), default=None)
    credited = done(f, c) if prescribed is None else min(done(f, c), prescribed * n.DONE_HIGH)
    if not loaded:
        return credited
    return credited * min((v.load for v in c.variants if v.load is not None), default=Decimal(0))


def is_repetitions(state: ExerciseState) -> bool:
    return state.dose is not None and state.dose.unit == REPETITIONS


def evaluable_of(f: Facts, sessions: list[Classed], code: str) -> int:
    """B11.20: evaluable sessions of the last 21 days, at any dose."""
    return sum(
        c.exercise == code and c.evaluable and c.counts and 1 <= f.days_ago(c.day) <= n.EVALUABLE_DAYS for c in sessions
    )
