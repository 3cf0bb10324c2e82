"""Whether there is enough to decide on (clinical rule D, B11.14, B11.20). Only steps up ever ask."""

from __future__ import annotations

from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.plan import Phase


def last_log(situation: ClinicalPicture) -> date | None:
    """The last local date with a final morning pain rating."""
    days = reversed(tuple(situation.record.pain.values()))
    return next((day.day for day in days if day.final is not None), None)


def last_session(situation: ClinicalPicture) -> date | None:
    """The last local date with a session that counts."""
    return max((s.day for s in situation.sessions if not s.preliminary), default=None)


def evaluable_count(situation: ClinicalPicture, exercise: str) -> int:
    """Evaluable sessions of an exercise on the local dates of the window before the decision date, at any dose."""
    window = situation.record.rulebook.numbers.sessions_window_days
    counted = [s for s in situation.evaluable(exercise) if not s.preliminary]
    return sum(1 for s in counted if 1 <= situation.record.days_ago(s.day) <= window)


def screen_missing(situation: ClinicalPicture) -> tuple[str, ...]:
    """What keeps the safety screen from counting: items without an answer, or its age."""
    screen = situation.safety.screen
    found = [f"safety screen not answered: {', '.join(screen.unanswered)}"] if screen.unanswered else []
    limit = situation.record.rulebook.numbers.screen_recent_days
    if screen.day is not None and situation.record.days_ago(screen.day) > limit:
        found.append(f"safety screen {situation.record.days_ago(screen.day)} days old, more than {limit}")
    return tuple(found)


def missing_data(situation: ClinicalPicture) -> tuple[str, ...]:
    """What rule D7 misses, in plain words; empty when data are sufficient."""
    book = situation.record.rulebook
    found = []
    mornings = len(situation.record.last_week.finals)
    if mornings < book.numbers.mornings_min:
        found.append(f"morning pain on {mornings} of the last 7 days, {book.numbers.mornings_min} needed")
    found += _sessions_missing(situation)
    log = last_log(situation)
    if log is None or situation.record.days_ago(log) > book.numbers.log_recent_days:
        found.append("no daily log in the last days" if log is None else f"last daily log on {log}")
    found += screen_missing(situation)
    return tuple(found)


def _sessions_missing(situation: ClinicalPicture) -> list[str]:
    if not situation.dosed:
        return []
    book = situation.record.rulebook
    begun = situation.phase is Phase.RETURN and situation.record.plan.phase_since == situation.record.today
    first_day_of_return = situation.returning or begun
    found = []
    needed = (
        0
        if first_day_of_return
        else int(book.numbers.sessions_min_return if situation.phase is Phase.RETURN else book.numbers.sessions_min)
    )
    most = max(evaluable_count(situation, e.exercise) for e in situation.dosed)
    if most < needed:
        found.append(f"{most} evaluable sessions in {book.numbers.sessions_window_days} days, {needed} needed")
    last = last_session(situation)
    if first_day_of_return and situation.record.plan.phase is Phase.FLARE:
        return found
    if last is None or situation.record.days_ago(last) >= book.numbers.session_recent_days:
        found.append("no session recorded" if last is None else f"last session on {last}")
    return found


def old_scores(situation: ClinicalPicture) -> tuple[str, ...]:
    """Questionnaires that decide and whose last score is too old; they hold nothing, a new one is asked for."""
    record, found = situation.record, []
    limit = record.rulebook.numbers.prom_recent_days
    for name in ("tsk-11", "tsk-17", "csi", "pseq", "phq-9"):
        score = record.latest(name)
        if score is not None and record.days_ago(score.stamp.day) > limit:
            found.append(f"ask again: {name.upper()}, the last is older than {limit} days")
    return tuple(found)


def expired(situation: ClinicalPicture) -> tuple[str, ...]:
    """Why no session target may be given any more (PLAN_EXPIRED); empty while the plan is alive."""
    record, found = situation.record, []
    limit = record.rulebook.numbers.expiry_days
    start = record.plan.started or record.plan.approved
    for name, day in (
        ("daily log", last_log(situation)),
        ("answered safety screen", situation.safety.screen.last_answered),
    ):
        since = day or start
        if since is not None and record.days_ago(since) >= limit:
            found.append(f"no {name} for {record.days_ago(since)} days, {limit} is the limit")
    return tuple(found)
