"""Red flags and the safety screen. Only a clinician's clearance closes a flag; an unanswered question is not a no."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.red_flags.alarming_texts import (
    AlarmingText,
    AlarmingTexts,
    alarming_texts,
    reopening_text,
    self_harm_findings,
)
from titrate.clinical.red_flags.findings import findings, question_reopened_at
from titrate.clinical.values.decision import Finding, Flag, OpenFlag
from titrate.clinical.values.readings import Reporter, SafetyAnswer
from titrate.clinical.values.rulebook import SELF_HARM, RedFlag, Urgency
from titrate.messages import Message
from titrate.messages import red_flags as messages

# New qualities of pain that reopen the short screen (B11.26).
ALARMING_QUALITIES = frozenset({"sharp", "electric", "locking", "night-unremitting"})
_MOST_URGENT_FIRST = tuple(Urgency)


@dataclass(frozen=True, slots=True)
class Screen:
    """How far the safety screen is answered.

    `unanswered` are the items that need an answer now: those of the short screen, and any item that was left open.
    `day` is the oldest date among the newest answers of the short items, None while one of them needs an answer;
    `last_answered` ignores whether a later event reopened them. `full`: every item has a valid answer of some date.
    `reopened` are the texts whose words reopened items, one for each of those items (B13.5).
    """

    unanswered: tuple[str, ...]
    day: date | None
    last_answered: date | None
    full: bool
    reopened: tuple[AlarmingText, ...] = ()


@dataclass(frozen=True, slots=True)
class Safety:
    """Open flags, most urgent first, the screen, and the texts with words of alarm by red flag."""

    flags: tuple[Flag, ...]
    screen: Screen
    texts: AlarmingTexts = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Whether a flag forbids any dose (rule D1)."""
        return any(f.urgency.stops_exercise for f in self.flags)


def screen_safety(record: PatientRecord) -> Safety:
    """All open flags and the state of the screen at the time of the record."""
    texts = alarming_texts(record)
    found = ((flag, _all_findings(record, flag, texts)) for flag in record.rulebook.flags.values())
    flags = [f for flag, findings in found if findings and (f := _open_flag(record, flag, findings)) is not None]
    flags.sort(key=lambda f: (_MOST_URGENT_FIRST.index(f.urgency), f.flag))
    return Safety(tuple(flags), _screen(record, texts), texts)


def _all_findings(record: PatientRecord, flag: RedFlag, texts: AlarmingTexts) -> list[Finding]:
    """Everything that opens a flag, cleared or not: answers, findings in data, and what was open before."""
    found = [
        Finding(a.stamp.when, a.stamp.source, _screen_reason(a), _urgency(record, flag, a))
        for a in record.answered.get(flag.name, ())
        if a.value is True
    ]
    found += findings(record, flag.name)
    if flag.name == SELF_HARM:
        found += self_harm_findings(texts)
    return found + _open_before([item for item in record.open_flags if item.flag == flag.name], found)


def _screen_reason(yes: SafetyAnswer) -> Message:
    """An answer without a usable time counts as now at every run, so no clearance covers it until it is dated."""
    return messages.ScreenAnsweredYes() if yes.stamp.dated else messages.ScreenAnsweredYesUndated()


def _open_before(recorded: list[OpenFlag], found: list[Finding]) -> list[Finding]:
    """Flags that an earlier run recorded as open and the record no longer shows: they still need a clearance."""
    shown = {_second(finding.since) for finding in found if finding.since is not None}
    return [
        Finding(item.since, item.source, messages.FlagOpenBefore(), item.urgency)
        for item in recorded
        if _second(item.since) not in shown
    ]


def _second(when: datetime) -> datetime:
    return when.replace(microsecond=0)


def _open_flag(record: PatientRecord, flag: RedFlag, findings: list[Finding]) -> Flag | None:
    cleared = _cleared_until(record, flag.name)
    found = [finding for finding in findings if not _closed(record, flag.name, finding, cleared)]
    if not found:
        return None
    now = _second(record.at.astimezone(ZoneInfo(record.person.zone)))
    found.sort(key=lambda finding: (finding.since or now, finding.source.reference))
    return Flag(
        flag=flag.name,
        urgency=min((finding.urgency for finding in found), key=_MOST_URGENT_FIRST.index),
        since=found[0].since or now,
        sources=tuple(dict.fromkeys(finding.source for finding in found)),
        because=messages.FlagOpenedBy(findings=tuple(dict.fromkeys(finding.because for finding in found))),
    )


def _closed(record: PatientRecord, flag: str, finding: Finding, cleared: datetime | None) -> bool:
    """Whether a clearance closes a finding: some flags need a waiting time, and any clearance closes an undated one."""
    if cleared is None:
        return False
    constant = finding.wait or f"CLEAR_AFTER_{flag.upper()}"
    wait = int(record.rulebook.number(constant)) if constant in record.rulebook.constants else 0
    return finding.since is None or finding.since + timedelta(hours=wait) <= cleared


def _cleared_until(record: PatientRecord, flag: str) -> datetime | None:
    times = [
        c.stamp.when
        for c in record.clearances
        if c.flag == flag and c.stamp.reporter is Reporter.PRACTITIONER and not c.stamp.preliminary
    ]
    return max(times, default=None)


def _urgency(record: PatientRecord, flag: RedFlag, yes: SafetyAnswer) -> Urgency:
    # B11.27: leg signs without a chest symptom are a same-day matter, not an emergency. Answers about the chest from
    # before the leg signs do not count.
    if flag.name != "rf08":
        return flag.urgency
    chest = [a for a in record.answered.get("rf09", ()) if a.stamp.day >= yes.stamp.day]
    known = bool(chest) and all(a.value is False and not a.stamp.preliminary for a in chest)
    return Urgency.E1 if known else flag.urgency


def _screen(record: PatientRecord, texts: AlarmingTexts) -> Screen:
    alarm = _last_alarming_session(record)
    given: dict[str, SafetyAnswer] = {}
    valid: list[str] = []
    unanswered: list[str] = []
    reopening: list[AlarmingText] = []
    for name, flag in record.rulebook.flags.items():
        answers = record.answered.get(name, ())
        final = _newest_final(answers)
        if final is not None:
            given[name] = final
        reopened = question_reopened_at(record, name)
        if flag.short and alarm is not None:
            reopened = alarm if reopened is None else max(alarm, reopened)
        text = reopening_text(texts, name, None if final is None else final.stamp.when)
        if final is not None and text is None and _is_valid(answers, final, reopened):
            valid.append(name)
        elif flag.short or answers or reopened is not None or text is not None:
            unanswered.append(name)
            reopening += [] if text is None else [text]
    short = [n for n, f in record.rulebook.flags.items() if f.short]
    oldest = min((given[n].stamp.day for n in short), default=None) if all(n in given for n in short) else None
    return Screen(
        unanswered=tuple(unanswered),
        day=oldest if all(n in valid for n in short) else None,
        last_answered=oldest,
        full=len(valid) == len(record.rulebook.flags),
        reopened=tuple(reopening),
    )


def _newest_final(answers: tuple[SafetyAnswer, ...]) -> SafetyAnswer | None:
    """The newest answer that counts; a preliminary no does not."""
    for answer in reversed(answers):
        if answer.value is not None and not (answer.stamp.preliminary and answer.value is False):
            return answer
    return None


def _is_valid(answers: tuple[SafetyAnswer, ...], final: SafetyAnswer, reopened: datetime | None) -> bool:
    """Whether an answer still counts: nothing reopened the question, and no later form left it blank."""
    if reopened is not None and final.stamp.when <= reopened:
        return False
    return answers[-1] is final or not any(a.value is None and a.stamp.when > final.stamp.when for a in answers)


def _last_alarming_session(record: PatientRecord) -> datetime | None:
    return max((s.stamp.end for s in record.sessions if s.pain_quality in ALARMING_QUALITIES), default=None)
