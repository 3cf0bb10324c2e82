"""Whether there is enough to decide on (clinical rule D, B11.14, B11.20). Only steps up ever ask."""

from __future__ import annotations

from datetime import date

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.plan import Phase


def last_log(picture: ClinicalPicture) -> date | None:
    """The last local date with a final morning pain rating."""
    days = reversed(tuple(picture.record.pain.values()))
    return next((day.day for day in days if day.final is not None), None)


def last_session(picture: ClinicalPicture) -> date | None:
    """The last local date with a session that counts."""
    return max((s.day for s in picture.sessions if not s.preliminary), default=None)


def evaluable_count(picture: ClinicalPicture, exercise: str) -> int:
    """Evaluable sessions of an exercise on the local dates of the window before the decision date, at any dose."""
    window = picture.record.rulebook.numbers.sessions_window_days
    counted = [s for s in picture.evaluable(exercise) if not s.preliminary]
    return sum(1 for s in counted if 1 <= picture.record.days_ago(s.day) <= window)


def screen_gaps(picture: ClinicalPicture) -> tuple[str, ...]:
    """What keeps the safety screen from counting: items without an answer, or its age."""
    screen = picture.safety.screen
    found = [f"safety screen not answered: {', '.join(screen.unanswered)}"] if screen.unanswered else []
    limit = picture.record.rulebook.numbers.screen_recent_days
    if screen.day is not None and picture.record.days_ago(screen.day) > limit:
        found.append(f"safety screen {picture.record.days_ago(screen.day)} days old, more than {limit}")
    return tuple(found)


def missing_data(picture: ClinicalPicture) -> tuple[str, ...]:
    """What rule D7 misses, in plain words; empty when data are sufficient."""
    book = picture.record.rulebook
    found = []
    mornings = len(picture.record.last_week.finals)
    if mornings < book.numbers.mornings_min:
        found.append(f"morning pain on {mornings} of the last 7 days, {book.numbers.mornings_min} needed")
    found += _sessions_missing(picture)
    log = last_log(picture)
    if log is None or picture.record.days_ago(log) > book.numbers.log_recent_days:
        found.append("no daily log in the last days" if log is None else f"last daily log on {log}")
    found += screen_gaps(picture)
    return tuple(found)


def _sessions_missing(picture: ClinicalPicture) -> list[str]:
    if not picture.dosed:
        return []
    book = picture.record.rulebook
    begun = picture.phase is Phase.RETURN and picture.record.plan.phase_since == picture.record.today
    first_day_of_return = picture.returning or begun
    found = []
    needed = (
        0
        if first_day_of_return
        else int(book.numbers.sessions_min_return if picture.phase is Phase.RETURN else book.numbers.sessions_min)
    )
    most = max(evaluable_count(picture, e.exercise) for e in picture.dosed)
    if most < needed:
        found.append(f"{most} evaluable sessions in {book.numbers.sessions_window_days} days, {needed} needed")
    last = last_session(picture)
    if first_day_of_return and picture.record.plan.phase is Phase.FLARE:
        return found
    if last is None or picture.record.days_ago(last) >= book.numbers.session_recent_days:
        found.append("no session recorded" if last is None else f"last session on {last}")
    return found


def outdated_scores(picture: ClinicalPicture) -> tuple[str, ...]:
    """Questionnaires that decide and whose last score is too old; they hold nothing, a new one is asked for."""
    record, found = picture.record, []
    limit = record.rulebook.numbers.prom_recent_days
    for name in ("tsk-11", "tsk-17", "csi", "pseq", "phq-9"):
        score = record.latest(name)
        if score is not None and record.days_ago(score.stamp.day) > limit:
            found.append(f"ask again: {name.upper()}, the last is older than {limit} days")
    return tuple(found)


def expiry_reasons(picture: ClinicalPicture) -> tuple[str, ...]:
    """Why no session target may be given any more (PLAN_EXPIRED); empty while the plan is alive."""
    record, found = picture.record, []
    limit = record.rulebook.numbers.expiry_days
    start = record.plan.started or record.plan.approved
    for name, day in (
        ("daily log", last_log(picture)),
        ("answered safety screen", picture.safety.screen.last_answered),
    ):
        since = day or start
        if since is not None and record.days_ago(since) >= limit:
            found.append(f"no {name} for {record.days_ago(since)} days, {limit} is the limit")
    return tuple(found)
