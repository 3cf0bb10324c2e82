"""What prevents every increase: insufficient data (rule D7, B11.14, B11.20) and holds (B10, B11.26).

Holds are for sleep, mood, stress, heart rate and fear. Rules that lower a dose do not ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture, newest_resting_rate
from titrate.clinical.record.patient_record import PatientRecord
from titrate.clinical.values.plan import Phase
from titrate.messages import Message
from titrate.messages import record as messages


def last_log(picture: ClinicalPicture) -> date | None:
    """The last local date with a final morning pain rating."""
    days = reversed(tuple(picture.record.pain.values()))
    return next((day.day for day in days if day.final is not None), None)


def last_session(picture: ClinicalPicture) -> date | None:
    """The last local date with a session that counts."""
    return max((s.day for s in picture.sessions if not s.preliminary), default=None)


def evaluable_count(picture: ClinicalPicture, exercise: str) -> int:
    """The number of evaluable sessions of an exercise, at any dose, in the window before the decision date."""
    window = picture.record.rulebook.numbers.sessions_window_days
    counted = [s for s in picture.evaluable(exercise) if not s.preliminary]
    return sum(1 for s in counted if 1 <= picture.record.days_ago(s.day) <= window)


def screen_gaps(picture: ClinicalPicture) -> tuple[Message, ...]:
    """Why the safety screen does not count: unanswered items, or its age."""
    screen, named = picture.safety.screen, picture.record.rulebook.named
    found: list[Message] = []
    if screen.unanswered:
        found.append(messages.ScreenNotAnswered(flags=tuple(map(named, screen.unanswered))))
    found += [
        messages.WordsReopenedItem(flag=named(one.flag), reference=one.stamp.source.reference, day=one.day)
        for one in screen.reopened
    ]
    limit = picture.record.rulebook.numbers.screen_recent_days
    if screen.day is not None and (age := picture.record.days_ago(screen.day)) > limit:
        found.append(messages.ScreenTooOld(days=age, limit=limit))
    return tuple(found)


def missing_data(picture: ClinicalPicture) -> tuple[Message, ...]:
    """The data that rule D7 needs and does not have; empty when they suffice."""
    book = picture.record.rulebook
    found: list[Message] = []
    week, needed = picture.record.last_week, book.numbers.mornings_min
    if len(week.finals) < needed:
        found.append(messages.MorningsMissing(rated=len(week.finals), days=len(week.dates), needed=needed))
    found += _sessions_missing(picture)
    log = last_log(picture)
    if log is None or picture.record.days_ago(log) > book.numbers.log_recent_days:
        found.append(messages.NoDailyLog() if log is None else messages.DailyLogTooOld(day=log))
    found += screen_gaps(picture)
    return tuple(found)


def _sessions_missing(picture: ClinicalPicture) -> list[Message]:
    if not picture.dosed:
        return []
    book = picture.record.rulebook
    begun = picture.phase is Phase.RETURN and picture.record.plan.phase_since == picture.record.today
    first_day_of_return = picture.returning or begun
    found: list[Message] = []
    returning = picture.phase is Phase.RETURN
    needed = int(book.numbers.sessions_min_return if returning else book.numbers.sessions_min)
    most = max(evaluable_count(picture, e.exercise) for e in picture.dosed)
    if most < needed and not first_day_of_return:
        window = book.numbers.sessions_window_days
        found.append(messages.SessionsMissing(count=most, days=window, needed=needed))
    last = last_session(picture)
    if first_day_of_return and picture.record.plan.phase is Phase.FLARE:
        return found
    if last is None or picture.record.days_ago(last) >= book.numbers.session_recent_days:
        found.append(messages.NoSession() if last is None else messages.SessionTooOld(day=last))
    return found


def outdated_scores(picture: ClinicalPicture) -> tuple[Message, ...]:
    """Questionnaires that decide and are too old: they hold no dose, the clinician is asked for a new score."""
    record, found = picture.record, list[Message]()
    limit = record.rulebook.numbers.prom_recent_days
    for name in ("tsk-11", "tsk-17", "csi", "pseq", "phq-9"):
        score = record.latest(name)
        if score is not None and record.days_ago(score.stamp.day) > limit:
            found.append(messages.ScoreTooOld(questionnaire=name.upper(), limit=limit))
    return tuple(found)


def assumed_zone(picture: ClinicalPicture) -> tuple[Message, ...]:
    """That times were read in the site's time zone, because neither they nor the patient's record name another."""
    record = picture.record
    stamps = [s.stamp for s in record.sessions] + [m.stamp for found in record.measured.values() for m in found]
    if not record.person.zone_assumed or not any(stamp.timed and stamp.zone_assumed for stamp in stamps):
        return ()
    return (messages.ZoneAssumed(zone=record.person.zone),)


def expiry_reasons(picture: ClinicalPicture) -> tuple[Message, ...]:
    """Why the plan has expired and gives no session target (PLAN_EXPIRED); empty while it is valid."""
    record, found = picture.record, list[Message]()
    limit = record.rulebook.numbers.expiry_days
    start = record.plan.started or record.plan.approved
    for reason, day in (
        (messages.ExpiredWithoutLog, last_log(picture)),
        (messages.ExpiredWithoutScreen, picture.safety.screen.last_answered),
    ):
        since = day or start
        if since is not None and record.days_ago(since) >= limit:
            found.append(reason(days=record.days_ago(since), limit=limit))
    return tuple(found)


def progression_holds(picture: ClinicalPicture) -> tuple[Message, ...]:
    """Every reason outside the exercises that holds a rise; empty when there is none."""
    record, book = picture.record, picture.record.rulebook
    found: list[Message] = []
    dates = (*record.last_week.dates, record.today)
    nights = len(_bad_nights(record).intersection(dates))
    if nights >= book.numbers.sleep_nights:
        found.append(messages.BadNights(nights=nights))
    phq = record.worst_newest("phq-9")
    if phq is not None and phq.value >= book.numbers.phq9_hold:
        found.append(messages.LowMood(score=phq.value))
    found += _major_stressor(record, dates)
    pulse = newest_resting_rate(picture)
    if pulse is not None and pulse.value >= book.numbers.hr_rest_hold:
        found.append(messages.HighRestingHeartRate(rate=pulse.value))
    tsk = record.worst_newest("tsk-11")
    started = record.is_confirmed("exposure-ladder-started")
    if tsk is not None and tsk.value >= book.numbers.tsk_11_high and not started:
        found.append(messages.FearWithoutLadder(score=tsk.value))
    return (*found, *high_clinic_pain(picture))


def high_clinic_pain(picture: ClinicalPicture) -> tuple[Message, ...]:
    """That a clinic recorded a pain score today that is far above usual: nothing rises today (B13.11)."""
    record, usual = picture.record, picture.usual.pain
    today = [m.value for m in record.measured.get("pain-clinic", ()) if m.stamp.day == record.today]
    if usual is None or not today or max(today) - usual < record.rulebook.numbers.clinic_pain_hold:
        return ()
    return (messages.HighClinicPain(pain=max(today)),)


def _major_stressor(record: PatientRecord, dates: Iterable[date]) -> Iterator[Message]:
    """That a stressor of these days, or one of the newest answers, is `major`.

    Preliminary answers count only where they say so.
    """
    answers = [a for a in record.answered.get("stressor", ()) if not (a.stamp.preliminary and a.value != "major")]
    days = frozenset(dates)
    major = [
        a for a in answers if a.value == "major" and (a.stamp.day in days or a.stamp.when == answers[-1].stamp.when)
    ]
    if major:
        is_read = any(not a.assumed for a in major)
        yield messages.MajorStressor() if is_read else messages.StressorUnreadable()


def _bad_nights(record: PatientRecord) -> set[date]:
    """The local dates on which a bad night was reported."""
    low, short = record.rulebook.numbers.sleep_quality_low, record.rulebook.numbers.sleep_hours_low
    poor = {m.stamp.day for m in record.measured.get("sleep-quality", ()) if m.value <= low}
    return poor | {m.stamp.day for m in record.measured.get("sleep-hours", ()) if m.value < short}
