"""Red flags and the safety screen. A flag is closed by a clinician's clearance alone; unanswered is never negative."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from service.clinical.decision import Flag
from service.clinical.readings import Answered, Measured, Reporter, Source
from service.clinical.record import Record
from service.clinical.rulebook import RedFlag, Urgency

# Qualities of pain that were not there before make the screen unanswered until it is asked again (B11.26).
ALARMING_QUALITIES = frozenset({"sharp", "electric", "locking", "night-unremitting"})
STOPPING = frozenset({Urgency.E0, Urgency.E1, Urgency.B})


@dataclass(frozen=True, slots=True)
class Screen:
    """How far the safety screen is answered.

    `unanswered` are the items that need an answer now: the short screen's, and any item that was asked and left open.
    `day` is the oldest day of the newest answers of the short items, None when one of them has none. `full` says that
    all 27 items were answered at some time and stand.
    """

    unanswered: tuple[str, ...]
    day: date | None
    last_answered: date | None
    full: bool

    @property
    def complete(self) -> bool:
        return not self.unanswered


@dataclass(frozen=True, slots=True)
class Safety:
    """Open flags, most urgent first, and the screen."""

    flags: tuple[Flag, ...]
    screen: Screen

    @property
    def stops(self) -> bool:
        """Whether a flag forbids any dose (rule D1)."""
        return any(f.urgency in STOPPING for f in self.flags)

    @property
    def holds(self) -> bool:
        """Whether a flag forbids a rise (rule D5, gate G1)."""
        return bool(self.flags)


def screen_safety(record: Record) -> Safety:
    """All open flags and the state of the screen at the record's moment."""
    flags = [f for flag in record.rulebook.flags.values() if (f := _opened(record, flag)) is not None]
    order = list(Urgency)
    return Safety(tuple(sorted(flags, key=lambda f: (order.index(f.urgency), f.flag))), _screen(record))


def _opened(record: Record, flag: RedFlag) -> Flag | None:
    cleared = _cleared_until(record, flag.name)
    answers = [
        a for a in record.answered.get(flag.name, ()) if a.value is True and (cleared is None or a.stamp.when > cleared)
    ]
    found = [(a.stamp.when, a.stamp.source, "answered yes in the safety screen") for a in answers]
    found += [
        (m.stamp.when, m.stamp.source, because)
        for m, because in _measured_signs(record, flag.name)
        if cleared is None or m.stamp.when > cleared
    ]
    if not found:
        return None
    found.sort(key=lambda sign: (sign[0], sign[1].reference))
    urgency = _urgency(record, flag)
    reasons = tuple(dict.fromkeys(because for _, _, because in found))
    return Flag(flag.name, urgency, found[0][0], tuple(s for _, s, _ in found), "; ".join(reasons))


def _cleared_until(record: Record, flag: str) -> datetime | None:
    times = [
        c.stamp.when
        for c in record.clearances
        if c.flag == flag and c.stamp.reporter is Reporter.PRACTITIONER and not c.stamp.preliminary
    ]
    return max(times, default=None)


def _urgency(record: Record, flag: RedFlag) -> Urgency:
    # B11.27: a condition in the row decides where it is known. Leg signs without breathlessness are same-day, not 999.
    if flag.name == "rf08" and _newest(record, "rf09", before=None) is False:
        return Urgency.E1
    return flag.urgency


def _newest(record: Record, what: str, before: datetime | None) -> bool | str | None:
    found = [a for a in record.answered.get(what, ()) if before is None or a.stamp.when <= before]
    return found[-1].value if found else None


Sign = tuple[Measured, str]


def _measured_signs(record: Record, flag: str) -> Iterable[Sign]:
    """Measurements that open a flag by themselves, with the words for it."""
    find = _MEASURED.get(flag)
    return find(record) if find else ()


def _pressure(record: Record) -> Iterable[Sign]:
    for what, constant in (("systolic", "BP_SYSTOLIC_STOP"), ("diastolic", "BP_DIASTOLIC_STOP")):
        yield from _at_least(record, what, constant, f"resting {what} pressure")


def _pulse(record: Record) -> Iterable[Sign]:
    limit = record.rulebook.number("HR_REST_STOP")
    return ((m, f"resting heart rate {m.value} above {limit}") for m in resting_rates(record) if m.value > limit)


def _oxygen(record: Record) -> Iterable[Sign]:
    limit = record.rulebook.number("SPO2_REST_LOW")
    resting = (m for m in record.measured.get("spo2", ()) if not m.exercising)
    return ((m, f"oxygen saturation at rest {m.value} below {limit}") for m in resting if m.value < limit)


def _fever(record: Record) -> Iterable[Sign]:
    return _at_least(record, "temperature", "FEVER", "temperature")


def _despair(record: Record) -> Iterable[Sign]:
    return _at_least(record, "phq-9-item-9", "PHQ9_ITEM9", "PHQ-9 item 9: speak with the person today,")


def _at_least(record: Record, what: str, constant: str, words: str) -> Iterable[Sign]:
    limit = record.rulebook.number(constant)
    for m in record.measured.get(what, ()):
        if not m.exercising and m.value >= limit:
            yield m, f"{words} {m.value} at or above {limit}"


_MEASURED: Mapping[str, Callable[[Record], Iterable[Sign]]] = {
    "rf11": _pressure,
    "rf13": _pulse,
    "rf14": _oxygen,
    "rf15": _fever,
    "rf19": _despair,
}


def resting_rates(record: Record) -> tuple[Measured, ...]:
    """Heart rates that count as resting, in order of time."""
    rates = record.measured.get("heart-rate", ()) + record.measured.get("resting-heart-rate", ())
    return tuple(sorted((m for m in rates if not m.exercising), key=lambda m: (m.stamp.when, m.stamp.source.reference)))


def _screen(record: Record) -> Screen:
    alarm = _last_alarm(record)
    standing: dict[str, date] = {}
    open_items: list[str] = []
    given: dict[str, date] = {}
    for name, flag in record.rulebook.flags.items():
        answers = record.answered.get(name, ())
        finals = [a for a in answers if a.value is not None and not (a.stamp.preliminary and a.value is False)]
        if finals:
            given[name] = finals[-1].stamp.day
        if _stands(answers, finals, alarm if flag.short else None):
            standing[name] = finals[-1].stamp.day
        elif flag.short or answers:
            open_items.append(name)
    short = [n for n, f in record.rulebook.flags.items() if f.short]
    return Screen(
        unanswered=tuple(open_items),
        day=min(standing[n] for n in short) if all(n in standing for n in short) else None,
        last_answered=min(given[n] for n in short) if all(n in given for n in short) else None,
        full=len(standing) == len(record.rulebook.flags),
    )


def _stands(answers: tuple[Answered, ...], finals: list[Answered], alarm: datetime | None) -> bool:
    if not finals or (alarm is not None and finals[-1].stamp.when <= alarm):
        return False
    left_open = [a for a in answers if a.value is None and a.stamp.when > finals[-1].stamp.when]
    return not left_open


def _last_alarm(record: Record) -> datetime | None:
    return max((s.stamp.when for s in record.sessions if s.pain_quality in ALARMING_QUALITIES), default=None)


def screen_sources(record: Record) -> tuple[Source, ...]:
    """The newest answer of each short item: what the screen's state rests on."""
    found: list[Source] = []
    for name, flag in record.rulebook.flags.items():
        answers = record.answered.get(name, ())
        if flag.short and answers:
            found.append(answers[-1].stamp.source)
    return tuple(dict.fromkeys(found))
