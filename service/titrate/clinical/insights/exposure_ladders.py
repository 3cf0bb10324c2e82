"""Ladders (C28, C30, C34): where a patient is on each, what comes next, and what it waits for.

A clinician sets each step; nothing here changes a dose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.record.goal import CLOSED
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.education_content import Ladder, LadderKind, Pathway
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement
from titrate.clinical.values.rulebook import Domain

# Falls: no balance work before a clinician has looked (B11.26).
FALLS = "rf23"
# Nothing new is begun while symptoms or a clinician have lowered the plan.
WAITING = frozenset({Phase.FLARE, Phase.DELOAD, Phase.RETURN, Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class LadderProgress:
    """One ladder of one patient. `step` counts from 1; 0 is not begun. `fear` is the newest rating, 0 to 100.

    `feared`: the rating is high enough for graded exposure. `for_goal`: a goal is about this task. `chosen`: the task
    to work on now. `ready`: what a next step asks for has been shown. `watched`: somebody is near on the step to be
    done. `waits`: what comes first.
    """

    ladder: Ladder
    fear: Decimal | None
    feared: bool
    for_goal: bool
    since: date | None
    step: int
    chosen: bool
    ready: bool
    supported: bool
    blocked_by: tuple[str, ...]

    @property
    def now(self) -> str | None:
        """The present step in words."""
        return self.ladder.steps[self.step - 1] if self.step else None

    @property
    def next(self) -> str | None:
        """The step after it in words; None at the top."""
        return self.ladder.steps[self.step] if self.step < len(self.ladder.steps) else None


def ladder_progress(picture: ClinicalPicture, pathway: Pathway) -> tuple[LadderProgress, ...]:
    """The ladders that this patient needs: tasks that are begun, feared or wished for, in order, then balance."""
    ladders = picture.record.rulebook.guidance.ladders
    tasks = [ladders[name] for name in pathway.ladders if ladders[name].kind is LadderKind.TASK]
    found = [c for one in tasks if (c := _task(picture, one)) is not None]
    ordered = sorted(found, key=lambda c: (not c.step, not c.feared, not c.for_goal, c.fear or 0, c.ladder.name))
    first = next((c.ladder.name for c in ordered if _open(c)), None)
    balance = [_balance(picture, one) for one in ladders.values() if one.kind is LadderKind.BALANCE]
    return (
        *(replace(c, chosen=c.ladder.name == first) for c in ordered),
        *(c for c in balance if _needs_balance(picture, c)),
    )


def _open(climb: LadderProgress) -> bool:
    """Whether there is a task to work on: one that was begun and not ended, else one that is feared enough."""
    return not (climb.next is None and climb.ready) and (bool(climb.step) or climb.feared or climb.for_goal)


def _task(picture: ClinicalPicture, ladder: Ladder) -> LadderProgress | None:
    """A task's ladder; None where neither fear nor a step is known and no goal is about it."""
    fears = _finals(picture, f"fear-{ladder.name}")
    step, since = _step(picture, ladder)
    for_goal = any(exercise in ladder.exercises for exercise in _wished(picture))
    if not fears and not step and not for_goal:
        return None
    fear = fears[-1].value if fears else None
    feared = fear is not None and fear > picture.record.rulebook.numbers.fear_pick
    waits = _waits(picture)
    ready = bool(step) and not waits and _feared_less(picture, fears, since)
    return LadderProgress(
        ladder, fear, feared, for_goal, since, step, False, ready, _watched(ladder, step, ready), waits
    )


def _wished(picture: ClinicalPicture) -> frozenset[str]:
    """The exercises that open goals of the patient are about."""
    record = picture.record
    linked = {e.exercise for e in record.plan.exercises if e.goal_linked}
    return frozenset(linked | {g.exercise for g in record.goals if g.exercise and g.status not in CLOSED})


def _feared_less(picture: ClinicalPicture, fears: list[Measurement], since: date | None) -> bool:
    """Whether fear is low, or half of what it was as the step began, in as many tries in a row as are asked for."""
    book = picture.record.rulebook
    needed = int(book.numbers.fear_exposures)
    tries = [m.value for m in fears if since is not None and m.stamp.day > since]
    before = [m.value for m in fears if since is not None and m.stamp.day <= since]
    if len(tries) < needed:
        return False
    low, start = book.numbers.fear_low, before[-1] if before else None
    fallen = None if start is None else start * (1 - book.numbers.fear_fall)
    return all(v <= low or (fallen is not None and v <= fallen) for v in tries[-needed:])


def _balance(picture: ClinicalPicture, ladder: Ladder) -> LadderProgress:
    step, since = _step(picture, ladder)
    waits = _waits(picture)
    if any(flag.flag == FALLS for flag in picture.safety.flags):
        waits = ("falls (RF23): no balance work before a clinician has looked", *waits)
    ready = bool(step) and not waits and _steady(picture, since)
    watched = _watched(ladder, step, ready) or _slow(picture)
    return LadderProgress(ladder, None, False, False, since, step, False, ready, watched, waits)


def _needs_balance(picture: ClinicalPicture, climb: LadderProgress) -> bool:
    """Balance is on the page where it is trained, was begun, a test is slow, or there were falls."""
    trained = any(picture.domain(e.exercise) is Domain.NEUROMOTOR for e in picture.dosed)
    return trained or bool(climb.step) or _slow(picture) or any(f.flag == FALLS for f in picture.safety.flags)


def _steady(picture: ClinicalPicture, since: date | None) -> bool:
    """Whether the last balance sessions since the step began were all tolerated, in good form."""
    needed = int(picture.record.rulebook.numbers.balance_sessions)
    forms = {(s.exercise, s.stamp.end): s.form for s in picture.record.sessions}
    done = [
        s for s in picture.evaluable()
        if picture.domain(s.exercise) is Domain.NEUROMOTOR and since is not None and s.day >= since
    ]  # fmt: skip
    good = [s.klass is SessionClass.T and forms.get((s.exercise, s.end)) == "good" for s in done[-needed:]]
    return len(good) == needed and all(good)


def _slow(picture: ClinicalPicture) -> bool:
    test = picture.record.worst_newest("timed-up-and-go")
    return test is not None and test.value >= picture.record.rulebook.numbers.tug_falls


def _watched(ladder: Ladder, step: int, ready: bool) -> bool:
    return (step + 1 if ready or not step else step) <= ladder.watched


def _waits(picture: ClinicalPicture) -> tuple[str, ...]:
    """What must come first on every ladder."""
    found = []
    if picture.safety.stops:
        found.append("an open red flag: no step before it is cleared")
    if picture.phase in WAITING or picture.flare is not None:
        found.append("symptoms have lowered the plan: no new step now")
    return tuple(found)


def _step(picture: ClinicalPicture, ladder: Ladder) -> tuple[int, date | None]:
    """The step that a clinician set last, and since when; of two on one day the lower."""
    found = _finals(picture, f"ladder-step-{ladder.name}")
    if not found:
        return 0, None
    day = found[-1].stamp.day
    step = min(int(m.value) for m in found if m.stamp.day == day)
    return min(step, len(ladder.steps)), _since(found, step, day)


def _since(found: Iterable[Measurement], step: int, day: date) -> date:
    """The day on which this step began: a step that is recorded again goes on."""
    since = day
    for one in sorted(found, key=lambda m: m.stamp.when, reverse=True):
        if one.stamp.day != day and one.value != step:
            break
        since = min(since, one.stamp.day)
    return since


def _finals(picture: ClinicalPicture, what: str) -> list[Measurement]:
    return [m for m in picture.record.measured.get(what, ()) if not m.stamp.preliminary]
