"""When clinician and patient should speak next, how, and about what (C41). A proposal for the diary, never a gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.sessions.flares import Flare
from titrate.clinical.values.decision import Decision
from titrate.clinical.values.plan import Phase

IN_PERSON, TELEHEALTH = "in person", "telehealth"
CLOSE = frozenset({Phase.INTAKE, Phase.BASELINE, Phase.DELOAD, Phase.RETURN})


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The next contact: how, by which local date, why then, whether that date has passed, and when the last one was."""

    how: str
    due: date
    overdue: bool
    last: date | None
    why: str


def next_follow_up(picture: ClinicalPicture, decision: Decision) -> FollowUp | None:
    """The next contact that is due; None after discharge. Limits that run out bring it forward, and make it a visit."""
    if picture.phase is Phase.DISCHARGED:
        return None
    last = _last(picture)
    how, due, why = _planned(picture, decision, last)
    ends = _limits_end(picture)
    if ends is not None and ends <= due and not picture.safety.stops:
        how, due, why = IN_PERSON, ends, "limits run out: repeat tests and scores, confirm the limits"
    return FollowUp(how, due, due < picture.record.today, last, why)


def _last(picture: ClinicalPicture) -> date | None:
    answers = picture.record.answered.get("contact", ())
    return max((a.stamp.day for a in answers if not a.stamp.preliminary and a.value), default=None)


def _planned(picture: ClinicalPicture, decision: Decision, last: date | None) -> tuple[str, date, str]:
    record = picture.record
    if picture.safety.stops or picture.phase is Phase.STOPPED:
        return IN_PERSON, record.today, "an open red flag, with the urgency that it names"
    if picture.flare is not None:
        return _in_a_flare(picture, picture.flare, decision, last)
    days, how, why = _rhythm(picture)
    start = last or record.plan.approved or record.today - timedelta(days=days)
    return how, start + timedelta(days=days), why


def _rhythm(picture: ClinicalPicture) -> tuple[int, str, str]:
    """Days between contacts, how, and why so often."""
    book, started = picture.record.rulebook, picture.record.plan.started
    if picture.phase is Phase.MAINTENANCE:
        return int(book.numbers.contact_days_maintenance), IN_PERSON, "maintenance"
    if picture.phase in CLOSE or not picture.dosed:
        how = TELEHEALTH if picture.dosed else IN_PERSON
        return int(book.numbers.contact_days_start), how, "doses are being found"
    young = started is None or picture.record.days_ago(started) < book.numbers.contact_start_days
    if young:
        return int(book.numbers.contact_days_start), TELEHEALTH, "the first weeks of a plan"
    return int(book.numbers.contact_days_steady), TELEHEALTH, "loading goes on"


def _in_a_flare(picture: ClinicalPicture, flare: Flare, decision: Decision, last: date | None) -> tuple[str, date, str]:
    """The day of the next look, then day 7 and 14 of the flare; each once, and weekly after that."""
    book, today = picture.record.rulebook, picture.record.today
    week, fortnight = int(book.numbers.contact_flare_days), int(book.numbers.contact_flare_reassess)
    if last is None or last < flare.first:
        return TELEHEALTH, min(decision.next_look or today, flare.first + timedelta(days=week)), "a flare began"
    for days, how, why in ((week, TELEHEALTH, "day 7 of a flare"), (fortnight, IN_PERSON, "day 14 of a flare")):
        due = flare.first + timedelta(days=days)
        if last < due:
            return how, due, why
    return IN_PERSON, last + timedelta(days=week), "a flare that does not settle"


def _limits_end(picture: ClinicalPicture) -> date | None:
    renewed = picture.limits.renewed
    if renewed is None or not picture.dosed:
        return None
    return renewed + timedelta(days=int(picture.record.rulebook.numbers.limits_valid_days))
