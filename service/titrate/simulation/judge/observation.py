"""The evidence of the judge: a course up to one run, read from the diary and the doses in force.

Nothing comes from the rules' own gates: flares, crashes and sessions that were not tolerated are derived here again,
from the reports and the numbers of the rulebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.rulebook import Rulebook
from titrate.messages import Message
from titrate.simulation.course_state import CourseStep
from titrate.simulation.diary import Day, Session
from titrate.simulation.simulated_patient import SimulatedPatient

WEEK = 7
LIGHTER = "lighter-week"
# What a check found; None: nothing to judge.
CheckFinding = tuple[Message, ...] | None


@dataclass(frozen=True, slots=True)
class FlareEpisode:
    """A reported flare: its first and last day, and the day on which it had ended (None: not yet)."""

    first: int
    last: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class JudgedStep:
    """One run, the days up to and including it, and the runs before it."""

    patient: SimulatedPatient
    rulebook: Rulebook
    days: tuple[Day, ...]
    before: tuple[CourseStep, ...]
    step: CourseStep

    @property
    def numbers(self) -> ClinicalNumbers:
        """The numbers of the rulebook."""
        return self.rulebook.numbers

    def recent_days(self, days: int, until: int = 0) -> tuple[Day, ...]:
        """The last `days` days, without the day of the run and the `until` days before it."""
        last = self.step.number - until
        return tuple(day for day in self.days if last - days <= day.number < last)

    @property
    def usual_pain(self) -> Decimal:
        """Pain on an ordinary morning of the patient."""
        return self.patient.usual_pain

    @property
    def usual_fatigue(self) -> Decimal:
        """Fatigue on an ordinary morning of the patient."""
        return self.patient.usual_fatigue

    @property
    def restores(self) -> bool:
        """Whether a lighter week ends at this run."""
        return self.step.phase_before == LIGHTER and self.step.phase == "loading"

    def risen(self) -> tuple[str, ...]:
        """Exercises whose dose in force is higher than before the run, except those that a lighter week restores."""
        found = (code for code, dose in self.step.before.items() if is_above(self.step.after.get(code), dose))
        return tuple(code for code in found if not self._is_restored(code))

    def _is_restored(self, code: str) -> bool:
        return self.restores and not is_above(self.step.after.get(code), self.before_lighter().get(code))

    def started(self) -> tuple[str, ...]:
        """Exercises that received their first dose."""
        return tuple(code for code in self.step.after if code not in self.step.before)

    def before_lighter(self, number: int | None = None) -> Mapping[str, Dose]:
        """The doses before the lighter week in progress; without one, the doses in force."""
        past = [one for one in self.before if number is None or one.number < number]
        while past and (past[-1].phase == LIGHTER or not past[-1].issued):
            last = past.pop()
            if last.phase == LIGHTER and last.phase_before != LIGHTER:
                return last.before
        return past[-1].after if past else {}

    def in_force(self, number: int) -> Mapping[str, Dose]:
        """The doses in force on a day; in a lighter week, the doses before it."""
        past = [one for one in self.before if one.number < number]
        if past and past[-1].phase == LIGHTER:
            return self.before_lighter(number)
        return past[-1].after if past else {}

    def sessions(self, exercise: str | None, days: int) -> tuple[tuple[Day, Session], ...]:
        """Sessions reported for the last `days` days and today, oldest first."""
        span = (*self.recent_days(days), *(day for day in self.days if day.number == self.step.number))
        return tuple(
            (day, session)
            for day in span
            for session in day.sessions
            if session.reported and exercise in (None, session.exercise)
        )

    def flares(self) -> tuple[FlareEpisode, ...]:
        """All reported flares, in order."""
        episodes: list[FlareEpisode] = []
        for day in sorted(self._flare_days()):
            ended = self._ended_after(episodes[-1].last) if episodes else None
            if episodes and (ended is None or ended >= day):
                episodes[-1] = FlareEpisode(episodes[-1].first, day, None)
            else:
                episodes.append(FlareEpisode(day, day, None))
        return tuple(FlareEpisode(one.first, one.last, self._ended_after(one.last)) for one in episodes)

    def _flare_days(self) -> frozenset[int]:
        """Days reported as a flare, and pairs of consecutive mornings at or above the limit."""
        limit = self.usual_pain + self.numbers.flare_rise
        reported = [day for day in self.days if day.logged]
        near = self.numbers.flare_apart_days
        pairs = (
            pair
            for pair in pairwise(reported)
            if all(one.pain >= limit for one in pair) and pair[1].number - pair[0].number <= near
        )
        return frozenset(
            {day.number for day in self.days if is_flare_report(day)} | {d.number for p in pairs for d in p}
        )

    def _ended_after(self, last: int) -> int | None:
        limit = self.usual_pain + self.numbers.settled_above_usual
        calm = [d for d in self.days if d.number > last and d.logged and not is_flare_report(d) and d.pain <= limit]
        return next((b.number for a, b in pairwise(calm) if b.number - a.number == 1), None)


def is_flare_report(day: Day) -> bool:
    """Whether the patient reported the day as a flare."""
    return day.flare_reported and day.logged


def is_above(dose: Dose | None, other: Dose | None) -> bool:
    """Whether a dose has more load or a greater amount than another; any dose is above no dose."""
    if dose is None or other is None:
        return dose is not None
    return (dose.load or 0) > (other.load or 0) or dose.amount > other.amount


def mean(days: Iterable[Day], *, true: bool = False) -> tuple[Decimal, int]:
    """The mean of the reported (or true) morning pain, and the number of mornings."""
    pains = [day.pain for day in days if true or day.logged]
    return (sum(pains, Decimal(0)) / len(pains) if pains else Decimal(0)), len(pains)
