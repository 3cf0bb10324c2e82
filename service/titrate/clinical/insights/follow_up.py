"""The next follow-up contact (C41): how, by when and why. A proposal for the diary, never a gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.sessions.flares import Flare
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import Phase
from titrate.messages import Message
from titrate.messages.insights import (
    FollowUpForExpiringLimits,
    FollowUpForNewFlare,
    FollowUpForRedFlag,
    FollowUpForStartingDoses,
    FollowUpForUnsettledFlare,
    FollowUpInFirstWeeks,
    FollowUpInMaintenance,
    FollowUpOnFlareDay,
    FollowUpWhileLoading,
)

# Phases with the short interval between contacts.
CLOSE_PHASES = frozenset({Phase.INTAKE, Phase.BASELINE, Phase.DELOAD, Phase.RETURN})


class ContactMode(StrEnum):
    """How clinician and patient meet."""

    IN_PERSON = "in person"
    TELEHEALTH = "telehealth"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next contact: mode, local due date and reason, whether the date has passed, and the last contact."""

    mode: ContactMode
    due: date
    overdue: bool
    last: date | None
    reason: Message


@dataclass(frozen=True, slots=True)
class _Interval:
    """Days between contacts, their mode, and why they are that frequent."""

    days: int
    mode: ContactMode
    reason: Message


def next_follow_up(picture: ClinicalPicture, decision: Decision) -> FollowUp | None:
    """The next contact; None after discharge. Expiring limits bring it forward and make it a visit."""
    if picture.phase is Phase.DISCHARGED:
        return None
    last = _last_contact(picture)
    mode, due, reason = _planned(picture, decision, last)
    expiry = _limits_expiry(picture)
    if expiry is not None and expiry <= due and not picture.safety.stops:
        mode, due, reason = ContactMode.IN_PERSON, expiry, FollowUpForExpiringLimits()
    return FollowUp(mode, due, due < picture.record.today, last, reason)


def _last_contact(picture: ClinicalPicture) -> date | None:
    answers = picture.record.answered.get("contact", ())
    return max((a.stamp.day for a in answers if not a.stamp.preliminary and a.value), default=None)


def _planned(picture: ClinicalPicture, decision: Decision, last: date | None) -> tuple[ContactMode, date, Message]:
    record = picture.record
    if picture.safety.stops or picture.phase is Phase.STOPPED:
        return ContactMode.IN_PERSON, record.today, FollowUpForRedFlag()
    if picture.flare is not None:
        return _in_a_flare(picture, picture.flare, decision, last)
    interval = _interval(picture)
    start = last or record.plan.approved or record.today - timedelta(days=interval.days)
    return interval.mode, start + timedelta(days=interval.days), interval.reason


def _interval(picture: ClinicalPicture) -> _Interval:
    numbers, started = picture.record.rulebook.numbers, picture.record.plan.started
    if picture.phase is Phase.MAINTENANCE:
        return _Interval(int(numbers.contact_days_maintenance), ContactMode.IN_PERSON, FollowUpInMaintenance())
    if picture.phase in CLOSE_PHASES or not picture.dosed:
        mode = ContactMode.TELEHEALTH if picture.dosed else ContactMode.IN_PERSON
        return _Interval(int(numbers.contact_days_start), mode, FollowUpForStartingDoses())
    if started is None or picture.record.days_ago(started) < numbers.contact_start_days:
        return _Interval(int(numbers.contact_days_start), ContactMode.TELEHEALTH, FollowUpInFirstWeeks())
    return _Interval(int(numbers.contact_days_steady), ContactMode.TELEHEALTH, FollowUpWhileLoading())


def _in_a_flare(
    picture: ClinicalPicture, flare: Flare, decision: Decision, last: date | None
) -> tuple[ContactMode, date, Message]:
    """The day of the next decision, then two fixed days of the flare, then weekly."""
    numbers, today = picture.record.rulebook.numbers, picture.record.today
    week, fortnight = int(numbers.contact_flare_days), int(numbers.contact_flare_reassess)
    if last is None or last < flare.first:
        due = min(decision.next_review or today, flare.first + timedelta(days=week))
        return ContactMode.TELEHEALTH, due, FollowUpForNewFlare()
    for day, mode in ((week, ContactMode.TELEHEALTH), (fortnight, ContactMode.IN_PERSON)):
        due = flare.first + timedelta(days=day)
        if last < due:
            return mode, due, FollowUpOnFlareDay(day=day)
    return ContactMode.IN_PERSON, last + timedelta(days=week), FollowUpForUnsettledFlare()


def _limits_expiry(picture: ClinicalPicture) -> date | None:
    renewed = picture.limits.renewed
    if renewed is None or not picture.dosed:
        return None
    return renewed + timedelta(days=int(picture.record.rulebook.numbers.limits_valid_days))
