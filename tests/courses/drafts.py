"""A course as a draft: mornings and sessions as rows that deviations can change, then converted to readings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tests.courses.build import on
from titrate.clinical.values.plan import Dose, PlanInForce
from titrate.clinical.values.readings import (
    Measurement,
    PatientDetails,
    PatientReadings,
    Reading,
    ReadingSource,
    Refusal,
    Reporter,
    SafetyAnswer,
    SessionReported,
    Source,
)

DAYS = 35
LATE = timedelta(hours=49)


@dataclass
class Morning:
    """One morning, by days before the decision. `second` is another pain value in the same slot."""

    ago: int
    pain: Decimal | None
    fatigue: Decimal | None
    second: Decimal | None = None
    late: bool = False
    preliminary: bool = False
    clock: time = time(8, 0)


@dataclass
class Bout:
    """One session, by days before the decision."""

    ago: int
    exercise: str
    dose: Dose
    values: dict[str, object]
    late: bool = False
    preliminary: bool = False
    twice: bool = False
    other: dict[str, object] | None = None
    clock: time = time(17, 0)


@dataclass(repr=False)
class Draft:
    """A course before its conversion. `extra` holds finished readings.

    `changes` are the deviations it was made with, so that an example that fails can be read.
    """

    today: date
    clock: time
    zone: str
    plan: PlanInForce
    usual_pain: Decimal
    usual_fatigue: Decimal
    mornings: list[Morning]
    bouts: list[Bout]
    screens: list[int]
    extra: list[Reading] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    born: date = date(1970, 6, 15)
    changes: list[tuple[str, int, int]] = field(default_factory=list)

    def __repr__(self) -> str:
        seen = f"usual {self.usual_pain}/{self.usual_fatigue}, screens {self.screens}, changes {self.changes}"
        return f"Draft(at {self.at}, {seen}, {self.plan})"

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def moment(self, ago: int, clock: time = time(8, 0)) -> datetime:
        return on(self.day(ago), clock, self.zone)

    @property
    def at(self) -> datetime:
        return self.moment(0, self.clock)

    def stamp(self, what: str, ago: int, clock: time = time(8, 0), by: Reporter = Reporter.PATIENT) -> ReadingSource:
        when = self.moment(ago, clock)
        return ReadingSource(Source(f"Observation/{what}-{when:%y%m%d%H%M}-{len(self.extra)}", "1"), when, reporter=by)

    def measure(self, what: str, value: Decimal | int, ago: int, by: Reporter = Reporter.PATIENT) -> None:
        self.extra.append(Measurement(what, Decimal(value), self.stamp(what, ago, by=by)))

    def answer(self, what: str, value: bool | str | None, ago: int, by: Reporter = Reporter.PATIENT) -> None:
        self.extra.append(SafetyAnswer(what, value, self.stamp(what, ago, by=by)))


def course(draft: Draft) -> tuple[PatientReadings, PlanInForce, datetime]:
    """Readings, plan in force and time of the decision. Anything later than the decision is left out."""
    readings: list[Reading] = list(draft.extra)
    for morning in draft.mornings:
        readings += _morning(draft, morning)
    for index, bout in enumerate(draft.bouts):
        readings += _bout(draft, bout, index)
    for index, ago in enumerate(draft.screens):
        readings += [
            SafetyAnswer(f"rf{n:02d}", False, draft.stamp(f"rf{n:02d}s{index}", ago, time(7, 30))) for n in range(1, 28)
        ]
    person = PatientDetails("p1", draft.zone, birth_date=draft.born, enrolled=True)
    kept = tuple(r for r in readings if r.stamp.end <= draft.at)
    return PatientReadings(person, kept, tuple(draft.refusals), {}), draft.plan, draft.at


def _entered(stamp: ReadingSource, late: bool, preliminary: bool) -> ReadingSource:
    return replace(stamp, entered=stamp.end + LATE if late else stamp.end, preliminary=preliminary)


def _morning(draft: Draft, m: Morning) -> list[Reading]:
    found: list[Reading] = []
    in_time = time(4) <= m.clock <= time(12)  # at other times the same code means another measure
    for what, value in (("pain", m.pain), ("fatigue", m.fatigue)):
        if value is not None:
            name = f"{what}-morning" if in_time else f"{what}-other"
            stamp = _entered(draft.stamp(name, m.ago, m.clock), m.late, m.preliminary)
            found.append(Measurement(name, value, stamp))
    if m.second is not None:
        found.append(Measurement("pain-morning", m.second, draft.stamp("pain-morning-b", m.ago, time(9, 30))))
    return found


def _bout(draft: Draft, b: Bout, index: int) -> list[Reading]:
    start = draft.moment(b.ago, b.clock)
    source = Source(f"Observation/{b.exercise}-{start:%y%m%d%H%M}-{index}", "1")
    bare = ReadingSource(source, start, start + timedelta(minutes=30), reporter=Reporter.PATIENT)
    stamp = _entered(bare, b.late, b.preliminary)
    first = SessionReported(b.exercise, stamp, **b.values)  # type: ignore[arg-type]
    found: list[Reading] = [first]
    again = replace(stamp, source=replace(source, reference=source.reference + "b"))
    if b.twice:
        found.append(replace(first, stamp=again))
    if b.other is not None:
        found.append(SessionReported(b.exercise, again, **(b.values | b.other)))  # type: ignore[arg-type]
    return found
