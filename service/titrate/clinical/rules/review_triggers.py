"""When a clinician should look again although nothing is wrong (clinical rule D12)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import Outcome
from titrate.clinical.values.plan import PastDecision, Phase

_COUNTED = {Outcome.REACTIVE_DELOAD.code: "deloads", Outcome.FLARE_PROTOCOL.code: "flares"}


def review_reasons(picture: ClinicalPicture, outcome: Outcome, *, rises: bool) -> tuple[str, ...]:
    """Why a review is due: no rise for four weeks, two deloads or two flares in that time; empty when it is not.

    `rises` says that today's decision raises a dose: the clock of rule D12 then starts anew.
    """
    if not picture.dosed or outcome in (Outcome.STOP_ESCALATE, Outcome.NOT_ELIGIBLE):
        return ()
    book = picture.record.rulebook
    days, found = book.numbers.review_days, []
    since = _last_rise(picture)
    if not rises and since is not None and picture.record.days_ago(since) >= days:
        found.append(f"no rise since {since}")
    for code, name in _COUNTED.items():
        count = len(_episodes(picture, code, outcome))
        if count >= book.numbers.review_count:
            found.append(f"{count} {name} in {days} days")
    return tuple(found)


def _last_rise(picture: ClinicalPicture) -> date | None:
    plan = picture.record.plan
    begun = [e.last_raised for e in plan.exercises if e.last_raised]
    begun += [d.day for d in plan.history if d.outcome == Outcome.BASELINE.code]
    if plan.started:
        begun.append(plan.started)
    return max(begun, default=None)


def _episodes(picture: ClinicalPicture, code: str, outcome: Outcome) -> list[date]:
    """Days on which a deload or a flare began, in the window; today's decision is the last of its day."""
    record = picture.record
    if outcome.code != code and all(d.outcome != code for d in record.plan.history):
        return []
    window = record.rulebook.numbers.review_days
    now = PastDecision(record.today, outcome.code, record.plan.phase, record.at)
    begun: list[date] = []
    before: PastDecision | None = None
    for decision in _last_of_each_day((*record.plan.history, now)):
        goes_on = decision.phase is _phase_of(code) or (before is not None and before.outcome == code)
        if decision.outcome == code and not goes_on and record.days_ago(decision.day) < window:
            begun.append(decision.day)
        before = decision
    return begun


def _last_of_each_day(history: tuple[PastDecision, ...]) -> list[PastDecision]:
    last: dict[date, PastDecision] = {}
    for decision in sorted(history, key=lambda d: d.recorded):
        last[decision.day] = decision
    return [last[day] for day in sorted(last)]


def _phase_of(code: str) -> Phase:
    return Phase.DELOAD if code == Outcome.REACTIVE_DELOAD.code else Phase.FLARE


def phase_advice(picture: ClinicalPicture) -> tuple[str, ...]:
    """What to ask the clinician about the phase: maintenance, or the active programme again; empty when nothing is."""
    if picture.phase is Phase.MAINTENANCE:
        found = (*_function_fell(picture), *_little_done(picture))
        return tuple(f"back to the active programme? {why}" for why in found)
    if picture.phase is Phase.LOADING:
        return _reached(picture)
    return ()


def _reached(picture: ClinicalPicture) -> tuple[str, ...]:
    found = []
    for state in picture.dosed:
        goal = picture.record.open_goal(state.exercise)
        if goal is not None and goal.target is not None and state.dose and state.dose.amount >= goal.target:
            found.append(f"{state.exercise} is at the dose of its goal: maintenance is the clinician's choice")
    return tuple(found)


def _function_fell(picture: ClinicalPicture) -> tuple[str, ...]:
    """The Patient-Specific Functional Scale since maintenance began, its newest score against its best."""
    record = picture.record
    scores = [
        m.value
        for m in record.measured.get("psfs", ())
        if not m.stamp.preliminary and (picture.since is None or m.stamp.day >= picture.since)
    ]
    fall = max(scores) - scores[-1] if scores else Decimal(0)
    return (f"PSFS has fallen by {fall}",) if fall >= record.rulebook.numbers.maintenance_psfs_fall else ()


def _little_done(picture: ClinicalPicture) -> tuple[str, ...]:
    """Weeks in a row in which too few of the planned sessions were done."""
    record, book = picture.record, picture.record.rulebook
    planned = sum(state.weekly_frequency for state in picture.dosed)
    weeks = int(book.numbers.maintenance_weeks)
    days = [session.day for session in picture.completed]
    for back in range(1, weeks + 1):
        first = record.today - timedelta(days=7 * back)
        done = sum(1 for day in days if first <= day < first + timedelta(days=7))
        if done >= book.numbers.maintenance_adherence * planned:
            return ()
    return (f"fewer sessions than planned in {weeks} weeks in a row",) if planned else ()
