"""The course of a simulated patient: days pass, reports arrive, the rules decide, a clinician may approve.

Approval happens here from the prescription alone, so that a whole course needs no EHR and costs little.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tests.clinical.engine_runs import decide
from tests.courses.build import (
    answered,
    measured,
    minutes,
    on,
    patient_readings,
    plan,
    screen,
    session,
    sets,
    state,
    trial,
)
from tests.courses.examples import Course
from titrate.clinical.evaluate import Evaluation
from titrate.clinical.values.decision import ExercisePrescription, Prescription
from titrate.clinical.values.plan import Dose, ExerciseState, PastDecision, Phase, PlanInForce
from titrate.clinical.values.readings import (
    Clearance,
    DoseLimit,
    PatientReadings,
    Reading,
    ReadingSource,
    Reporter,
    Source,
)

BEGAN = date(2025, 2, 24)  # the clocks change in the fifth week
EXERCISES = {"walking": (1, 3, 5), "leg-press": (2, 4)}
REMEMBERED_DAYS = 60


@dataclass(frozen=True, slots=True)
class Day:
    """A kind of day. Pain and fatigue are relative to usual; None: no entry that morning."""

    pain: Decimal | None = Decimal(0)
    fatigue: Decimal | None = Decimal(0)
    peak: int = 1
    rpe: int | None = 3
    part: Decimal | None = Decimal(1)
    trains: bool = True
    late: bool = False
    preliminary: bool = False
    twice: bool = False
    contradicts: bool = False
    ticks: bool = False


DAYS: dict[str, Day] = {
    "good": Day(),
    "sore": Day(peak=4, pain=Decimal(1)),
    "hard": Day(rpe=7, fatigue=Decimal(2)),
    "bad morning": Day(pain=Decimal(3), trains=False),
    "flare": Day(pain=Decimal(3), fatigue=Decimal(3), peak=5, part=Decimal("0.5"), ticks=True),
    "rest": Day(trains=False),
    "nothing": Day(pain=None, fatigue=None, trains=False),
    "no morning": Day(pain=None, fatigue=None),
    "no exertion": Day(rpe=None),
    "too much": Day(part=Decimal("1.5")),
    "half": Day(part=Decimal("0.5")),
    "seconds for minutes": Day(part=Decimal(60)),
    "not said how much": Day(part=None),
    "entered late": Day(late=True),
    "preliminary": Day(preliminary=True),
    "sent twice": Day(twice=True),
    "two answers": Day(contradicts=True),
}


@dataclass(slots=True)
class SimulatedCourse:
    """The plan and the readings on one day. `rises` are the days of approved rises, with their rules."""

    zone: str
    usual: Decimal = Decimal(2)
    today: date = BEGAN
    readings: list[Reading] = field(default_factory=list)
    plan: PlanInForce = field(default_factory=lambda: began(BEGAN))
    rises: list[tuple[date, str]] = field(default_factory=list)
    opened: dict[str, datetime] = field(default_factory=dict)
    events: int = 0

    @property
    def at(self) -> datetime:
        """Early in the afternoon of today."""
        return on(self.today, time(13), self.zone)

    def _now(self) -> datetime:
        """One minute after the previous event of the day, so that events keep their order."""
        self.events += 1
        return on(self.today, time(8 + self.events // 60 % 5, self.events % 60), self.zone)

    def add_day(self, day: Day) -> None:
        """Add the session of today and the ratings of the next morning."""
        if day.trains and self.today.weekday() in (d for days in EXERCISES.values() for d in days):
            self._train(day)
        self.today, self.events = self.today + timedelta(days=1), 0
        when = on(self.today, zone=self.zone)
        for what, above, usual in (("pain-morning", day.pain, self.usual), ("fatigue-morning", day.fatigue, 3)):
            if above is not None:
                self._add(measured(what, min(usual + above, Decimal(10)), when), day)
        if day.contradicts:
            self._add(measured("pain-morning", 8, when + timedelta(minutes=40)), Day())
        if day.ticks:
            self._add(answered("flare-self-report", True, when), Day())

    def _train(self, day: Day) -> None:
        for one in self.plan.exercises:
            if one.dose is None or self.today.weekday() not in EXERCISES[one.exercise]:
                continue
            done = None if day.part is None else one.dose.amount * day.part
            pains = (self.usual, min(self.usual + day.peak, Decimal(10)))
            report = session(
                one.exercise, self.today, one.dose, pains, day.rpe, done=done, last_set=_last_set(one.dose)
            )
            self._add(report, day)

    def _add(self, reading: Reading, day: Day) -> None:
        stamp, names = reading.stamp, ("", "-again") if day.twice else ("",)
        for name in names:
            source = Source(f"{stamp.source.reference}{name}", "1")
            entered = stamp.end + timedelta(hours=49 if day.late else 0)
            kept = ReadingSource(source, stamp.when, stamp.until, True, entered, day.preliminary, stamp.reporter)
            self.readings.append(replace(reading, stamp=kept))

    def answer(self, yes: str | None) -> None:
        """Answer the whole safety screen, with at most one yes."""
        self.readings += screen(self.today)
        if yes is not None:
            when = self._now()
            self.readings.append(answered(yes, True, when))
            self.opened[yes] = when

    def clear(self, flag: str, by: Reporter) -> None:
        """Report a flag as cleared now."""
        when = self._now()
        source = Source(f"Observation/cleared-{flag}-{by}-{when:%y%m%d%H%M}", "1")
        self.readings.append(Clearance(flag, ReadingSource(source, when, entered=when, reporter=by)))
        if by is Reporter.PRACTITIONER:
            self.opened.pop(flag, None)

    def limit(self, exercise: str, amount: Decimal) -> None:
        """Set a clinician's limit for a session."""
        when = self._now()
        source = Source(f"Observation/limit-{exercise}-{when:%y%m%d%H%M}", "1")
        unit = "min" if exercise == "walking" else "{repetitions}"
        self.readings.append(
            DoseLimit(exercise, amount, unit, ReadingSource(source, when, entered=when, reporter=Reporter.PRACTITIONER))
        )

    def restart(self) -> None:
        """Restart a stopped programme at a low dose."""
        if self.plan.phase is Phase.STOPPED:
            self.plan = began(self.today)

    def add_trials(self) -> None:
        """Add three tolerance trials of walking in the last days."""
        for ago in (5, 3, 1):
            self.readings.append(trial("walking", self.today - timedelta(days=ago), 18, "min"))

    def course(self) -> Course:
        """The input of a decision made now."""
        since = self.today - timedelta(days=REMEMBERED_DAYS)
        known = [r for r in self.readings if r.stamp.day >= since or isinstance(r, Clearance) or _opens(r)]
        readings: PatientReadings = patient_readings([r for r in known if r.stamp.end <= self.at], zone=self.zone)
        return readings, self.plan, self.at

    def decide(self, *, approves: bool) -> Evaluation:
        """Decide once. A plan without a changed dose applies at once, another when the clinician approves."""
        result = decide(self.course())
        proposal = result.prescription
        assert proposal is not None
        same = {e.exercise: e.dose for e in proposal.exercises} == {e.exercise: e.dose for e in self.plan.exercises}
        if same or approves:
            if any(_risen(d.current, d.next) for d in result.decision.doses):
                self.rises.append((self.today, result.decision.rule))
            self.plan = approved(self, proposal, result, anew=not same)
        return result


def _opens(reading: Reading) -> bool:
    return getattr(reading, "what", "").startswith("rf")


def _risen(old: Dose | None, new: Dose | None) -> bool:
    if old is None or new is None:
        return False
    return new.amount > old.amount or (new.load or 0) > (old.load or 0)


def _last_set(dose: Dose) -> int | None:
    return None if dose.sets is None else int(dose.amount) // dose.sets + 2


def began(day: date) -> PlanInForce:
    """A plan approved on a day: 15 minutes of walking and a leg press."""
    exercises = (
        state("walking", minutes(15), 3, day, goal_linked=True),
        state("leg-press", sets(3, 10, 40), 2, day),
    )
    return plan(Phase.LOADING, day, exercises)


def approved(course: SimulatedCourse, proposal: Prescription, result: Evaluation, *, anew: bool) -> PlanInForce:
    """The plan in force once a prescription is approved, or when it changes no dose."""
    old, decision = course.plan, result.decision
    past = PastDecision(course.today, decision.outcome.value, decision.phase, course.at)
    return PlanInForce(
        reference="CarePlan/1",
        version="v1",
        phase=proposal.phase,
        phase_since=proposal.phase_since,
        exercises=tuple(_state(one) for one in proposal.exercises),
        started=old.started,
        approved=course.today if anew else old.approved,
        loading_since=proposal.loading_since,
        flare_first_day=proposal.flare_first_day,
        flare_grade=proposal.flare_grade,
        usual_pain=proposal.usual_pain,
        usual_fatigue=proposal.usual_fatigue,
        state_date=course.today,
        history=(*old.history[-20:], past),
    )


def _state(one: ExercisePrescription) -> ExerciseState:
    return ExerciseState(
        one.exercise,
        one.dose,
        one.weekly_frequency,
        one.start,
        one.reference,
        one.before_flare,
        one.before_deload,
        one.rung,
        one.dose_since,
        one.last_raised,
        one.goal_linked,
    )
