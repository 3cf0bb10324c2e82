"""The judge finds each fault that is planted in a faultless course, and nothing in that course itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.simulation.calm import LAST, RISING, RUNS, WALKING, calm, changed, doses, minutes, runs, sessions, sets
from tests.simulation.courses import rules
from titrate.simulation.course import Course
from titrate.simulation.diary import Session
from titrate.simulation.judge import CHECKS, judge_course

BAD = Decimal(8)


def found(course: Course) -> set[str]:
    """The checks that find something."""
    return {one.check for one in judge_course(course, rules().rulebook).findings}


def hard(session: Session) -> Session:
    """A session that was not tolerated."""
    return replace(session, peak=BAD)


def gone(_bout: Session) -> None:
    """A session that did not take place."""


def flared(course: Course, first: int, last: int) -> Course:
    """Days reported as a flare."""
    return changed(course, range(first, last + 1), pain=Decimal(6), flare=True, flare_reported=True)


def returning(course: Course, since: int, walking: str) -> Course:
    """A course in the return to load from a day on, at this dose."""
    late = [number for number in RUNS if number >= since]
    return runs(course, late, phase="return", phase_before="return", before=doses(walking), after=doses(walking))


def in_return(course: Course) -> Course:
    """The last run is a step of the return to load."""
    return runs(course, [LAST], phase="return", phase_before="return", rule="D8")


PLANTED: dict[str, Callable[[Course], Course]] = {
    "step too large": lambda c: runs(c, [LAST], after=doses("13")),
    "several exercises at once": lambda c: runs(c, [LAST], after=doses("11", 9)),
    "several variables at once": lambda c: runs(c, [LAST], before={RISING: sets(8, 5)}, after={RISING: sets(9, 6)}),
    "too soon after a rise": lambda c: runs(
        runs(c, [LAST - 7], number=LAST - 4, after=doses("11")), [LAST], before=doses("11"), after=doses("12")
    ),
    "rise without data": lambda c: changed(c, range(LAST - 5, LAST), logged=False),
    "rise after a gap": lambda c: sessions(c, range(LAST - 8, LAST + 1), gone),
    "rise in a flare": lambda c: flared(c, LAST - 1, LAST - 1),
    "rise in a worse week": lambda c: changed(c, range(LAST - 7, LAST), pain=Decimal(3)),
    "rise after a session not tolerated": lambda c: sessions(c, [LAST], hard),
    "rise after crashes": lambda c: changed(c, [LAST - 3, LAST - 1], fatigue=Decimal(7)),
    "rise by a faulty value": lambda c: runs(c, [LAST], unearned=(WALKING,)),
    "above a clinician's limit": lambda _: runs(calm("post-surgical"), [LAST], after=doses("90")),
    "dose under a red flag": lambda c: changed(c, [LAST - 10], reported_flags=("rf05",)),
    "too much in a flare": lambda c: runs(
        flared(c, LAST - 1, LAST), [LAST], after=doses(), phase="flare", phase_before="loading"
    ),
    "return above the old dose": lambda c: returning(flared(c, 30, 32), 42, "12"),
    "dose on old data": lambda c: changed(c, range(LAST - 16, LAST + 1), logged=False, screened=False),
    "rise soon after a session not tolerated": lambda c: sessions(c, [LAST - 6], hard),
    "rise against unreported symptoms": lambda c: changed(c, [LAST - 2], flare=True),
    "return in a worse week": lambda c: in_return(changed(c, range(LAST - 7, LAST), pain=Decimal(3))),
    "rise on a bad morning": lambda c: changed(c, [LAST], pain=Decimal(4)),
    "old dose after a long gap": lambda c: sessions(c, range(LAST - 40, LAST - 9), gone),
    "new start far above the last dose": lambda c: runs(
        runs(c, [LAST - 7], after={RISING: sets(8)}), [LAST], before={RISING: sets(8)}, after=doses("15")
    ),
    "return without progress": lambda c: returning(c, 14, "10"),
    "flare that does not end": lambda c: runs(flared(c, 30, 32), [LAST], phase="flare", after=doses("5", 4)),
    "dose too small to be useful": lambda c: runs(c, [LAST], after={WALKING: minutes("0.5"), RISING: sets(8)}),
}


def test_a_faultless_course_has_no_findings() -> None:
    """A rise of one minute after ten calm weeks."""
    assert found(calm()) == set()


def test_every_check_has_a_planted_fault() -> None:
    """A new check needs one."""
    assert set(PLANTED) == {check.name for check in CHECKS}


@pytest.mark.parametrize("check", PLANTED)
def test_a_planted_fault_is_found(check: str) -> None:
    """By its check; other checks may find it too."""
    assert check in found(PLANTED[check](calm()))


def test_a_cleared_flag_does_not_count() -> None:
    """The dose counts as under a flag until the clearance, not after it."""
    flagged = changed(calm(), [LAST - 10], reported_flags=("rf05",))
    assert found(changed(flagged, [LAST - 5], cleared=("rf05",))) == set()


def test_two_calm_mornings_end_a_flare() -> None:
    """They have to be consecutive."""
    assert "rise in a flare" not in found(flared(calm(), LAST - 20, LAST - 18))


def test_the_end_of_a_lighter_week_restores_the_dose() -> None:
    """Restoring the dose is not a rise; a dose above it is one."""
    lighter = runs(
        calm(), [LAST - 7], phase="lighter-week", phase_before="loading", after=doses("6", 4), answer="approved"
    )
    ended = {"phase_before": "lighter-week", "before": doses("6", 4)}
    assert found(runs(lighter, [LAST], after=doses(), **ended)) == set()
    assert "step too large" in found(runs(lighter, [LAST], after=doses("11"), **ended))
