"""Exposure and balance ladders (C28, C30, C34): the current step, the next step, and what blocks it.

A clinician sets each step; no ladder changes a dose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from titrate.clinical.picture.clinical_picture import ClinicalPicture
from titrate.clinical.values.decision import SessionClass
from titrate.clinical.values.education_content import Ladder, LadderKind, Pathway
from titrate.clinical.values.plan import Phase
from titrate.clinical.values.readings import Measurement
from titrate.clinical.values.rulebook import Domain
from titrate.messages import Message
from titrate.messages.insights import LadderWaitsForFallsAssessment, LadderWaitsForRedFlag, LadderWaitsForSymptoms

# Falls: no balance work before a clinician has assessed them (B11.26).
FALLS = "rf23"
# No new step while symptoms or a clinician have lowered the plan.
BLOCKING_PHASES = frozenset({Phase.FLARE, Phase.DELOAD, Phase.RETURN, Phase.STOPPED, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderProgress:
    """One ladder of one patient. `step` counts from 1; 0 is not started. `fear` is the newest rating, 0 to 100.

    `feared`: the rating is high enough for graded exposure. `for_goal`: a goal is about this task. `chosen`: the task
    to work on now. `ready`: the patient meets the conditions of the next step. `supported`: the step in progress needs
    a companion or a support. `blocked_by`: what must come first.
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
    blocked_by: tuple[Message, ...]

    @property
    def now(self) -> str | None:
        """The description of the current step; None before the first."""
        return self.ladder.steps[self.step - 1] if self.step else None

    @property
    def next(self) -> str | None:
        """The description of the next step; None at the top."""
        return self.ladder.steps[self.step] if self.step < len(self.ladder.steps) else None


def ladder_progress(picture: ClinicalPicture, pathway: Pathway) -> tuple[LadderProgress, ...]:
    """The ladders that this patient needs: tasks that are started, feared or part of a goal, then balance."""
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


def _open(progress: LadderProgress) -> bool:
    """Whether the task can be worked on: started and not finished, or feared enough, or part of a goal."""
    return not (progress.next is None and progress.ready) and (
        bool(progress.step) or progress.feared or progress.for_goal
    )


def _task(picture: ClinicalPicture, ladder: Ladder) -> LadderProgress | None:
    """The ladder of a task; None where no rating, step or goal is about it."""
    fears = _finals(picture, f"fear-{ladder.name}")
    step, since = _step(picture, ladder)
    for_goal = any(exercise in ladder.exercises for exercise in _goal_exercises(picture))
    if not fears and not step and not for_goal:
        return None
    fear = fears[-1].value if fears else None
    feared = fear is not None and fear > picture.record.rulebook.numbers.fear_pick
    blocked_by = _blocks(picture)
    ready = bool(step) and not blocked_by and _fear_has_fallen(picture, fears, since)
    return LadderProgress(
        ladder=ladder,
        fear=fear,
        feared=feared,
        for_goal=for_goal,
        since=since,
        step=step,
        chosen=False,
        ready=ready,
        supported=_supported(ladder, step, ready),
        blocked_by=blocked_by,
    )


def _goal_exercises(picture: ClinicalPicture) -> frozenset[str]:
    """The exercises of the patient's open goals."""
    record = picture.record
    linked = {e.exercise for e in record.plan.exercises if e.goal_linked}
    return frozenset(linked | {g.exercise for g in record.goals if g.exercise and g.is_open})


def _fear_has_fallen(picture: ClinicalPicture, fears: list[Measurement], since: date | None) -> bool:
    """Whether fear is low, or has fallen enough since the step began, in the required number of consecutive tries."""
    book = picture.record.rulebook
    needed = int(book.numbers.fear_exposures)
    tries = [m.value for m in fears if since is not None and m.stamp.day > since]
    before = [m.value for m in fears if since is not None and m.stamp.day <= since]
    if len(tries) < needed:
        return False
    low, start = book.numbers.fear_low, before[-1] if before else None
    threshold = None if start is None else start * (1 - book.numbers.fear_fall)
    return all(v <= low or (threshold is not None and v <= threshold) for v in tries[-needed:])


def _balance(picture: ClinicalPicture, ladder: Ladder) -> LadderProgress:
    step, since = _step(picture, ladder)
    blocked_by = _blocks(picture)
    if _falls(picture):
        blocked_by = (LadderWaitsForFallsAssessment(flag=picture.record.rulebook.named(FALLS)), *blocked_by)
    ready = bool(step) and not blocked_by and _steady(picture, since)
    supported = _supported(ladder, step, ready) or _slow(picture)
    return LadderProgress(
        ladder=ladder,
        fear=None,
        feared=False,
        for_goal=False,
        since=since,
        step=step,
        chosen=False,
        ready=ready,
        supported=supported,
        blocked_by=blocked_by,
    )


def _falls(picture: ClinicalPicture) -> bool:
    return any(flag.flag == FALLS for flag in picture.safety.flags)


def _needs_balance(picture: ClinicalPicture, balance: LadderProgress) -> bool:
    """Whether balance is trained or started, a test is slow, or falls were reported."""
    trained = any(picture.domain(e.exercise) is Domain.NEUROMOTOR for e in picture.dosed)
    return trained or bool(balance.step) or _slow(picture) or _falls(picture)


def _steady(picture: ClinicalPicture, since: date | None) -> bool:
    """Whether the last balance sessions since the step began were all tolerated and in good form."""
    needed = int(picture.record.rulebook.numbers.balance_sessions)
    forms = {(s.exercise, s.stamp.end): s.form for s in picture.record.sessions}
    done = [
        s for s in picture.evaluable()
        if picture.domain(s.exercise) is Domain.NEUROMOTOR and since is not None and s.day >= since
    ]  # fmt: skip
    good = [s.session_class is SessionClass.T and forms.get((s.exercise, s.end)) == "good" for s in done[-needed:]]
    return len(good) == needed and all(good)


def _slow(picture: ClinicalPicture) -> bool:
    test = picture.record.worst_newest("timed-up-and-go")
    return test is not None and test.value >= picture.record.rulebook.numbers.tug_falls


def _supported(ladder: Ladder, step: int, ready: bool) -> bool:
    return (step + 1 if ready or not step else step) <= ladder.watched


def _blocks(picture: ClinicalPicture) -> tuple[Message, ...]:
    """What blocks the next step of every ladder."""
    found: list[Message] = []
    if picture.safety.stops:
        found.append(LadderWaitsForRedFlag())
    if picture.phase in BLOCKING_PHASES or picture.flare is not None:
        found.append(LadderWaitsForSymptoms())
    return tuple(found)


def _step(picture: ClinicalPicture, ladder: Ladder) -> tuple[int, date | None]:
    """The newest step that a clinician set, and the day it began; of two steps on one day the lower counts."""
    found = _finals(picture, f"ladder-step-{ladder.name}")
    if not found:
        return 0, None
    day = found[-1].stamp.day
    step = min(int(m.value) for m in found if m.stamp.day == day)
    return min(step, len(ladder.steps)), _since(found, step, day)


def _since(found: Iterable[Measurement], step: int, day: date) -> date:
    """The day on which this step began. Recording the same step again does not restart it."""
    since = day
    for one in sorted(found, key=lambda m: m.stamp.when, reverse=True):
        if one.stamp.day != day and one.value != step:
            break
        since = min(since, one.stamp.day)
    return since


def _finals(picture: ClinicalPicture, what: str) -> list[Measurement]:
    return [m for m in picture.record.measured.get(what, ()) if not m.stamp.preliminary]
