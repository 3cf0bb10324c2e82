"""When a clinician should look again although nothing is wrong (clinical rule D12)."""

from __future__ import annotations

from datetime import date

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
