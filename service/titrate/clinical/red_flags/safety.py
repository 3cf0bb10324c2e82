"""Red flags and the safety screen. A flag is closed by a clinician's clearance alone; unanswered is never negative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.findings import findings, question_reopened_at
from titrate.clinical.values.decision import Finding, Flag, OpenFlag
from titrate.clinical.values.readings import Reporter, SafetyAnswer, Source
from titrate.clinical.values.rulebook import RedFlag, Urgency

# Qualities of pain that were not there before make the screen unanswered until it is asked again (B11.26).
ALARMING_QUALITIES = frozenset({"sharp", "electric", "locking", "night-unremitting"})
_MOST_URGENT_FIRST = tuple(Urgency)


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


@dataclass(frozen=True, slots=True)
class Safety:
    """Open flags, most urgent first, and the screen."""

    flags: tuple[Flag, ...]
    screen: Screen

    @property
    def stops(self) -> bool:
        """Whether a flag forbids any dose (rule D1)."""
        return any(f.urgency.stops_exercise for f in self.flags)


def screen_safety(record: PatientRecord) -> Safety:
    """All open flags and the state of the screen at the record's moment."""
    seen = ((flag, _seen(record, flag)) for flag in record.rulebook.flags.values())
    flags = [f for flag, signs in seen if signs and (f := _opened(record, flag, signs)) is not None]
    flags.sort(key=lambda f: (_MOST_URGENT_FIRST.index(f.urgency), f.flag))
    return Safety(tuple(flags), _screen(record))


def _seen(record: PatientRecord, flag: RedFlag) -> list[Finding]:
    """Everything that opens a flag, closed or not: what was answered, what the data show, what was open before."""
    found = [
        Finding(a.stamp.when, a.stamp.source, _said(a), _urgency(record, flag, a))
        for a in record.answered.get(flag.name, ())
        if a.value is True
    ]
    found += findings(record, flag.name)
    return found + _open_before([item for item in record.open_flags if item.flag == flag.name], found)


def _said(yes: SafetyAnswer) -> str:
    """Undated it counts from now on at every run: no clearance comes after it until somebody gives it a date."""
    return "answered yes in the safety screen" + ("" if yes.stamp.dated else ", without a time that can be used")


def _open_before(recorded: list[OpenFlag], found: list[Finding]) -> list[Finding]:
    """Flags that an earlier run recorded as open and the record no longer shows: they still need a clearance."""
    shown = {_second(sign.since) for sign in found if sign.since is not None}
    return [
        Finding(item.since, item.source, "recorded as open before, and not cleared", item.urgency)
        for item in recorded
        if _second(item.since) not in shown
    ]


def _second(when: datetime) -> datetime:
    return when.replace(microsecond=0)


def _opened(record: PatientRecord, flag: RedFlag, seen: list[Finding]) -> Flag | None:
    cleared = _cleared_until(record, flag.name)
    found = [sign for sign in seen if not _closed(record, flag.name, sign, cleared)]
    if not found:
        return None
    now = _second(record.at.astimezone(ZoneInfo(record.person.zone)))
    found.sort(key=lambda sign: (sign.since or now, sign.source.reference))
    return Flag(
        flag=flag.name,
        urgency=min((sign.urgency for sign in found), key=_MOST_URGENT_FIRST.index),
        since=found[0].since or now,
        sources=tuple(dict.fromkeys(sign.source for sign in found)),
        because="; ".join(dict.fromkeys(sign.because for sign in found)),
    )


def _closed(record: PatientRecord, flag: str, sign: Finding, cleared: datetime | None) -> bool:
    """A clearance closes what came up to it, some flags only after a time; what has no date is closed by any."""
    if cleared is None:
        return False
    constant = sign.wait or f"CLEAR_AFTER_{flag.upper()}"
    wait = int(record.rulebook.number(constant)) if constant in record.rulebook.constants else 0
    return sign.since is None or sign.since + timedelta(hours=wait) <= cleared


def _cleared_until(record: PatientRecord, flag: str) -> datetime | None:
    times = [
        c.stamp.when
        for c in record.clearances
        if c.flag == flag and c.stamp.reporter is Reporter.PRACTITIONER and not c.stamp.preliminary
    ]
    return max(times, default=None)


def _urgency(record: PatientRecord, flag: RedFlag, yes: SafetyAnswer) -> Urgency:
    # B11.27: a condition in the row decides where it is known. Leg signs without breathlessness are same-day, not 999;
    # an answer about the chest from before the leg says nothing about now.
    if flag.name != "rf08":
        return flag.urgency
    chest = [a for a in record.answered.get("rf09", ()) if a.stamp.day >= yes.stamp.day]
    known = bool(chest) and all(a.value is False and not a.stamp.preliminary for a in chest)
    return Urgency.E1 if known else flag.urgency


def _screen(record: PatientRecord) -> Screen:
    alarm = _last_alarm(record)
    given: dict[str, SafetyAnswer] = {}
    standing: list[str] = []
    open_items: list[str] = []
    for name, flag in record.rulebook.flags.items():
        answers = record.answered.get(name, ())
        final = _newest_final(answers)
        if final is not None:
            given[name] = final
        again = question_reopened_at(record, name)
        if flag.short and alarm is not None:
            again = alarm if again is None else max(alarm, again)
        if final is not None and _stands(answers, final, again):
            standing.append(name)
        elif flag.short or answers or again is not None:
            open_items.append(name)
    short = [n for n, f in record.rulebook.flags.items() if f.short]
    oldest = min((given[n].stamp.day for n in short), default=None) if all(n in given for n in short) else None
    return Screen(
        unanswered=tuple(open_items),
        day=oldest if all(n in standing for n in short) else None,
        last_answered=oldest,
        full=len(standing) == len(record.rulebook.flags),
    )


def _newest_final(answers: tuple[SafetyAnswer, ...]) -> SafetyAnswer | None:
    """The newest answer that counts: a preliminary no does not."""
    for answer in reversed(answers):
        if answer.value is not None and not (answer.stamp.preliminary and answer.value is False):
            return answer
    return None


def _stands(answers: tuple[SafetyAnswer, ...], final: SafetyAnswer, alarm: datetime | None) -> bool:
    if alarm is not None and final.stamp.when <= alarm:
        return False
    return answers[-1] is final or not any(a.value is None and a.stamp.when > final.stamp.when for a in answers)


def _last_alarm(record: PatientRecord) -> datetime | None:
    return max((s.stamp.end for s in record.sessions if s.pain_quality in ALARMING_QUALITIES), default=None)


def screen_sources(record: PatientRecord) -> tuple[Source, ...]:
    """The newest answer of each short item: what the screen's state rests on."""
    found: list[Source] = []
    for name, flag in record.rulebook.flags.items():
        answers = record.answered.get(name, ())
        if flag.short and answers:
            found.append(answers[-1].stamp.source)
    return tuple(dict.fromkeys(found))
