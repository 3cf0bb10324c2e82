"""Many readings and a moment become one patient's record: days, sessions, latest measures, screens, the plan in force.

Nothing is judged here and nothing is imputed: a day without a rating has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from service.clinical.plan import PlanInForce
from service.clinical.readings import (
    Answered,
    Cleared,
    Commented,
    Diagnosed,
    DoseLimited,
    FactorReported,
    GoalWished,
    Heard,
    Measured,
    Medicated,
    Person,
    Reading,
    Refusal,
    RoutineBlock,
    SessionReported,
    Source,
    TrialReported,
)
from service.clinical.rulebook import Rulebook

Kind = TypeVar("Kind")
Kept = TypeVar("Kept", Measured, Answered)


@dataclass(frozen=True, slots=True)
class Day:
    """One local date's ratings of one measure. `final` and `highest` are None when there is none of that sort.

    `final` is the highest rating that counts fully; `highest` includes preliminary ones, which may only lower.
    """

    day: date
    ratings: tuple[Measured, ...]

    @property
    def final(self) -> Decimal | None:
        return max((r.value for r in self.ratings if not r.stamp.preliminary), default=None)

    @property
    def highest(self) -> Decimal | None:
        return max((r.value for r in self.ratings), default=None)

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(r.stamp.source for r in self.ratings)


@dataclass(frozen=True, slots=True)
class Record:
    """One patient at one moment. `today` is the patient's local date; every tuple is in order of time."""

    person: Person
    at: datetime
    today: date
    rulebook: Rulebook
    plan: PlanInForce
    pain: Mapping[date, Day]
    fatigue: Mapping[date, Day]
    measured: Mapping[str, tuple[Measured, ...]]
    answered: Mapping[str, tuple[Answered, ...]]
    comments: tuple[Commented, ...]
    sessions: tuple[SessionReported, ...]
    trials: tuple[TrialReported, ...]
    clearances: tuple[Cleared, ...]
    dose_limits: tuple[DoseLimited, ...]
    diagnoses: tuple[Diagnosed, ...]
    medicines: tuple[Medicated, ...]
    goals: tuple[GoalWished, ...]
    blocks: tuple[RoutineBlock, ...]
    factors: tuple[FactorReported, ...]
    refusals: tuple[Refusal, ...]

    def days_ago(self, day: date) -> int:
        """Whole calendar days from `day` to the decision date."""
        return (self.today - day).days

    def week(self, back: int = 1) -> tuple[date, ...]:
        """The seven local dates before the decision date; `back` 2 gives the seven before those."""
        first = self.today - timedelta(days=7 * back)
        return tuple(first + timedelta(days=n) for n in range(7))

    def latest(self, what: str) -> Measured | None:
        """The newest final value of a measure; of two at one moment the later in order."""
        finals = [m for m in self.measured.get(what, ()) if not m.stamp.preliminary]
        return finals[-1] if finals else None

    def worst_newest(self, what: str, *, low: bool = False) -> Measured | None:
        """The newest final value, or a worse preliminary one since; `low` says that a lower value is the worse."""
        return worst_newest(self.measured.get(what, ()), low=low)

    def stands(self, what: str) -> bool:
        """Whether the newest final answer is yes; of several at one moment each must be."""
        finals = [a for a in self.answered.get(what, ()) if not a.stamp.preliminary]
        return bool(finals) and all(a.value is True for a in since_newest(finals))

    def ever(self, what: str, value: bool | str, days: Iterable[date]) -> bool:
        """Whether an answer with this value was given on any of these local dates, preliminary ones included."""
        wanted = frozenset(days)
        return any(a.value == value and a.stamp.day in wanted for a in self.answered.get(what, ()))


def worst_newest(found: Sequence[Measured], *, low: bool = False) -> Measured | None:
    """Of values in order of time the newest final one, or a worse preliminary one since: that may hold, never help."""
    return max(since_newest(found), key=lambda m: -m.value if low else m.value, default=None)


def since_newest(found: Sequence[Kept]) -> tuple[Kept, ...]:
    """What was said at the moment of the newest final one, and since: of one moment all count, so that order decides
    nothing.
    """
    newest = max((m.stamp.when for m in found if not m.stamp.preliminary), default=None)
    return tuple(m for m in found if newest is None or m.stamp.when >= newest)


def gather(heard: Heard, plan: PlanInForce, rulebook: Rulebook, at: datetime) -> Record:
    """Sort what was heard into a record. `at` is the decision's moment, aware; `heard` holds nothing later."""
    readings = sorted(heard.readings, key=_order)
    measured = _by_name(_only(readings, Measured), lambda m: m.what)
    return Record(
        person=heard.person,
        at=at,
        today=at.astimezone(ZoneInfo(heard.person.zone)).date(),
        rulebook=rulebook,
        plan=plan,
        pain=_days(measured.get("pain-morning", ())),
        fatigue=_days(measured.get("fatigue-morning", ())),
        measured=measured,
        answered=_by_name(_only(readings, Answered), lambda a: a.what),
        comments=_only(readings, Commented),
        sessions=_only(readings, SessionReported),
        trials=_only(readings, TrialReported),
        clearances=_only(readings, Cleared),
        dose_limits=_only(readings, DoseLimited),
        diagnoses=_only(readings, Diagnosed),
        medicines=_only(readings, Medicated),
        goals=_only(readings, GoalWished),
        blocks=_only(readings, RoutineBlock),
        factors=_only(readings, FactorReported),
        refusals=heard.refusals,
    )


def _order(reading: Reading) -> tuple[datetime, str, str]:
    # The source and the content break ties, so that the order of a page never shows.
    return reading.stamp.when, reading.stamp.source.reference, repr(reading)


def _only(readings: Iterable[Reading], kind: type[Kind]) -> tuple[Kind, ...]:
    return tuple(r for r in readings if isinstance(r, kind))


def _by_name(items: Iterable[Kind], name: Callable[[Kind], str]) -> Mapping[str, tuple[Kind, ...]]:
    groups: dict[str, list[Kind]] = defaultdict(list)
    for item in items:
        groups[name(item)].append(item)
    return {key: tuple(found) for key, found in groups.items()}


def _days(ratings: Iterable[Measured]) -> Mapping[date, Day]:
    groups: dict[date, list[Measured]] = defaultdict(list)
    for rating in ratings:
        groups[rating.stamp.day].append(rating)
    return {day: Day(day, tuple(found)) for day, found in sorted(groups.items())}
