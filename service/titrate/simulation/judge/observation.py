"""What the judge looks at: a course up to one run, read from the diary and the doses in force.

None of it comes from the rules' own gates: flares, crashes and sessions that were not borne are found here once more,
from what was told, with the numbers of the rulebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from titrate.clinical.values.clinical_numbers import ClinicalNumbers
from titrate.clinical.values.plan import Dose
from titrate.clinical.values.rulebook import Rulebook
from titrate.simulation.course_step import Step
from titrate.simulation.diary import Bout, Day
from titrate.simulation.simulated_patient import SimulatedPatient

WEEK = 7
LIGHTER = "lighter-week"


@dataclass(frozen=True, slots=True)
class Spell:
    """A flare as it was told: first and last day, and the day on which it had settled (None: not yet)."""

    first: int
    last: int
    settled: int | None


@dataclass(frozen=True, slots=True)
class JudgedStep:
    """One run, the days up to it (the run's own included) and the runs before it."""

    person: SimulatedPatient
    rulebook: Rulebook
    days: tuple[Day, ...]
    before: tuple[Step, ...]
    step: Step

    @property
    def numbers(self) -> ClinicalNumbers:
        """The numbers of the rulebook."""
        return self.rulebook.numbers

    def lately(self, days: int, until: int = 0) -> tuple[Day, ...]:
        """The last so many days, without the run's own and the `until` before it."""
        last = self.step.number - until
        return tuple(day for day in self.days if last - days <= day.number < last)

    @property
    def usual_pain(self) -> Decimal:
        """The person's ordinary morning."""
        return self.person.usual_pain

    @property
    def usual_fatigue(self) -> Decimal:
        """The same of fatigue."""
        return self.person.usual_fatigue

    @property
    def restores(self) -> bool:
        """Whether a lighter week ends at this run."""
        return self.step.phase_before == LIGHTER and self.step.phase == "loading"

    def risen(self) -> tuple[str, ...]:
        """Exercises whose dose in force is higher than before the run; not those that a lighter week gives back."""
        found = (code for code, dose in self.step.before.items() if is_above(self.step.after.get(code), dose))
        return tuple(code for code in found if not self._given_back(code))

    def _given_back(self, code: str) -> bool:
        return self.restores and not is_above(self.step.after.get(code), self.before_lighter().get(code))

    def started(self) -> tuple[str, ...]:
        """Exercises that had no dose and have one now."""
        return tuple(code for code in self.step.after if code not in self.step.before)

    def before_lighter(self, number: int | None = None) -> Mapping[str, Dose]:
        """The doses in force before the lighter week that goes on; the doses in force where none does."""
        past = [one for one in self.before if number is None or one.number < number]
        while past and (past[-1].phase == LIGHTER or not past[-1].issued):
            last = past.pop()
            if last.phase == LIGHTER and last.phase_before != LIGHTER:
                return last.before
        return past[-1].after if past else {}

    def in_force(self, number: int) -> Mapping[str, Dose]:
        """The doses in force on a day, of a lighter week those before it."""
        past = [one for one in self.before if one.number < number]
        if past and past[-1].phase == LIGHTER:
            return self.before_lighter(number)
        return past[-1].after if past else {}

    def bouts(self, exercise: str | None, days: int) -> tuple[tuple[Day, Bout], ...]:
        """Sessions told of the last so many days and of today, oldest first."""
        span = (*self.lately(days), *(day for day in self.days if day.number == self.step.number))
        return tuple(
            (day, bout) for day in span for bout in day.bouts if bout.told and exercise in (None, bout.exercise)
        )

    def flares(self) -> tuple[Spell, ...]:
        """Every flare that was told, in order."""
        spells: list[Spell] = []
        for day in sorted(self._flare_days()):
            settled = self._settled_after(spells[-1].last) if spells else None
            if spells and (settled is None or settled >= day):
                spells[-1] = Spell(spells[-1].first, day, None)
            else:
                spells.append(Spell(day, day, None))
        return tuple(Spell(one.first, one.last, self._settled_after(one.last)) for one in spells)

    def _flare_days(self) -> frozenset[int]:
        """Days ticked, and mornings that make a pair at the limit with none lower between."""
        limit = self.usual_pain + self.numbers.flare_rise
        told = [day for day in self.days if day.logged]
        near = self.numbers.flare_apart_days
        pairs = (
            pair
            for pair in pairwise(told)
            if all(one.pain >= limit for one in pair) and pair[1].number - pair[0].number <= near
        )
        return frozenset({day.number for day in self.days if is_ticked(day)} | {d.number for p in pairs for d in p})

    def _settled_after(self, last: int) -> int | None:
        limit = self.usual_pain + self.numbers.settled_above_usual
        calm = [d for d in self.days if d.number > last and d.logged and not is_ticked(d) and d.pain <= limit]
        return next((b.number for a, b in pairwise(calm) if b.number - a.number == 1), None)


def is_ticked(day: Day) -> bool:
    """Whether the day was told as a flare."""
    return day.ticked and day.logged


def is_above(dose: Dose | None, other: Dose | None) -> bool:
    """Whether a dose asks for more load or a greater amount than another; any dose is above none."""
    if dose is None or other is None:
        return dose is not None
    return (dose.load or 0) > (other.load or 0) or dose.amount > other.amount


def mean(days: Iterable[Day], *, true: bool = False) -> tuple[Decimal, int]:
    """The mean morning pain told (or true) and how many mornings it rests on."""
    pains = [day.pain for day in days if true or day.logged]
    return (sum(pains, Decimal(0)) / len(pains) if pains else Decimal(0)), len(pains)
