"""The rules that lower a dose: flare, reactive deload, gap, lighter week due, return start (B6 D2-D4, B7, B11.9-18, B11.30-31).

Each gives, for every exercise with a dose, the dose it would set; the lowest of all that match wins. None of them asks
whether data are sufficient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from service.clinical.decision import ClassedSession, SessionClass, TraceEntry
from service.clinical.dosing import lower, rounded, scaled, within
from service.clinical.flare import Flare
from service.clinical.plan import Dose, ExerciseState, Phase
from service.clinical.rulebook import Domain
from service.clinical.situation import Situation

Doses = Mapping[str, Dose | None]


@dataclass(frozen=True, slots=True)
class Lowering:
    """One matched lowering rule: its id, the dose of every dosed exercise under it, its reasons and its trace."""

    rule: str
    doses: Doses
    reasons: tuple[str, ...]
    trace: tuple[TraceEntry, ...]
    asks: tuple[str, ...] = ()


def lowerings(situation: Situation) -> tuple[Lowering, ...]:
    """The lowering rules D2, D3, D4 that match, in their order."""
    found = (_flare(situation), _deload(situation), _gap(situation))
    return tuple(x for x in found if x is not None)


def lowest(current: Doses, found: tuple[Lowering, ...]) -> dict[str, Dose | None]:
    """For each exercise the lowest dose of all that match, never above the dose in force."""
    doses = dict(current)
    for lowering in found:
        for exercise, dose in lowering.doses.items():
            doses[exercise] = lower(doses[exercise], dose)
    return doses


# --- D2: flare ---


def before_flare(situation: Situation, state: ExerciseState) -> Dose | None:
    """The dose a flare is measured against: before the flare, in a lighter week the loading dose, else the one in force."""
    phase = situation.record.plan.phase
    if phase is Phase.FLARE:
        return state.before_flare or state.dose
    if phase is Phase.LIGHTER_WEEK:
        return state.reference or state.dose
    return state.dose


def flare_factor(situation: Situation, flare: Flare) -> Decimal:
    """The part of the dose that a flare leaves today: by grade, and by its length once it lasts (B11.30)."""
    book = situation.record.rulebook
    factor = book.number("FLARE_F2" if flare.grade == "f2" else "FLARE_F1")
    days = situation.record.days_ago(flare.first) + 1
    return min(factor, length_factor(situation, days))


def length_factor(situation: Situation, days: int) -> Decimal:
    """The part of the dose before the flare that a flare of this many days leaves; 0 asks for a new baseline."""
    book = situation.record.rulebook
    for limit, factor in (
        ("RETURN_SHORT_DAYS", "RETURN_SHORT"), ("RETURN_MIDDLE_DAYS", "RETURN_MIDDLE"), ("RETURN_LONG_DAYS", "RETURN_LONG"),
    ):
        if days <= book.number(limit):
            return book.number(factor)
    return Decimal(0)


def _flare(situation: Situation) -> Lowering | None:
    flare = situation.flare
    if flare is None:
        return None
    factor = flare_factor(situation, flare)
    book = situation.record.rulebook
    doses = {
        e.exercise: lower(scaled(book, situation.form(e), before_flare(situation, e), factor), e.dose)
        for e in situation.dosed
    }
    why = "reported by the patient" if flare.ticked else "two mornings at or above usual + 2"
    rise = None if flare.worst is None or situation.usual.pain is None else flare.worst - situation.usual.pain
    reason = f"flare since {flare.first} ({why}), grade {flare.grade.upper()}: {factor} of the dose before it"
    trace = (
        TraceEntry("D2", f"flare since {flare.first}, {why}", True, sources=_flare_sources(situation, flare)),
        TraceEntry("B7", f"grade {flare.grade.upper()}", True, _text(rise), "rise above usual", None, "{score}"),
        TraceEntry("B7", "part of the dose before the flare", True, _text(factor), "day", str(situation.record.days_ago(flare.first) + 1)),
    )
    return Lowering("D2", doses, (reason,), trace, _flare_asks(situation, flare))


def _flare_sources(situation: Situation, flare: Flare):  # type: ignore[no-untyped-def]
    record = situation.record
    rated = [s for d, day in record.pain.items() if flare.first <= d <= flare.last for s in day.sources]
    ticks = [a.stamp.source for a in record.answered.get("flare-self-report", ()) if flare.first <= a.stamp.day <= flare.last]
    return tuple(dict.fromkeys((*rated, *ticks)))


def _flare_asks(situation: Situation, flare: Flare) -> tuple[str, ...]:
    days = situation.record.days_ago(flare.first) + 1
    book = situation.record.rulebook
    if days > book.number("RETURN_LONG_DAYS"):
        return ("reassess: the flare has lasted more than two weeks; a new baseline is needed",)
    if days > book.number("RETURN_MIDDLE_DAYS"):
        return ("contact the patient: the flare has lasted more than a week",)
    return ()


# --- D3: reactive deload ---


def _deload(situation: Situation) -> Lowering | None:
    hits = _not_tolerated(situation)
    if not hits:
        return None
    book = situation.record.rulebook
    factor = book.number("REACTIVE_DELOAD")
    doses: dict[str, Dose | None] = {}
    asks: list[str] = []
    for e in situation.dosed:
        doses[e.exercise] = _deloaded(situation, e, factor)
        if e.dose is not None and doses[e.exercise] == e.dose:
            asks.append(f"{e.exercise} is at its floor: set a new baseline")
    sources = tuple(dict.fromkeys(s for hit in hits for s in hit.sources))
    days = ", ".join(str(h.day) for h in hits)
    trace = (
        TraceEntry("D3", f"sessions not tolerated on {days}", True, str(len(hits)), ">=", _text(book.number("DELOAD_X")), "1", sources=sources),
        TraceEntry("D3", "part of the dose in force", True, _text(factor)),
    )
    return Lowering("D3", doses, (f"sessions not tolerated on {days}: {factor} of the dose",), trace, tuple(asks))


def _deloaded(situation: Situation, state: ExerciseState, factor: Decimal) -> Dose | None:
    if state.dose is None:
        return None
    book = situation.record.rulebook
    floor = state.start.amount * book.number("DELOAD_FLOOR") if state.start else Decimal(0)
    amount = max(state.dose.amount * factor, floor)
    return lower(rounded(book, situation.form(state), replace(state.dose, amount=amount)), state.dose)


def _not_tolerated(situation: Situation) -> list[ClassedSession]:
    """The sessions that make rule D3 match, by exercise or by day (B11.10); empty when it does not."""
    exercises = {e.exercise for e in situation.dosed}
    present = [s for s in situation.evaluable() if s.at_dose and s.exercise in exercises]
    count = int(situation.record.rulebook.number("DELOAD_OF"))
    groups = [[s for s in present if s.exercise == e][-count:] for e in sorted(exercises)]
    days = sorted({s.day for s in present})[-count:]
    groups.append([_worst(situation, [s for s in present if s.day == day]) for day in days])
    for group in groups:
        hits = [s for s in group if s.klass is SessionClass.X]
        if len(hits) >= situation.record.rulebook.number("DELOAD_X") or any(_severe(situation, s) for s in hits):
            return hits
    return []


def _worst(situation: Situation, sessions: list[ClassedSession]) -> ClassedSession:
    order = [SessionClass.T, SessionClass.M, SessionClass.X]
    return max(sessions, key=lambda s: (order.index(s.klass), _severe(situation, s)))


def _severe(situation: Situation, session: ClassedSession) -> bool:
    return session.peak is not None and session.peak >= situation.record.rulebook.number("PAIN_PEAK_SEVERE")


# --- D4: gap ---


def _gap(situation: Situation) -> Lowering | None:
    # A flare rests people: on the day the return starts nobody is stepped back for having rested.
    if situation.returning and situation.record.plan.phase is Phase.FLARE:
        return None
    doses: dict[str, Dose | None] = {}
    trace: list[TraceEntry] = []
    reasons: list[str] = []
    for e in situation.dosed:
        days = gap_days(situation, situation.domain(e.exercise))
        factor = _gap_factor(situation, days)
        if days is None or factor is None:
            doses[e.exercise] = e.dose
            continue
        book = situation.record.rulebook
        doses[e.exercise] = lower(scaled(book, situation.form(e), _last_dose(situation, e), factor), e.dose)
        reasons.append(f"{e.exercise}: {days} days since the last session, {factor} of its dose")
        trace.append(TraceEntry("D4", "days since the last completed session", True, str(days), ">=", _text(book.number("GAP_DAYS")), "d", e.exercise))
    if not trace:
        return None
    asks = tuple(f"{e}: three new tolerance trials" for e, dose in doses.items() if dose is None)
    return Lowering("D4", doses, tuple(reasons), tuple(trace), asks)


def gap_days(situation: Situation, domain: Domain) -> int | None:
    """Days since a domain was last trained; with no session at all, since the plan was approved."""
    record = situation.record
    days = [s.day for s in completed(situation) if situation.domain(s.exercise) is domain]
    start = max(days, default=record.plan.approved or record.plan.started)
    if record.plan.phase is Phase.RETURN and record.plan.phase_since is not None and start is not None:
        start = max(start, record.plan.phase_since)
    return None if start is None else record.days_ago(start)


def completed(situation: Situation) -> tuple[ClassedSession, ...]:
    """Sessions of exercises we know, of which at least half the full dose is known to have been done."""
    part = situation.record.rulebook.number("DONE_COUNTS")
    doses = {e.exercise: e.dose for e in situation.dosed}
    found = []
    for s in situation.sessions:
        dose = doses.get(s.exercise)
        full = s.prescribed if s.prescribed is not None else dose.amount if dose else None
        if s.preliminary or s.done is None or full is None or s.exercise not in situation.record.rulebook.exercises:
            continue
        if s.done >= part * full:
            found.append(s)
    return tuple(found)


def _gap_factor(situation: Situation, days: int | None) -> Decimal | None:
    book = situation.record.rulebook
    if days is None or days < book.number("GAP_DAYS"):
        return None
    if days >= book.number("GAP_DAYS_REBASELINE"):
        return Decimal(0)
    return book.number("GAP_FACTOR_LONG" if days >= book.number("GAP_DAYS_LONG") else "GAP_FACTOR")


def _last_dose(situation: Situation, state: ExerciseState) -> Dose | None:
    """The dose of the exercise's last completed session, where it was less than the dose in force."""
    last = [s for s in completed(situation) if s.exercise == state.exercise]
    if not last or state.dose is None or last[-1].prescribed is None:
        return state.dose
    session = last[-1]
    amount = session.prescribed
    assert amount is not None
    load = state.dose.load if session.load is None or state.dose.load is None else min(session.load, state.dose.load)
    return replace(state.dose, amount=min(amount, state.dose.amount), load=load)


# --- Lighter week due, and the start of the return ---


def light_week_due(situation: Situation) -> bool:
    """Whether loading has lasted so long that a lighter week is due (D9, B11.5)."""
    if situation.phase is not Phase.LOADING or situation.loading_since is None:
        return False
    days = situation.record.days_ago(situation.loading_since)
    return days >= situation.record.rulebook.number("LIGHT_WEEK_AFTER_DAYS")


def light_doses(situation: Situation) -> dict[str, Dose | None]:
    """The doses of a lighter week, never above those in force."""
    book = situation.record.rulebook
    factor = book.number("LIGHT_WEEK_VOL")
    return {e.exercise: lower(scaled(book, situation.form(e), e.dose, factor), e.dose) for e in situation.dosed}


def return_doses(situation: Situation) -> dict[str, Dose | None]:
    """The doses at which the return to load would start, before only one of them may rise (B7, B11.18)."""
    return {e.exercise: _return_dose(situation, e) for e in situation.dosed}


def _return_dose(situation: Situation, state: ExerciseState) -> Dose | None:
    book, flare = situation.record.rulebook, situation.flares[-1]
    before = before_flare(situation, state)
    factor = length_factor(situation, flare.length)
    start = scaled(book, situation.form(state), before, factor)
    if start is None or before is None or state.dose is None:
        return None
    if situation.record.plan.phase is Phase.FLARE and _tolerated_lately(situation, state):
        cap = scaled(book, situation.form(state), before, book.number("RETURN_SHORT"))
        better = state.dose if within(start, state.dose) else start
        start = lower(better, cap)
    return _at_most_a_fifth_more(situation, state, start)


def _tolerated_lately(situation: Situation, state: ExerciseState) -> bool:
    book = situation.record.rulebook
    window = book.number("RETURN_T_DAYS")
    good = [
        s for s in situation.evaluable(state.exercise)
        if s.klass is SessionClass.T and s.at_dose and 1 <= situation.record.days_ago(s.day) <= window
    ]
    return len(good) >= book.number("RETURN_T_SESSIONS")


def _at_most_a_fifth_more(situation: Situation, state: ExerciseState, start: Dose | None) -> Dose | None:
    if start is None or state.dose is None or within(start, state.dose):
        return start
    book = situation.record.rulebook
    most = state.dose.amount * (1 + book.number("STEP_MAX_PCT"))
    if start.amount <= most:
        return start
    return rounded(book, situation.form(state), replace(start, amount=most))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def day_text(day: date | None) -> str:
    """A date for a sentence."""
    return "unknown" if day is None else day.isoformat()
