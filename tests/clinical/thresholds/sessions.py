"""Probes of the numbers of session classes, limits and conflicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from tests.clinical.pictures import record_of
from tests.clinical.thresholds.probe import WALK, Case, Probe, ago, calm, gate, walks, without
from tests.courses.build import limit, measured, on, session, sets, state
from titrate.clinical.record.conflicts import report_conflicts
from titrate.clinical.record.limits import limits_of
from titrate.clinical.values.readings import Reading, Refusal, RefusalReason, SessionReported, Source
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages.refused_values import ValueMissing

Ask = Callable[[Rulebook, Decimal], object]


def _class(book: Rulebook, last: SessionReported, more: tuple[Reading, ...] = (), **case: object) -> str:
    """The class of the last walk."""
    sessions = (*walks((14, 12, 10, 7, 5)), last)
    found = Case(sessions=sessions, more=more, **case).run(book).assessment.sessions  # type: ignore[arg-type]
    return found[-1].session_class.value


def _last(**other: object) -> SessionReported:
    return replace(walks((3,))[0], **other)  # type: ignore[arg-type]


def _field(name: str, **other: object) -> Ask:
    return lambda book, value: _class(book, _last(**{name: value}, **other))


def _morning(what: str) -> Ask:
    """The class by the pain or fatigue of the next morning."""

    def ask(book: Rulebook, value: Decimal) -> str:
        days = [r for r in calm() if not (r.stamp.day == ago(2) and getattr(r, "what", "") == what)]
        return _class(book, _last(), (measured(what, value, on(ago(2))),), days=tuple(days))

    return ask


def _late(book: Rulebook, hours: Decimal) -> str:
    last = _last()
    return _class(book, replace(last, stamp=replace(last.stamp, entered=last.stamp.end + timedelta(hours=int(hours)))))


def _next_rating(clock: str) -> Ask:
    """The class by the hours between the end of a session at `clock` and the next morning's rating."""

    def ask(book: Rulebook, hours: Decimal) -> str:
        end = on(ago(3), datetime.strptime(clock, "%H:%M").time())  # noqa: DTZ007
        last = _last()
        last = replace(last, stamp=replace(last.stamp, when=end - timedelta(minutes=20), until=end, entered=end))
        rated = measured("pain-morning", 2, end + timedelta(minutes=int(hours * 60)))
        return _class(book, last, (rated,), days=tuple(without(calm(), [2])))

    return ask


def _completed(book: Rulebook, done: Decimal) -> bool:
    sessions = (*walks((14, 12, 10, 7, 5)), _last(done=done))
    return gate(Case(sessions=sessions).run(book), "G7")


def _severe(book: Rulebook, peak: Decimal) -> str:
    sessions = (*walks((14, 12, 10, 7, 5)), _last(pain_peak=peak))
    return Case(sessions=sessions).run(book).decision.rule


def _proposed(book: Rulebook, usual: Decimal) -> Decimal | None:
    return Case(plan={"usual_pain": usual}).run(book).assessment.proposed_ceiling


def _usual_at_ceiling_seven(book: Rulebook, usual: Decimal) -> bool:
    case = Case(plan={"usual_pain": usual}, more=(limit("pain-ceiling", 7, ago(10)),))
    return case.run(book).decision.rule == "D5"


def _approved(book: Rulebook, days: Decimal) -> bool:
    return gate(Case(plan={"approved": ago(int(days))}).run(book), "G14")


def _conflict(*more: Reading) -> Callable[[Rulebook], bool]:
    return lambda book: bool(Case(more=more).run(book).assessment.conflicts)


def _second_rating(book: Rulebook, apart: Decimal) -> bool:
    return _conflict(measured("pain-morning", 2 + apart, on(ago(2)) + timedelta(hours=1)))(book)


def _old_conflict(book: Rulebook, days: Decimal) -> bool:
    return _conflict(measured("pain-morning", 5, on(ago(int(days))) + timedelta(hours=1)))(book)


def _old_session_conflict(book: Rulebook, days: Decimal) -> bool:
    one = session("cycling", ago(int(days)), WALK, (2, 3), 3)
    other = replace(one, done=Decimal(5), stamp=replace(one.stamp, source=replace(one.stamp.source, reference="O/2")))
    return _conflict(one, other)(book)


def _unreadable_morning(book: Rulebook, last: Decimal) -> bool:
    """Whether an unreadable morning holds after the last readable one, the given number of days ago."""
    refused = Refusal(Source("O/odd"), "value", RefusalReason.WRONG_VALUE, ValueMissing(), "pain-morning", ago(2))
    record = record_of(Case(days=tuple(calm(40, int(last)))), refused, book=book)
    return bool(report_conflicts(record, limits_of(record)))


def _instants_apart(book: Rulebook, apart: Decimal) -> int:
    """The sessions that two reports that lie the given number of minutes apart."""
    one = _last()
    times = (one.stamp.when, one.stamp.when + timedelta(minutes=int(apart)))
    reports = [replace(one, stamp=replace(one.stamp, when=when, until=None)) for when in times]
    return len(Case(sessions=tuple(reports)).run(book).assessment.sessions)


def _second_amount(book: Rulebook, done: Decimal) -> bool:
    one = session("cycling", ago(3), WALK, (2, 3), 3)
    return _conflict(one, replace(one, done=done))(book)


def _easy_and_fast(rpe: str | None = None, rate: str | None = None) -> Ask:
    def ask(book: Rulebook, value: Decimal) -> bool:
        effort, pulse = Decimal(rpe) if rpe else value, Decimal(rate) if rate else value
        return _conflict(session("cycling", ago(3), WALK, (2, 3), effort, heart_rate=pulse))(book)

    return ask


# A patient of 60 years: 208 - 0.7 x 60 = 166 a minute; 0.85 of that is 141.1.
FAST: Mapping[str, object] = {"141": False, "141.1": False, "141.2": True}


def _weight(book: Rulebook, load: Decimal) -> str:
    """The class of a leg press at 40 kg that was done with this load."""
    press = sets(3, 10, 40)
    done = session("leg-press", ago(3), press, (2, 3), 3, load=load)
    states = (state("leg-press", press, 2, ago(14)),)
    return Case(states=states, sessions=(done,)).run(book).assessment.sessions[-1].session_class.value


CASES: Mapping[str, Probe] = {
    "PAIN_CEILING": Probe(_field("pain_peak"), {"4.5": "T", "5": "T", "5.5": "X"}),
    "LOAD_SAME": Probe(_weight, {"40.05": "T", "40.1": "T", "40.15": "M"}, "0.05"),
    "PAIN_PEAK_SEVERE": Probe(_severe, {"7.5": "D11", "8": "D3", "8.5": "D3"}),
    "CARRY_OK": Probe(_morning("pain-morning"), {"1.5": "T", "2": "T", "2.5": "M"}, "0.5"),
    "CARRY_X": Probe(_morning("pain-morning"), {"3.5": "M", "4": "X", "4.5": "X"}, "0.5"),
    "FATIGUE_OK": Probe(_morning("fatigue-morning"), {"3.5": "T", "4": "T", "4.5": "M"}, "0.5"),
    "FATIGUE_X": Probe(_morning("fatigue-morning"), {"5.5": "M", "6": "X", "6.5": "X"}, "0.5"),
    "RPE_CAP": Probe(_field("rpe"), {"3.5": "T", "4": "T", "4.5": "M"}, "0.5"),
    "RPE_X": Probe(_field("rpe"), {"5.5": "M", "6": "X", "6.5": "X"}, "0.5"),
    "DONE_LOW": Probe(_field("done"), {"17.5": "M", "18": "T", "18.5": "T"}, "0.03"),
    "DONE_HIGH": Probe(_field("done"), {"23.5": "T", "24": "T", "24.5": "M"}, "0.03"),
    "DONE_STOPPED": Probe(_field("done", stop_reason="pain"), {"11.5": "X", "12": "M", "12.5": "M"}, "0.03"),
    "DONE_COUNTS": Probe(_completed, {"9.5": False, "10": True, "10.5": True}, "0.03"),
    "LATE_HOURS": Probe(_late, {"47": "T", "48": "T", "49": "M"}),
    "NEXT_MORNING_MIN": Probe(_next_rating("20:00"), {"7.5": "N", "8": "T", "9": "T"}),
    "NEXT_MORNING_MAX": Probe(_next_rating("02:00"), {"35": "T", "36": "T", "36.5": "N"}),
    "CEILING_USUAL_FROM": Probe(_proposed, {"3.5": None, "4": 6, "4.5": Decimal("6.5")}, "0.5"),
    "CEILING_ABOVE_USUAL": Probe(_proposed, {"3.5": None, "4": 6, "4.5": Decimal("6.5")}, "0.5"),
    "CEILING_PROPOSED_MAX": Probe(_proposed, {"4.5": Decimal("6.5"), "5": 7, "5.5": 7}, "0.5"),
    "USUAL_NO_START": Probe(_usual_at_ceiling_seven, {"6.5": False, "7": True, "7.5": True}, "0.5"),
    "LIMITS_VALID_DAYS": Probe(_approved, {"41": True, "42": True, "43": False}),
    "CONFLICT_TOLERANCE": Probe(_second_rating, {"0.5": False, "1": False, "1.5": True}, "0.5"),
    "CONFLICT_DAYS": Probe(_old_conflict, {"13": True, "14": True, "15": False}),
    "CONFLICT_SESSION_DAYS": Probe(_old_session_conflict, {"20": True, "21": True, "22": False}),
    "UNREADABLE_DAYS": Probe(_unreadable_morning, {"6": False, "7": False, "8": True}),
    "SAME_SESSION_MINUTES": Probe(_instants_apart, {"4": 1, "5": 1, "6": 2}),
    "SAME_SESSION_PART": Probe(_second_amount, {"21.9": False, "22": False, "22.1": True}, "0.01"),
    "CONFLICT_RPE_MAX": Probe(_easy_and_fast(rate="200"), {"1.5": True, "2": True, "2.5": False}, "0.5"),
    "CONFLICT_HR_PART": Probe(_easy_and_fast(rpe="1"), FAST, "0.01"),
    "HRMAX_INTERCEPT": Probe(_easy_and_fast(rpe="1"), FAST),
    "HRMAX_SLOPE": Probe(_easy_and_fast(rpe="1"), FAST, "0.05"),
}  # fmt: skip
