"""The patient on the day of a decision: limits, usual symptoms, flags, classed sessions, flares and the phase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from titrate.clinical.record.conflicts import report_conflicts
from titrate.clinical.record.limits import Limits, limits_of
from titrate.clinical.record.patient_record import PatientRecord, since_newest, worst_newest
from titrate.clinical.record.unknown_facts import unknown_facts
from titrate.clinical.record.usual_symptoms import UsualSymptoms, usual_symptoms
from titrate.clinical.red_flags.safety import Safety, screen_safety
from titrate.clinical.red_flags.vitals import resting_rates
from titrate.clinical.sessions.dose_match import completed_sessions
from titrate.clinical.sessions.flares import Flare, flares_of
from titrate.clinical.sessions.session_classes import classify_sessions
from titrate.clinical.values.decision import ClassedSession, SessionClass
from titrate.clinical.values.dose_math import DoseForm, dose_form
from titrate.clinical.values.plan import ExerciseState, Phase
from titrate.clinical.values.readings import Measurement
from titrate.clinical.values.rulebook import Domain
from titrate.messages import Message
from titrate.messages import record as messages

_FINAL_PHASES = frozenset({Phase.STOPPED, Phase.DISCHARGED})
_PHASES_WITHOUT_DOSE = frozenset({Phase.INTAKE, Phase.BASELINE, *_FINAL_PHASES})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalPicture:
    """Everything a rule may ask about.

    `phase`, `since` and `loading_since` are today's and may be later than those of the plan in force: a deload ends and
    a ladder is complete without a new plan. `returning` is true on the day a settled flare starts the return to load.
    `dosed` are the exercises of the plan with a dose in force; `completed` the sessions that count as done. `unknown`
    are facts that decide and are not known: nothing rises until they are corrected.
    """

    record: PatientRecord
    limits: Limits
    usual: UsualSymptoms
    safety: Safety
    sessions: tuple[ClassedSession, ...]
    flares: tuple[Flare, ...]
    conflicts: tuple[Message, ...]
    unknown: tuple[Message, ...]
    cautious: tuple[Message, ...]
    phase: Phase
    since: date | None
    loading_since: date | None
    returning: bool
    dosed: tuple[ExerciseState, ...]
    completed: tuple[ClassedSession, ...]
    by_exercise: Mapping[str, tuple[ClassedSession, ...]]
    forms: Mapping[str, DoseForm]

    @property
    def flare(self) -> Flare | None:
        """The flare in progress, or None."""
        return self.flares[-1] if self.flares and self.flares[-1].open else None

    def form(self, state: ExerciseState) -> DoseForm:
        """How this exercise is dosed for this patient: the library's values, or the plan's."""
        known = self.forms.get(state.exercise)
        return known or dose_form(self.record.rulebook.exercises[state.exercise], state)

    def domain(self, exercise: str) -> Domain:
        """The domain of an exercise of the library."""
        return self.record.rulebook.exercises[exercise].domain

    def sessions_of(self, exercise: str) -> tuple[ClassedSession, ...]:
        """Sessions of one exercise, oldest first."""
        return self.by_exercise.get(exercise, ())

    def evaluable(self, exercise: str | None = None) -> tuple[ClassedSession, ...]:
        """Sessions of class T, M or X, oldest first."""
        found = self.sessions if exercise is None else self.sessions_of(exercise)
        return tuple([s for s in found if s.session_class is not SessionClass.N])

    def last_of_dose(self, state: ExerciseState, count: int) -> tuple[ClassedSession, ...]:
        """The last `count` evaluable sessions of an exercise since its dose began, at any dose, oldest first.

        If they lie on fewer dates than a rise needs, the newest of an earlier date is judged with them (B12.2).
        """
        since, dates = state.dose_since, self.record.rulebook.numbers.n_sess_dates
        found = [s for s in self.evaluable(state.exercise) if since is None or s.day >= since]
        last = found[-count:]
        while last and len({s.day for s in last}) < dates:
            earlier = [s for s in found if s.day < last[0].day]
            if not earlier:
                break
            last = [earlier[-1], *last]
        return tuple(last)

    def on_enough_dates(self, sessions: Iterable[ClassedSession]) -> bool:
        """Whether sessions lie on as many dates as a rise needs."""
        return len({s.day for s in sessions}) >= self.record.rulebook.numbers.n_sess_dates


def clinical_picture(record: PatientRecord) -> ClinicalPicture:
    """The clinical picture of a record."""
    usual, limits = usual_symptoms(record), limits_of(record)
    sessions = classify_sessions(record, usual, limits)
    flares = flares_of(record, usual)
    phase, since, loading_since = _phase_now(record, sessions)
    returning = _returning(record, flares)
    if phase is Phase.FLARE and flares and not flares[-1].open and not any(e.dose for e in record.plan.exercises):
        phase, returning = Phase.BASELINE, False
    return ClinicalPicture(
        record=record,
        limits=limits,
        usual=usual,
        safety=screen_safety(record),
        sessions=sessions,
        flares=flares,
        conflicts=report_conflicts(record, limits),
        unknown=unknown_facts(record),
        cautious=_cautious(record, flares),
        phase=phase,
        since=since,
        loading_since=loading_since,
        returning=returning,
        dosed=tuple(e for e in record.plan.exercises if e.dose is not None),
        completed=completed_sessions(record, sessions),
        by_exercise=_by_exercise(sessions),
        forms=_forms(record),
    )


def _forms(record: PatientRecord) -> Mapping[str, DoseForm]:
    library = record.rulebook.exercises
    return {e.exercise: dose_form(library[e.exercise], e) for e in record.plan.exercises if e.exercise in library}


def _by_exercise(sessions: tuple[ClassedSession, ...]) -> Mapping[str, tuple[ClassedSession, ...]]:
    groups: dict[str, list[ClassedSession]] = defaultdict(list)
    for session in sessions:
        groups[session.exercise].append(session)
    return {exercise: tuple(found) for exercise, found in groups.items()}


def _phase_now(record: PatientRecord, sessions: tuple[ClassedSession, ...]) -> tuple[Phase, date | None, date | None]:
    plan = record.plan
    if plan.phase in _FINAL_PHASES or plan.phase is Phase.FLARE:
        return plan.phase, plan.phase_since, plan.loading_since
    if not any(e.dose for e in plan.exercises):
        return (plan.phase if plan.phase in _PHASES_WITHOUT_DOSE else Phase.BASELINE), plan.phase_since, None
    if plan.phase in _PHASES_WITHOUT_DOSE:
        return Phase.LOADING, plan.phase_since, plan.loading_since or plan.approved
    if plan.phase is Phase.DELOAD:
        ended = _deload_ended(record, sessions)
        return (Phase.LOADING, ended, ended) if ended else (plan.phase, plan.phase_since, None)
    if plan.phase is Phase.RETURN:
        return plan.phase, plan.phase_since, None
    return plan.phase, plan.phase_since, plan.loading_since or plan.phase_since or plan.started


def _deload_ended(record: PatientRecord, sessions: tuple[ClassedSession, ...]) -> date | None:
    """The day on which every dosed exercise has its required sessions with complete reports, or None (B11.11)."""
    needed = int(record.rulebook.numbers.deload_of)
    last: list[date] = []
    for state in record.plan.exercises:
        if state.dose is None:
            continue
        known = deload_sessions(sessions, state)
        if len(known) < needed:
            return None
        last.append(known[needed - 1].day)
    return max(last, default=None)


def deload_sessions(sessions: Sequence[ClassedSession], state: ExerciseState) -> list[ClassedSession]:
    """The sessions of an exercise that count towards the end of a deload, oldest first (B11.11)."""
    return [s for s in sessions if s.exercise == state.exercise and s.at_dose and _answered(s)]


def _answered(session: ClassedSession) -> bool:
    known = session.peak is not None and session.next_morning is not None and session.fatigue is not None
    return known and not session.preliminary


def return_over(record: PatientRecord) -> bool:
    """Whether the return is over: every exercise has kept its dose before the flare for long enough."""
    reached = [e.dose_since for e in record.plan.exercises if e.dose and e.dose_since]
    start = max(reached, default=record.plan.phase_since)
    if start is None or not return_complete(record):
        return False
    return record.days_ago(start) >= record.rulebook.numbers.return_hold_days


def return_complete(record: PatientRecord) -> bool:
    """Whether every dosed exercise is back at its dose before the flare."""
    dosed = [e for e in record.plan.exercises if e.dose]
    return all(e.before_flare is None or (e.dose and e.dose.amount >= e.before_flare.amount) for e in dosed)


def _returning(record: PatientRecord, flares: tuple[Flare, ...]) -> bool:
    plan = record.plan
    if not flares or flares[-1].open or not any(e.dose for e in plan.exercises) or plan.phase in _FINAL_PHASES:
        return False
    if plan.phase is Phase.RETURN and plan.phase_since is not None and plan.phase_since > flares[-1].last:
        return False  # the return began after this flare: a start at the dose in force needs no approval
    unanswered = plan.approved is not None and flares[-1].last > plan.approved
    return plan.phase is Phase.FLARE or unanswered


def _cautious(record: PatientRecord, flares: tuple[Flare, ...]) -> tuple[Message, ...]:
    """Why the cautious profile applies (B4); empty when it does not."""
    book = record.rulebook
    found: list[Message] = []
    for what, limit in (("tsk-11", book.numbers.tsk_11_cautious), ("csi", book.numbers.csi_cautious)):
        score = record.worst_newest(what)
        if score is not None and score.value >= limit:
            found.append(messages.ScoreAtOrAbove(questionnaire=what.upper(), score=score.value, limit=limit))
    score, limit = record.worst_newest("tsk-17"), book.numbers.tsk_17_cautious
    if score is not None and score.value > limit:
        found.append(messages.ScoreAbove(questionnaire="TSK-17", score=score.value, limit=limit))
    score, limit = record.worst_newest("pseq", low=True), book.numbers.pseq_cautious
    if score is not None and score.value < limit:
        found.append(messages.ScoreBelow(questionnaire="PSEQ", score=score.value, limit=limit))
    if flares and record.days_ago(flares[-1].last) <= book.numbers.flare_cautious_days:
        found.append(messages.RecentFlare(day=flares[-1].last))
    if not flares and record.plan.phase is Phase.RETURN:
        found.append(messages.FlareBeforeReturn())
    if _cautious_by_clinician(record):
        found.append(messages.CautiousByClinician())
    return tuple(found)


def _cautious_by_clinician(record: PatientRecord) -> bool:
    """Whether a clinician set the profile; a preliminary answer can set it and cannot withdraw it."""
    return any(a.value is True for a in since_newest(record.answered.get("cautious-profile", ())))


def newest_resting_rate(picture: ClinicalPicture) -> Measurement | None:
    """The newest resting heart rate; a preliminary one counts where it is higher."""
    return worst_newest(resting_rates(picture.record))


def mean_of(values: Sequence[Decimal]) -> Decimal | None:
    """The arithmetic mean, or None without values."""
    return sum(values, Decimal(0)) / len(values) if values else None
