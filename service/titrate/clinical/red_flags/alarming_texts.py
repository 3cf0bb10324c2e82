"""Words of alarm in comments and other texts: of self-harm (RF19), and those that reopen a safety question (B13.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.decision import Finding
from titrate.clinical.values.readings import Comment, FreeText, ReadingSource, Reporter
from titrate.clinical.values.rulebook import SELF_HARM, Urgency
from titrate.messages import red_flags as messages


@dataclass(frozen=True, slots=True)
class AlarmingText:
    """A text whose words may describe a red flag, and when it was written: at the latest time that is possible."""

    flag: str
    text: str
    stamp: ReadingSource
    when: datetime
    by_patient: bool

    @property
    def day(self) -> date:
        """The local date on which it was written."""
        return self.when.date()


AlarmingTexts = Mapping[str, tuple[AlarmingText, ...]]


def alarming_texts(record: PatientRecord) -> AlarmingTexts:
    """The texts that count by red flag, oldest first.

    A text counts for ALARMING_TEXT_DAYS. A patient's words of self-harm count however old they are, until a clinician
    clears the flag.
    """
    found: dict[str, list[AlarmingText]] = defaultdict(list)
    written: tuple[Comment | FreeText, ...] = (*record.comments, *record.free_texts)
    for one in written:
        by_patient = _is_by_patient(one)
        flags = record.rulebook.flags_in_text(one.text, by_patient=by_patient)
        for flag in flags & record.rulebook.flags.keys():
            text = AlarmingText(flag, one.text, one.stamp, _written(one.stamp, record.at), by_patient)
            if _is_recent(text, record) or (flag == SELF_HARM and by_patient):
                found[flag].append(text)
    return {flag: tuple(sorted(texts, key=_order)) for flag, texts in found.items()}


def self_harm_findings(texts: AlarmingTexts) -> Iterator[Finding]:
    """Listed words of self-harm in any text. Whether there is a plan is unknown, so the stricter urgency applies."""
    for one in texts.get(SELF_HARM, ()):
        since = one.stamp.when if one.stamp.dated else None
        yield Finding(since, one.stamp.source, messages.AlarmingWords(), Urgency.E0)


def _is_by_patient(one: Comment | FreeText) -> bool:
    return one.by_patient if isinstance(one, FreeText) else one.stamp.reporter is not Reporter.PRACTITIONER


def _written(stamp: ReadingSource, at: datetime) -> datetime:
    """The time of a text. Of a date alone the time of entry on that day or later, else the end of the day."""
    if stamp.timed:
        return stamp.when
    if stamp.entered is not None and stamp.when < stamp.entered <= at:
        return stamp.entered
    return min(at, datetime.combine(stamp.day, time.max, stamp.when.tzinfo))


def _is_recent(text: AlarmingText, record: PatientRecord) -> bool:
    return record.days_ago(text.day) <= record.rulebook.numbers.alarming_text_days


def _order(text: AlarmingText) -> tuple[datetime, str, str]:
    return text.when, text.stamp.source.reference, text.text


def reopening_text(texts: AlarmingTexts, flag: str, answered: datetime | None) -> AlarmingText | None:
    """The first text since the newest answer to a safety question, which reopens it; None if there is none.

    A text at the time of the answer contradicts it, and reopens the question too.
    """
    found = () if flag == SELF_HARM else texts.get(flag, ())
    return next((one for one in found if answered is None or one.when >= answered), None)
