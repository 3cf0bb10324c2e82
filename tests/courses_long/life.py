"""One synthetic patient and their clinician, day by day: what the patient posts follows the orders in the EHR."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.fixtures.diary import Bout, morning, screen, session
from tests.fixtures.values import observation
from tests.fixtures.who import Who
from tests.plan_lifecycle.ehr_server import EhrServer, Json
from titrate.app.draft_lifecycle import Transition
from titrate.app.fetch_and_deliver import DeliveredPlan

# On which days of the week a session falls, by how often a week.
DAYS = {1: (2,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 2, 4, 5), 5: (0, 1, 2, 4, 5), 7: tuple(range(7))}
DECIDES, APPROVES = 20, 21
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Mood:
    """How a day goes. `pain` is the morning's; a session's peak is one above it unless `peak` is given."""

    pain: int = 3
    fatigue: int = 3
    peak: int | None = None
    trains: bool = True
    flare: bool = False
    logs: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """What a run decided, and what stood in the EHR after the clinician had answered."""

    day: date
    rule: str
    outcome: str
    move: str
    answer: str
    doses: str
    phase: str


@dataclass
class Life:
    """A patient in an EHR. `moods` gives the day's mood; `answers` what the clinician does with a new draft."""

    ehr_server: EhrServer
    who: Who
    moods: Callable[[date], Mood]
    answers: Callable[[Life, datetime], str] = field(default=lambda life, at: life.approve(at))
    steps: list[Step] = field(default_factory=list)
    pending: list[Json] = field(default_factory=list)
    ordered: dict[str, Json] | None = None

    def clock(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A local moment."""
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(self.who.zone))

    def live(self, day: date) -> None:
        """The patient's day: the morning's ratings, the sessions that are due, once a week the short screen.

        It is kept in the app until the next run asks.
        """
        mood = self.moods(day)
        posted = self.pending
        if mood.logs:
            posted += morning(self.who, day.isoformat(), mood.pain, mood.fatigue)
            posted.append(observation(self.who, "sleep-quality-nrs", f"{day} 07:30", valueInteger=7))
        if mood.flare:
            posted.append(observation(self.who, "flare-self-report", f"{day} 07:35", valueBoolean=True))
        if day.weekday() == 6 and mood.logs:
            posted.append(screen(self.who, f"{day} 19:00", short=True))
        posted += self._sessions(day, mood) if mood.trains and mood.logs else []

    def _sessions(self, day: date, mood: Mood) -> Iterator[Json]:
        if self.ordered is None:
            self.ordered = self.ehr_server.orders(self.who.id)
        for number, (exercise, order) in enumerate(sorted(self.ordered.items())):
            if day.weekday() not in DAYS[order["occurrenceTiming"]["repeat"]["frequency"]]:
                continue
            yield session(self.who, f"{day} {10 + 3 * number}:00", _bout(exercise, order, mood))

    def decide(self, day: date) -> Step:
        """The evening's run, by a fresh process that knows nothing, and the clinician's answer to a new draft."""
        at = self.clock(day, DECIDES)
        self.send()
        done = self.ehr_server.run(self.who.id, at)
        open_draft = self.silent(at)
        answer = self.answers(self, self.clock(day, APPROVES)) if open_draft else ""
        step = self._step(day, done, answer)
        self.steps.append(step)
        return step

    def send(self) -> None:
        """The app sends what it has collected; orders may have changed when it next looks."""
        if self.pending:
            self.ehr_server.put(self.pending)
        self.pending, self.ordered = [], None

    def approve(self, at: datetime, **doses: str) -> str:
        """The clinician approves the open draft."""
        result = self.ehr_server.approve(self.ehr_server.draft(self.who.id), at, "discussed", **doses)
        assert result.ending.value == "done", result
        return "approved"

    def reject(self, at: datetime) -> str:
        """The clinician rejects the open draft."""
        result = self.ehr_server.reject(self.ehr_server.draft(self.who.id), at)
        assert result.ending.value == "done", result
        return "rejected"

    def silent(self, at: datetime) -> bool:
        """A second run, again by a fresh process, comes to the same result and writes nothing.

        Says whether a draft is open.
        """
        again = self.ehr_server.run(self.who.id, at + SECOND)
        assert again.receipt is None, again.result.transition
        statuses = [plan["status"] for plan in self.ehr_server.of("CarePlan", self.who.id)]
        assert statuses.count("draft") <= 1
        assert statuses.count("active") <= 1
        return "draft" in statuses

    def _step(self, day: date, done: DeliveredPlan, answer: str) -> Step:
        decision = done.result.evaluation.decision
        plan = done.result.plan
        if answer == "approved":
            plan = self.ehr_server.preview(self.who.id, self.clock(day, APPROVES, 30)).plan
        phase = plan.phase if answer in ("rejected", "left") else decision.phase
        doses = ", ".join(
            f"{one.exercise} {_amount(one.dose.amount)} {one.dose.unit.strip('{}')}"
            for one in plan.exercises
            if one.dose
        )
        move = done.result.transition if done.result.transition is not Transition.NOTHING else ""
        return Step(day, decision.rule, decision.outcome.value, str(move), answer, doses, phase.value)


def _bout(exercise: str, order: Json, mood: Mood) -> Bout:
    """A session as ordered: all of it done, the form good."""
    amount, unit = order["quantityQuantity"]["value"], order["quantityQuantity"]["code"]
    given = int(amount) if amount == int(amount) else str(amount)
    peak = mood.pain + 1 if mood.peak is None else mood.peak
    sets = _sets(order)
    return Bout(
        exercise,
        given,
        given,
        unit,
        before=mood.pain,
        peak=peak,
        rpe=3,
        sets=sets,
        form="good",
        talk="comfortable",
        lasts=20,
    )


def _sets(order: Json) -> int | None:
    words = order["orderDetail"][0]["text"]
    return int(words.split(" x ")[0]) if " x " in words else None


def _amount(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def days(first: date, count: int) -> Iterator[date]:
    """Dates in a row."""
    return (first + timedelta(days=number) for number in range(count))
